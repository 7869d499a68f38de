// Which addresses a sweep asks about.
#ifndef SCANNER_CORE_TARGET_SET_H_
#define SCANNER_CORE_TARGET_SET_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scanner/core/intervals.h"
#include "scanner/core/ip_address.h"

namespace scanner {

// The most addresses of one IPv6 target: a /112.
inline constexpr uint32_t kMaxV6TargetAddresses = 65'536;

// A closed range of addresses of one family, first <= last.
struct AddressRange {
  IpAddress first;
  IpAddress last;

  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

// Reads `ADDRESS`, `ADDRESS/LENGTH` or `FIRST-LAST` (spaces around the dash allowed, as whois prints). Host
// bits of a prefix are cleared, as zmap does: 192.0.2.77/24 is 192.0.2.0/24. An error is InvalidArgument; its
// message is one line that quotes the text and says what is expected.
absl::StatusOr<AddressRange> ParseRange(std::string_view text);

// `text` between quotes for one line of a message: what is not printable ASCII as \DDD, cut after 64
// characters.
std::string Quoted(std::string_view text);

// Immutable: sorted disjoint intervals, 8 bytes each for IPv4 and 32 for IPv6.
class TargetSet {
 public:
  TargetSet() = default;

  // Numbers of addresses. targets() + excluded() + reserved() is the size of the union of the given targets
  // of the chosen family; what is excluded and also reserved counts as excluded.
  uint64_t targets() const { return targets_; }
  uint64_t excluded() const { return excluded_; }
  uint64_t reserved() const { return reserved_; }

  const IntervalSet<uint32_t>& v4() const { return v4_; }
  const IntervalSet<Uint128>& v6() const { return v6_; }

 private:
  friend class TargetSetBuilder;

  IntervalSet<uint32_t> v4_;
  IntervalSet<Uint128> v6_;
  uint64_t targets_ = 0;
  uint64_t excluded_ = 0;
  uint64_t reserved_ = 0;
};

struct TargetOptions {
  std::optional<Family> only;  // -4 or -6. Targets of the other family are read, checked and left out.
  bool include_reserved =
      false;  // Else reserved space is left out, but for targets that lie inside one such block.
  // Nobody public can answer for private space: a target inside it is refused, and what larger ones have of
  // it counts as reserved, whatever `include_reserved` says.
  bool refuse_private = false;
};

// Collects targets and exclusions in any order; overlapping ones count once.
class TargetSetBuilder {
 public:
  explicit TargetSetBuilder(const TargetOptions& options) : options_(options) {}

  // InvalidArgument, one line, for text that ParseRange refuses, for an IPv6 target of more than
  // kMaxV6TargetAddresses and for what TargetOptions refuses. The builder is unchanged then.
  absl::Status AddTarget(std::string_view text);

  // As AddTarget, of any size.
  absl::Status AddExclusion(std::string_view text);

  // The result may be empty. O(n log n) in the number of targets and exclusions.
  TargetSet Build() &&;

 private:
  template <typename Number>
  struct Collected {
    IntervalSet<Number> open;      // Targets of which reserved space is left out.
    IntervalSet<Number> as_given;  // Targets swept whole, but for private space where that is refused.
    IntervalSet<Number> exclusions;
  };

  TargetOptions options_;
  Collected<uint32_t> v4_;
  Collected<Uint128> v6_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_TARGET_SET_H_
