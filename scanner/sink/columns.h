// The columns of a result, SPEC section 2: their order, names and kinds, and a choice of them.
#ifndef SCANNER_SINK_COLUMNS_H_
#define SCANNER_SINK_COLUMNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace scanner {

enum class Column : uint8_t {
  kAddress,
  kVerdict,
  kReason,
  kNames,
  kConfirmedNames,
  kForwardAddresses,
  kFlagList,
  kTemplate,
  kRegisteredDomain,
  kPtrStatus,
  kForwardStatus,
  kPtrTtl,
  kForwardTtl,
  kPtrAliasTarget,
  kZone,
  kServer,
  kAuthoritative,
  kAuthenticated,
  kEvidence,
  kAttempts,
  kRttUs,
  kEde,
  kObservedAt,
  kIpv4,
  kPrefix,
  kAsn,
  kAnnouncedPrefix,
  kScanId,
};
inline constexpr size_t kColumns = static_cast<size_t>(Column::kScanId) + 1;

enum class ColumnKind : uint8_t { kString, kList, kInt32, kInt64, kBoolean, kTimestamp };

struct ColumnInfo {
  std::string_view name;
  ColumnKind kind;
};

inline constexpr std::array<ColumnInfo, kColumns> kColumnInfos = {{
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

constexpr const ColumnInfo& Info(Column column) { return kColumnInfos[static_cast<size_t>(column)]; }

// Every column, in order.
std::vector<Column> AllColumns();

// Nothing for what is no column.
std::optional<Column> ColumnOf(std::string_view name);

// Reads `address,verdict,...`. An error names the field, and says which there are.
absl::StatusOr<std::vector<Column>> ParseFields(std::string_view text);

}  // namespace scanner

#endif  // SCANNER_SINK_COLUMNS_H_
