// What a scan has found, for people.
#ifndef SCANNER_CLI_SUMMARY_H_
#define SCANNER_CLI_SUMMARY_H_

#include <string>
#include <vector>

#include "scanner/cli/driver.h"
#include "scanner/cli/scan_report.h"
#include "scanner/cli/sweep_snapshot.h"

namespace scanner {

struct SummaryFacts {
  ScanFacts scan;
  SweepEnd end = SweepEnd::kComplete;
  bool forward = true;
  std::string results;  // Where the rows are.
};

// Several lines. `servers`: a table of them is added unless it is empty.
std::string SummaryText(const SummaryFacts& facts, const SweepSnapshot& snapshot,
                        const std::vector<ServerReport>& servers);

}  // namespace scanner

#endif  // SCANNER_CLI_SUMMARY_H_
