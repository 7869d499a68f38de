#include "scanner/core/target_reader.h"

#include <cstddef>
#include <string>

namespace scanner {
namespace {

constexpr std::string_view kBlank = " \t\r";

// What a line says, without its comment and the blanks around it.
std::string_view Content(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

absl::Status ReadLines(std::istream& in, std::string_view source, TargetSetBuilder& builder,
                       absl::Status (TargetSetBuilder::*add)(std::string_view)) {
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    const std::string_view content = Content(line);
    if (content.empty()) continue;
    const absl::Status added = (builder.*add)(content);
    if (added.ok()) continue;
    std::string where(source);
    where.append(":").append(std::to_string(number)).append(": ");
    where.append(added.message().data(), added.message().size());
    return {added.code(), where};
  }
  if (!in.bad()) return absl::OkStatus();
  return absl::DataLossError(std::string(source).append(": cannot be read"));
}

}  // namespace

absl::Status ReadTargets(std::istream& in, std::string_view source, TargetSetBuilder& builder) {
  return ReadLines(in, source, builder, &TargetSetBuilder::AddTarget);
}

absl::Status ReadExclusions(std::istream& in, std::string_view source, TargetSetBuilder& builder) {
  return ReadLines(in, source, builder, &TargetSetBuilder::AddExclusion);
}

}  // namespace scanner
