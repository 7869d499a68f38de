// The options of `arpasweep scan` for CLI11.
#ifndef SCANNER_CLI_SCAN_DECLARATIONS_H_
#define SCANNER_CLI_SCAN_DECLARATIONS_H_

#include <CLI/CLI.hpp>

#include "scanner/cli/scan_options.h"

namespace scanner {

// Declares the options on `command`; parsing it fills `options`, which must outlive that.
void DeclareScanOptions(CLI::App& command, ScanOptions& options);

}  // namespace scanner

#endif  // SCANNER_CLI_SCAN_DECLARATIONS_H_
