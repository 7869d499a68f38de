#include "scanner/cli/dry_run.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "scanner/cli/human_text.h"

namespace scanner {
namespace {

// Packets per second that the budgets allow; 0: they set no limit.
double AllowedRate(const ScanPlan& plan) {
  if (plan.mode == Mode::kAuthoritative)
    return plan.total.packets_per_second;  // Who they are is not known yet.
  double servers = 0;
  for (const PlannedServer& server : plan.servers) {
    const double rate = server.limits.budget.packets_per_second;
    if (rate == 0) return plan.total.packets_per_second;
    servers += rate;
  }
  const double total = plan.total.packets_per_second;
  return total == 0 ? servers : std::min(total, servers);
}

std::string RateText(double packets_per_second) {
  if (packets_per_second >= 100 || packets_per_second == std::floor(packets_per_second)) {
    return Grouped(static_cast<uint64_t>(std::llround(packets_per_second))) + " packets per second";
  }
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.3g packets per second", packets_per_second);
  return text.data();
}

std::string TimeAt(double packets_per_second, uint64_t packets) {
  const double seconds = std::min(static_cast<double>(packets) / packets_per_second, 1e9);
  return Elapsed(std::chrono::duration_cast<netio::Duration>(std::chrono::duration<double>(seconds)));
}

std::string ServersText(const ScanPlan& plan) {
  if (plan.mode == Mode::kResolver) return Grouped(plan.servers.size());
  const double rate = plan.server_limits.budget.packets_per_second;
  return "those that the delegations name, from " + Grouped(plan.root_servers.size()) +
         " addresses of root servers on; " +
         (rate == 0 ? "no rate is set for them" : "to each at most " + RateText(rate));
}

std::string TimeText(const ScanPlan& plan, uint64_t packets) {
  const double rate = AllowedRate(plan);
  const double server = plan.mode == Mode::kAuthoritative ? plan.server_limits.budget.packets_per_second : 0;
  std::string text;
  if (rate != 0) text = "at least " + TimeAt(rate, packets) + " at " + RateText(rate);
  if (server != 0 && (rate == 0 || server < rate)) {
    text += (text.empty() ? "" : ", ") + TimeAt(server, packets) + " where one server answers for all";
  }
  return text.empty() ? "as fast as the servers answer; no rate is set" : text;
}

}  // namespace

std::string DryRunText(const ScanPlan& plan, const DryRunFacts& facts, const BlockCursor& cursor) {
  const uint64_t targets =
      plan.max_targets ? plan.max_targets->Of(cursor.shard_targets()) : cursor.shard_targets();
  const double each = plan.forward ? kPacketsWithForward : kPacketsWithoutForward;
  const auto packets = static_cast<uint64_t>(std::ceil(static_cast<double>(targets) * each));
  std::string text = "targets   " + Grouped(targets) + "; " + Grouped(facts.excluded) + " excluded, " +
                     Grouped(facts.reserved) + " reserved, left out\n";
  text += "blocks    " + Grouped(cursor.shard_blocks()) + "\n";
  text += "servers   " + ServersText(plan) + "\n";
  text += "packets   about " + Grouped(packets) + "\n";
  return text + "time      " + TimeText(plan, packets) + "\n";
}

}  // namespace scanner
