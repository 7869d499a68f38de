// The columns of a result, SPEC section 2: their order, names and kinds, and a choice of them.
#ifndef SCANNER_SINK_COLUMNS_H_
#define SCANNER_SINK_COLUMNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
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

const ColumnInfo& Info(Column column);

// Every column, in order.
std::vector<Column> AllColumns();

// Reads `address,verdict,...`. An error names the field, and says which there are.
absl::StatusOr<std::vector<Column>> ParseFields(std::string_view text);

}  // namespace scanner

#endif  // SCANNER_SINK_COLUMNS_H_
