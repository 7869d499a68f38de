// Whom a scan asks, how fast, and from where.
#ifndef SCANNER_CLI_SERVER_PLAN_H_
#define SCANNER_CLI_SERVER_PLAN_H_

#include "absl/status/status.h"
#include "scanner/cli/scan_options.h"
#include "scanner/cli/scan_plan.h"

namespace scanner {

// Servers, rates, windows, sockets and the addresses to send from, of a plan whose mode, shard and engines
// are decided. InvalidArgument, one line.
absl::Status PlanServers(const ScanOptions& options, ScanPlan& plan);

}  // namespace scanner

#endif  // SCANNER_CLI_SERVER_PLAN_H_
