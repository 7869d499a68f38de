// Values of options as numbers. Errors are InvalidArgument, one line: the option, the text, what is expected.
#ifndef SCANNER_CLI_NUMBERS_H_
#define SCANNER_CLI_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"

namespace scanner {

struct NumberLimits {
  uint64_t least = 0;
  uint64_t most = UINT64_MAX;
};

// Of --row-group-rows.
inline constexpr NumberLimits kRowGroupRowsLimits{.least = 1, .most = 1'048'576};

// Decimal digits and nothing else, least <= number <= most.
absl::StatusOr<uint64_t> ParseNumber(std::string_view option, std::string_view text,
                                     const NumberLimits& limits);

// Packets per second, at most kMaxRate, with the suffixes k and M for thousands and millions; 0: no limit.
inline constexpr uint64_t kMaxRate = 1'000'000'000;
absl::StatusOr<uint64_t> ParseRate(std::string_view option, std::string_view text);

// `1%`, `0.5%` or `1`, from 0% to 100%, as a share from 0 to 1.
absl::StatusOr<double> ParsePercent(std::string_view option, std::string_view text);

// A number of targets, at least 1, or a share of them above 0%.
struct TargetLimit {
  uint64_t count = 0;  // Meaningful without a share.
  std::optional<double> share;

  // At least 1 where there are any targets.
  uint64_t Of(uint64_t targets) const;
};
absl::StatusOr<TargetLimit> ParseTargetLimit(std::string_view option, std::string_view text);

// `I/N`: 0 <= I < N <= kMaxShards.
inline constexpr uint32_t kMaxShards = 10'000;
struct Shard {
  uint32_t index = 0;
  uint32_t of = 1;
};
absl::StatusOr<Shard> ParseShard(std::string_view option, std::string_view text);

}  // namespace scanner

#endif  // SCANNER_CLI_NUMBERS_H_
