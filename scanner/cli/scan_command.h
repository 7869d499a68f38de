// The subcommand `scan`.
#ifndef SCANNER_CLI_SCAN_COMMAND_H_
#define SCANNER_CLI_SCAN_COMMAND_H_

#include "scanner/cli/exit_code.h"
#include "scanner/cli/scan_options.h"

namespace scanner {

// Says what is wrong on standard error, in one line.
ExitCode RunScan(const ScanOptions& options);

}  // namespace scanner

#endif  // SCANNER_CLI_SCAN_COMMAND_H_
