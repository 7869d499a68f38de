// From the words of the command line to a command with its options.
#ifndef SCANNER_CLI_COMMAND_LINE_H_
#define SCANNER_CLI_COMMAND_LINE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "scanner/cli/convert_options.h"
#include "scanner/cli/scan_options.h"

namespace scanner {

struct CommandLine {
  std::optional<std::string> say;  // Text for standard output, and nothing else to do: help, version.
  // Of the command that was given.
  std::optional<ScanOptions> scan;
  std::optional<ConvertOptions> convert;
};

// InvalidArgument, one line, for what cannot be understood.
absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv);

}  // namespace scanner

#endif  // SCANNER_CLI_COMMAND_LINE_H_
