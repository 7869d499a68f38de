#include "scanner/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "scanner/cli/scan_declarations.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

constexpr const char* kVersion = "arpasweep " ARPASWEEP_VERSION;

absl::Status Refuse(const std::string& what, const std::string& remedy) {
  return absl::InvalidArgumentError(what + "; " + remedy);
}

// A word that no option or argument took.
absl::Status RefuseExtra(const CLI::App& app, const CLI::App& scan) {
  const std::vector<std::string> before = app.remaining(false);
  const std::string first = before.empty() ? "" : Quoted(before.front());
  if (!scan.parsed()) return Refuse("no such command or option: " + first, "arpasweep --help lists them");
  if (!before.empty()) return Refuse(first + " stands before the command", "write options after scan");
  std::vector<std::string> extras = app.remaining(true);
  const auto option = std::find_if(extras.begin(), extras.end(),
                                   [](const std::string& word) { return word.starts_with('-'); });
  if (option != extras.end()) extras.front() = *option;
  return Refuse("unknown option " + (extras.empty() ? "" : Quoted(extras.front())),
                "arpasweep scan --help lists the options");
}

// The messages of CLI::ArgumentMismatch begin with the option's name and a colon.
absl::Status RefuseMismatch(const std::string& message) {
  const std::string option = message.substr(0, message.find(':'));
  if (message.ends_with("missing"))
    return Refuse(option + " needs a value", "arpasweep scan --help says which");
  if (message.find("At Most") != std::string::npos) return Refuse(option + " is given twice", "give it once");
  return absl::InvalidArgumentError(message);
}

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App app("Sweeps IPv4 and IPv6 prefixes for PTR records and confirms each name forward.", "arpasweep");
  app.set_version_flag("--version", kVersion, "Print the version");
  app.set_help_flag("-h,--help", "Print this");
  app.require_subcommand(0, 1);
  CLI::App& scan =
      *app.add_subcommand("scan", "Ask for the PTR records of targets and write one row an address");
  scan.set_version_flag("--version", kVersion, "Print the version");
  DeclareScanOptions(scan, line.scan);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.say = app.help();
    return line;
  } catch (const CLI::CallForVersion&) {
    line.say = std::string(kVersion) + "\n";
    return line;
  } catch (const CLI::ExtrasError&) {
    return RefuseExtra(app, scan);
  } catch (const CLI::ArgumentMismatch& error) {
    return RefuseMismatch(error.what());
  } catch (const CLI::ParseError& error) {
    return Refuse(OneLine(error.what()), "arpasweep scan --help lists the options");
  }
  if (!scan.parsed()) return Refuse("no command", "try arpasweep scan --help");
  return line;
}

}  // namespace scanner
