#include "scanner/sink/columns.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/status.h"

namespace scanner {
namespace {

constexpr std::array<ColumnInfo, kColumns> kInfos = {{
    {"address", ColumnKind::kString},
    {"verdict", ColumnKind::kString},
    {"reason", ColumnKind::kString},
    {"names", ColumnKind::kList},
    {"confirmed_names", ColumnKind::kList},
    {"forward_addresses", ColumnKind::kList},
    {"flags", ColumnKind::kList},
    {"template", ColumnKind::kString},
    {"registered_domain", ColumnKind::kString},
    {"ptr_status", ColumnKind::kString},
    {"forward_status", ColumnKind::kString},
    {"ptr_ttl", ColumnKind::kInt32},
    {"forward_ttl", ColumnKind::kInt32},
    {"ptr_alias_target", ColumnKind::kString},
    {"zone", ColumnKind::kString},
    {"server", ColumnKind::kString},
    {"authoritative", ColumnKind::kBoolean},
    {"authenticated", ColumnKind::kBoolean},
    {"evidence", ColumnKind::kString},
    {"attempts", ColumnKind::kInt32},
    {"rtt_us", ColumnKind::kInt32},
    {"ede", ColumnKind::kInt32},
    {"observed_at", ColumnKind::kTimestamp},
    {"ipv4", ColumnKind::kInt64},
    {"prefix", ColumnKind::kString},
    {"asn", ColumnKind::kInt64},
    {"announced_prefix", ColumnKind::kString},
    {"scan_id", ColumnKind::kString},
}};

std::optional<Column> Find(std::string_view name) {
  const auto* const found = std::ranges::find(kInfos, name, &ColumnInfo::name);
  if (found == kInfos.end()) return std::nullopt;
  return static_cast<Column>(found - kInfos.begin());
}

absl::Status Unknown(std::string_view name) {
  std::string message = "unknown field '" + std::string(name) + "'; there are";
  for (const ColumnInfo& info : kInfos) message.append(" ").append(info.name);
  return absl::InvalidArgumentError(message);
}

}  // namespace

const ColumnInfo& Info(Column column) { return kInfos[static_cast<size_t>(column)]; }

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
    const std::optional<Column> column = Find(name);
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
