#include "scanner/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>
#include <vector>

#include "scanner/cli/convert_declarations.h"
#include "scanner/cli/scan_declarations.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

constexpr const char* kVersion = "arpasweep " ARPASWEEP_VERSION;

absl::Status Refuse(const std::string& what, const std::string& remedy) {
  return absl::InvalidArgumentError(what + "; " + remedy);
}

// `arpasweep scan --help`.
std::string HelpOf(const CLI::App& app) {
  const std::vector<const CLI::App*> commands = app.get_subcommands(nullptr);
  const auto given =
      std::ranges::find_if(commands, [](const CLI::App* command) { return command->parsed(); });
  return "arpasweep " + (given == commands.end() ? "" : (*given)->get_name() + " ") + "--help";
}

// A word that no option or argument took.
absl::Status RefuseExtra(const CLI::App& app) {
  const std::vector<std::string> before = app.remaining(false);
  const std::string first = before.empty() ? "" : Quoted(before.front());
  if (app.get_subcommands().empty()) {
    return Refuse("no such command or option: " + first, "arpasweep --help lists them");
  }
  const std::string command = app.get_subcommands().front()->get_name();
  if (!before.empty()) return Refuse(first + " stands before the command", "write options after " + command);
  std::vector<std::string> extras = app.remaining(true);
  const auto option =
      std::ranges::find_if(extras, [](const std::string& word) { return word.starts_with('-'); });
  if (option != extras.end()) extras.front() = *option;
  return Refuse("unknown option " + (extras.empty() ? "" : Quoted(extras.front())),
                HelpOf(app) + " lists the options");
}

// The messages of CLI::ArgumentMismatch begin with the option's name and a colon.
absl::Status RefuseMismatch(const std::string& message, const std::string& help) {
  const std::string option = message.substr(0, message.find(':'));
  if (message.ends_with("missing")) return Refuse(option + " needs a value", help + " says which");
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
  ScanOptions scan_options;
  DeclareScanOptions(scan, scan_options);
  CLI::App& convert = *app.add_subcommand(
      "convert", "Read results in any format, and write them as one file, one row an address, sorted");
  ConvertOptions convert_options;
  DeclareConvertOptions(convert, convert_options);
  for (CLI::App* const command : {&scan, &convert}) {
    command->set_version_flag("--version", kVersion, "Print the version");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.say = app.help();
    return line;
  } catch (const CLI::CallForVersion&) {
    line.say = std::string(kVersion) + "\n";
    return line;
  } catch (const CLI::ExtrasError&) {
    return RefuseExtra(app);
  } catch (const CLI::ArgumentMismatch& error) {
    return RefuseMismatch(error.what(), HelpOf(app));
  } catch (const CLI::ParseError& error) {
    return Refuse(OneLine(error.what()), HelpOf(app) + " lists the options");
  }
  if (scan.parsed()) line.scan = std::move(scan_options);
  if (convert.parsed()) line.convert = std::move(convert_options);
  if (app.get_subcommands().empty()) return Refuse("no command", "try arpasweep --help");
  return line;
}

}  // namespace scanner
