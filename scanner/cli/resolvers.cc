#include "scanner/cli/resolvers.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include "scanner/cli/input_file.h"
#include "scanner/cli/resolv_conf.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

constexpr std::string_view kBlank = " \t\r";
constexpr std::string_view kExpected = " is not ADDR or ADDR:PORT ([ADDR]:PORT for IPv6)";

bool IsLoopback(const netio::Endpoint& endpoint) {
  if (endpoint.family == netio::Family::kIpv4) return endpoint.address[0] == 127;
  constexpr std::array<uint8_t, 16> kIpv6Loopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return endpoint.address == kIpv6Loopback;
}

// The stub of systemd-resolved.
bool IsSystemStub(const netio::Endpoint& endpoint) {
  return endpoint.family == netio::Family::kIpv4 &&
         std::equal(endpoint.octets().begin(), endpoint.octets().end(),
                    std::array<uint8_t, 4>{127, 0, 0, 53}.begin());
}

absl::Status ReadResolvers(const std::string& path, std::vector<netio::Endpoint>& out) {
  std::ifstream in;
  if (absl::Status status = OpenInput("--resolvers-file", path, in); !status.ok()) return status;
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    std::string_view text = std::string_view(line).substr(0, line.find('#'));
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    if (text.empty()) continue;
    text = text.substr(0, text.find_last_not_of(kBlank) + 1);
    const std::optional<netio::Endpoint> endpoint = netio::ParseEndpoint(text, kDnsPort);
    if (!endpoint) {
      return absl::InvalidArgumentError(path + ":" + std::to_string(number) + ": " +
                                        Quoted(text).append(kExpected));
    }
    out.push_back(*endpoint);
  }
  if (in.bad()) return absl::InvalidArgumentError("--resolvers-file " + path + ": cannot be read");
  return absl::OkStatus();
}

// Each once.
std::vector<Resolver> Unique(const std::vector<netio::Endpoint>& endpoints, bool named) {
  std::vector<Resolver> resolvers;
  std::set<netio::Endpoint> seen;
  for (const netio::Endpoint& endpoint : endpoints) {
    if (seen.insert(endpoint).second) resolvers.push_back({.endpoint = endpoint, .named = named});
  }
  return resolvers;
}

absl::StatusOr<std::vector<Resolver>> SystemResolvers(const std::string& path) {
  std::ifstream in(path);  // One that is missing names nobody.
  const absl::StatusOr<std::vector<netio::Endpoint>> endpoints = ReadResolvConf(in, path);
  if (!endpoints.ok()) return endpoints.status();
  if (endpoints->empty()) {
    return absl::InvalidArgumentError(path + " names no resolver; name one with --resolver ADDR");
  }
  return Unique(*endpoints, false);
}

}  // namespace

uint64_t Resolver::DefaultRate() const {
  if (IsLoopback(endpoint) && !IsSystemStub(endpoint)) return 0;
  return named ? 1000 : 200;
}

absl::StatusOr<std::vector<Resolver>> FindResolvers(const ScanOptions& options,
                                                    const std::string& resolv_conf) {
  if (options.resolvers.empty() && options.resolvers_files.empty()) return SystemResolvers(resolv_conf);
  std::vector<netio::Endpoint> named;
  for (const std::string& text : options.resolvers) {
    const std::optional<netio::Endpoint> endpoint = netio::ParseEndpoint(text, kDnsPort);
    if (!endpoint) return absl::InvalidArgumentError("--resolver: " + Quoted(text).append(kExpected));
    named.push_back(*endpoint);
  }
  for (const std::string& path : options.resolvers_files) {
    if (absl::Status status = ReadResolvers(path, named); !status.ok()) return status;
  }
  std::vector<Resolver> resolvers = Unique(named, true);
  if (resolvers.empty()) {
    return absl::InvalidArgumentError("--resolvers-file " + options.resolvers_files.front() +
                                      " names no resolver; write one address a line");
  }
  if (resolvers.size() > kMaxResolvers) {
    return absl::InvalidArgumentError("there are " + std::to_string(resolvers.size()) +
                                      " resolvers; give at most " + std::to_string(kMaxResolvers));
  }
  return resolvers;
}

}  // namespace scanner
