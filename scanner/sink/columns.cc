#include "scanner/sink/columns.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"

namespace scanner {
namespace {

absl::Status Unknown(std::string_view name) {
  std::string message = "unknown field '" + std::string(name) + "'; there are";
  for (const ColumnInfo& info : kColumnInfos) message.append(" ").append(info.name);
  return absl::InvalidArgumentError(message);
}

}  // namespace

std::optional<Column> ColumnOf(std::string_view name) {
  const auto* const found = std::ranges::find(kColumnInfos, name, &ColumnInfo::name);
  if (found == kColumnInfos.end()) return std::nullopt;
  return static_cast<Column>(found - kColumnInfos.begin());
}

std::vector<Column> AllColumns() {
  std::vector<Column> columns;
  columns.reserve(kColumns);
  for (size_t i = 0; i < kColumns; ++i) columns.push_back(static_cast<Column>(i));
  return columns;
}

absl::StatusOr<std::vector<Column>> ParseFields(std::string_view text) {
  std::vector<Column> columns;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view name = text.substr(begin, end - begin);
    const std::optional<Column> column = ColumnOf(name);
    if (!column) return Unknown(name);
    if (std::ranges::find(columns, *column) != columns.end()) {
      return absl::InvalidArgumentError("field '" + std::string(name) + "' is there twice");
    }
    columns.push_back(*column);
    begin = end + 1;
  }
  return columns;
}

}  // namespace scanner
