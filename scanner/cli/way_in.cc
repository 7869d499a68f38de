#include "scanner/cli/way_in.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include "scanner/cli/input_file.h"
#include "scanner/cli/root_hints.h"
#include "scanner/cli/root_hints_builtin.h"

namespace scanner {
namespace {

using netio::Endpoint;
using netio::Family;

absl::StatusOr<std::vector<RootServer>> Hints(const std::optional<std::string>& path, uint16_t port) {
  if (!path) return BuiltinRootHints(port);
  std::ifstream in;
  if (absl::Status status = OpenInput("--root-hints", *path, in); !status.ok()) return status;
  return ReadRootHints(in, *path, port);
}

std::vector<Endpoint> Unique(const std::vector<RootServer>& servers) {
  std::vector<Endpoint> endpoints;
  std::set<Endpoint> seen;
  for (const RootServer& server : servers) {
    for (const Endpoint& endpoint : server.addresses) {
      if (seen.insert(endpoint).second) endpoints.push_back(endpoint);
    }
  }
  return endpoints;
}

Endpoint Loopback(Family family, uint16_t port) {
  Endpoint loopback{.address = {}, .scope_id = 0, .port = port, .family = family};
  if (family == Family::kIpv4) {
    loopback.address = {127, 0, 0, 1};
  } else {
    loopback.address[15] = 1;
  }
  return loopback;
}

}  // namespace

absl::StatusOr<WayIn> FindWayIn(const std::optional<std::string>& root_hints, uint16_t dns_port,
                                const RouteCheck& has_route) {
  const absl::StatusOr<std::vector<RootServer>> hints = Hints(root_hints, dns_port);
  if (!hints.ok()) return hints.status();
  const std::vector<Endpoint> all = Unique(*hints);
  const bool any_route = std::ranges::any_of(all, has_route);
  const auto usable = [&](Family family) {
    const auto of_family = [family](const Endpoint& endpoint) { return endpoint.family == family; };
    // A machine that is cut off keeps its families: that no root server answers says more than no address.
    if (any_route && std::ranges::any_of(all, of_family)) {
      return std::ranges::any_of(
          all, [&](const Endpoint& endpoint) { return of_family(endpoint) && has_route(endpoint); });
    }
    return has_route(Loopback(family, dns_port));
  };
  WayIn way{.roots = {}, .ipv4 = usable(Family::kIpv4), .ipv6 = usable(Family::kIpv6)};
  std::ranges::copy_if(all, std::back_inserter(way.roots), [&](const Endpoint& endpoint) {
    return endpoint.family == Family::kIpv4 ? way.ipv4 : way.ipv6;
  });
  if (way.roots.empty()) {
    const std::string source = root_hints ? "--root-hints " + *root_hints : "root hints";
    return absl::InvalidArgumentError(source + ": this machine can use no address of them; add one of " +
                                      (way.ipv4 ? "IPv4" : "a family that it has"));
  }
  return way;
}

}  // namespace scanner
