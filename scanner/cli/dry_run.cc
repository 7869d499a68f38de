#include "scanner/cli/dry_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "scanner/cli/human_text.h"

namespace scanner {
namespace {

// Packets per second that the budgets allow; 0: they set no limit.
double AllowedRate(const ScanPlan& plan) {
  double servers = 0;
  for (const PlannedServer& server : plan.servers) {
    const double rate = server.limits.budget.packets_per_second;
    if (rate == 0) return plan.total.packets_per_second;
    servers += rate;
  }
  const double total = plan.total.packets_per_second;
  return total == 0 ? servers : std::min(total, servers);
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
  text += "servers   " + Grouped(plan.servers.size()) + "\n";
  text += "packets   about " + Grouped(packets) + "\n";
  const double rate = AllowedRate(plan);
  if (rate == 0) return text + "time      as fast as the servers answer; no rate is set\n";
  const double seconds = std::min(static_cast<double>(packets) / rate, 1e9);
  return text + "time      at least " +
         Elapsed(std::chrono::duration_cast<netio::Duration>(std::chrono::duration<double>(seconds))) +
         " at " + Grouped(static_cast<uint64_t>(std::llround(rate))) + " packets per second\n";
}

}  // namespace scanner
