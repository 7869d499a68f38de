#include <csignal>
#include <cstdio>

#include "scanner/cli/command_line.h"
#include "scanner/cli/complaint.h"
#include "scanner/cli/convert_command.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/scan_command.h"

namespace scanner {
namespace {

ExitCode Run(int argc, const char* const* argv) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(argc, argv);
  if (!line.ok()) {
    Complain(line.status());
    return ExitCode::kBadUsage;
  }
  if (line->say) {
    std::fputs(line->say->c_str(), stdout);
    return ExitCode::kComplete;
  }
  if (line->convert) return RunConvert(*line->convert);
  return RunScan(*line->scan);
}

}  // namespace
}  // namespace scanner

int main(int argc, char** argv) {
  // A reader that goes away is an error of that write, and of nothing else.
  std::signal(SIGPIPE, SIG_IGN);
  // A file that may not grow is an error of that write too.
  std::signal(SIGXFSZ, SIG_IGN);
  return static_cast<int>(scanner::Run(argc, argv));
}
