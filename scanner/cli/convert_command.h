// `arpasweep convert`.
#ifndef SCANNER_CLI_CONVERT_COMMAND_H_
#define SCANNER_CLI_CONVERT_COMMAND_H_

#include "scanner/cli/convert_options.h"
#include "scanner/cli/exit_code.h"

namespace scanner {

ExitCode RunConvert(const ConvertOptions& options);

}  // namespace scanner

#endif  // SCANNER_CLI_CONVERT_COMMAND_H_
