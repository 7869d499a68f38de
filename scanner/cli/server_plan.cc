#include "scanner/cli/server_plan.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "netio/route.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/plain_address.h"
#include "scanner/cli/resolvers.h"
#include "scanner/cli/way_in.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

constexpr uint64_t kDefaultRate = 10'000;
constexpr uint32_t kDefaultBurst = 64;
constexpr uint64_t kMaxWindow = 65'536;
// To each authoritative server: SPEC section 1.
constexpr uint64_t kAuthoritativeRate = 50;
constexpr uint32_t kAuthoritativeBurst = 8;
// Two seconds' worth of that in flight; as many as to a named resolver where the owner asks.
constexpr uint32_t kAuthoritativeWindow = 100;
constexpr uint32_t kOwnWindow = 1000;

// Of the whole sweep, as they were given.
struct Rates {
  std::optional<uint64_t> total;
  std::optional<uint64_t> server;
  std::optional<uint32_t> burst;
  std::optional<uint32_t> window;
};

absl::Status ReadRates(const ScanOptions& options, Rates& rates) {
  uint32_t burst = 0;
  uint32_t window = 0;
  for (const absl::Status& status :
       {ReadRate("--rate", options.rate, rates.total),
        ReadRate("--server-rate", options.server_rate, rates.server),
        ReadNumber("--burst", options.burst, {.least = 1, .most = 10'000}, burst),
        ReadNumber("--window", options.window, {.least = 1, .most = kMaxWindow}, window)}) {
    if (!status.ok()) return status;
  }
  if (burst != 0) rates.burst = burst;
  if (window != 0) rates.window = window;
  return absl::OkStatus();
}

// Rates are for the whole sweep (SPEC section 4).
Gcra::Limits OfShard(const ScanPlan& plan, uint64_t rate, uint32_t burst) {
  return {.packets_per_second = static_cast<double>(rate) / plan.cursor.shards, .burst = burst};
}

void UseFamilies(ScanPlan& plan, bool ipv4, bool ipv6) {
  constexpr uint16_t kPorts = 16;
  plan.sockets.ipv4_ports = ipv4 ? kPorts : 0;
  plan.sockets.ipv6_ports = ipv6 ? kPorts : 0;
}

absl::Status PlanResolvers(const ScanOptions& options, const Rates& rates, ScanPlan& plan) {
  const absl::StatusOr<std::vector<Resolver>> resolvers = FindResolvers(options, "/etc/resolv.conf");
  if (!resolvers.ok()) return resolvers.status();
  const uint32_t burst = rates.burst.value_or(kDefaultBurst);
  bool ipv4 = false;
  bool ipv6 = false;
  for (const Resolver& resolver : *resolvers) {
    plan.servers.push_back(
        {.endpoint = resolver.endpoint,
         .limits = {.budget = OfShard(plan, rates.server.value_or(resolver.DefaultRate()), burst),
                    .max_window = rates.window.value_or(resolver.DefaultWindow())}});
    (resolver.endpoint.family == netio::Family::kIpv4 ? ipv4 : ipv6) = true;
  }
  UseFamilies(plan, ipv4, ipv6);
  return absl::OkStatus();
}

absl::Status PlanRootServers(const ScanOptions& options, const Rates& rates, ScanPlan& plan) {
  if (rates.server == 0 && !options.own_servers) {
    return absl::InvalidArgumentError(
        "--server-rate: 0 sets no limit, which other people's servers need; give a rate, or say "
        "--i-own-these-servers where they are yours");
  }
  absl::StatusOr<WayIn> way = FindWayIn(options.root_hints, plan.dns_port, netio::HasRoute);
  if (!way.ok()) return way.status();
  plan.root_servers = std::move(way->roots);
  UseFamilies(plan, way->ipv4, way->ipv6);
  // The same for loopback: politeness belongs to the mode.
  plan.server_limits = {
      .budget =
          OfShard(plan, rates.server.value_or(kAuthoritativeRate), rates.burst.value_or(kAuthoritativeBurst)),
      .max_window = rates.window.value_or(options.own_servers ? kOwnWindow : kAuthoritativeWindow)};
  return absl::OkStatus();
}

// The addresses to send from, of the families that are used.
absl::Status PlanSources(const ScanOptions& options, ScanPlan& plan) {
  for (const std::string& text : options.sources) {
    const std::optional<netio::Endpoint> source = ParsePlainAddress(text, kDnsPort);
    if (!source) return RefuseValue("--source", text, "an address of this machine");
    const bool ipv4 = source->family == netio::Family::kIpv4;
    if ((ipv4 ? plan.sockets.ipv4_ports : plan.sockets.ipv6_ports) == 0) {
      const std::string family = ipv4 ? "IPv4" : "IPv6";
      return absl::InvalidArgumentError(
          "--source: " + Quoted(text) +
          (plan.mode == Mode::kResolver
               ? ": no resolver is " + family + "; leave it out or name one with --resolver"
               : ": no root server can be reached over " + family + "; leave it out"));
    }
    std::optional<netio::Endpoint>& slot = ipv4 ? plan.sockets.ipv4_source : plan.sockets.ipv6_source;
    if (slot) {
      return absl::InvalidArgumentError("--source: " + Quoted(text) +
                                        " is a second address of its family; give one of each");
    }
    slot = source;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PlanServers(const ScanOptions& options, ScanPlan& plan) {
  Rates rates;
  if (absl::Status status = ReadRates(options, rates); !status.ok()) return status;
  plan.total = OfShard(plan, rates.total.value_or(kDefaultRate), rates.burst.value_or(kDefaultBurst));
  absl::Status status = plan.mode == Mode::kResolver ? PlanResolvers(options, rates, plan)
                                                     : PlanRootServers(options, rates, plan);
  if (!status.ok()) return status;
  // The engines share what --window allows.
  if (rates.window) {
    plan.engines = std::min(plan.engines, *rates.window);
    plan.policy.window = *rates.window / plan.engines;
  }
  return PlanSources(options, plan);
}

}  // namespace scanner
