// The options of `arpasweep convert`, as CLI11 knows them.
#ifndef SCANNER_CLI_CONVERT_DECLARATIONS_H_
#define SCANNER_CLI_CONVERT_DECLARATIONS_H_

#include <CLI/CLI.hpp>

#include "scanner/cli/convert_options.h"

namespace scanner {

void DeclareConvertOptions(CLI::App& command, ConvertOptions& options);

}  // namespace scanner

#endif  // SCANNER_CLI_CONVERT_DECLARATIONS_H_
