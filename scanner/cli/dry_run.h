// What a scan would do, for people: --dry-run.
#ifndef SCANNER_CLI_DRY_RUN_H_
#define SCANNER_CLI_DRY_RUN_H_

#include <string>

#include "scanner/cli/scan_plan.h"
#include "scanner/core/block_cursor.h"

namespace scanner {

// How many packets a target costs in the end depends on how many have names; this is what is assumed.
inline constexpr double kPacketsWithForward = 1.8;
inline constexpr double kPacketsWithoutForward = 1.05;

// Several lines. `plan.targets` may be gone; its numbers are given.
struct DryRunFacts {
  uint64_t excluded = 0;
  uint64_t reserved = 0;
};
std::string DryRunText(const ScanPlan& plan, const DryRunFacts& facts, const BlockCursor& cursor);

}  // namespace scanner

#endif  // SCANNER_CLI_DRY_RUN_H_
