#include <algorithm>
#include <cstdio>
#include <string>

#include "tools/arpasim/core/model.h"
#include "tools/arpasim/serve/arguments.h"

namespace arpasim {
namespace {

bool Write(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

// Sorted by address; an address in several prefixes has one row.
int PrintTruth(const Arguments& arguments, const TruthCommand& command) {
  constexpr size_t kChunk = size_t{1} << 16;
  std::vector<Prefix> prefixes = command.prefixes;
  std::sort(prefixes.begin(), prefixes.end(),
            [](const Prefix& one, const Prefix& other) { return one.first < other.first; });
  const Model model(arguments.seed, command.mix);
  std::string text;
  AppendHeader(command.fields, text);
  std::optional<Address> done;
  for (const Prefix& prefix : prefixes) {
    for (Address address = prefix.first;; ++address.low) {
      if (!done || *done < address) {
        AppendRow(TruthOf(model, command.options, address), command.fields, text);
        done = address;
      }
      if (text.size() > kChunk) {
        if (!Write(text)) return 1;
        text.clear();
      }
      if (address == prefix.last()) break;
      if (address.low == UINT64_MAX) ++address.high;
    }
  }
  return Write(text) && std::fflush(stdout) == 0 ? 0 : 1;
}

int Fail(int status, const std::string& error) {
  std::fprintf(stderr, "arpasim: %s\n", error.c_str());
  return status;
}

int Run(int argc, char** argv) {
  Arguments arguments;
  if (const int status = ParseArguments(argc, argv, arguments); status != 0) return std::max(status, 0);
  std::string error;
  if (arguments.truth) {
    TruthCommand command;
    if (!ToTruthCommand(arguments, command, error)) return Fail(2, error);
    return PrintTruth(arguments, command);
  }
  ServeOptions options;
  if (!ToServeOptions(arguments, options, error)) return Fail(2, error);
  const int status = Serve(std::move(options), error);
  return status == 0 ? 0 : Fail(status, error);
}

}  // namespace
}  // namespace arpasim

int main(int argc, char** argv) { return arpasim::Run(argc, argv); }
