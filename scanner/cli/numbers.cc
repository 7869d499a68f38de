#include "scanner/cli/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "scanner/core/target_set.h"

namespace scanner {
namespace {

absl::Status Refuse(std::string_view option, std::string_view text, std::string_view expected) {
  return absl::InvalidArgumentError(
      std::string(option).append(": ").append(Quoted(text)).append(" is not ").append(expected));
}

template <typename Number>
std::optional<Number> Read(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Digits and at most one point: neither a sign nor an exponent, infinity or nan.
std::optional<double> ReadPercent(std::string_view text) {
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  return Read<double>(text);
}

}  // namespace

absl::StatusOr<uint64_t> ParseNumber(std::string_view option, std::string_view text,
                                     const NumberLimits& limits) {
  const std::optional<uint64_t> number = Read<uint64_t>(text);
  if (number && *number >= limits.least && *number <= limits.most) return *number;
  return Refuse(option, text,
                "a number from " + std::to_string(limits.least) + " to " + std::to_string(limits.most));
}

absl::StatusOr<uint64_t> ParseRate(std::string_view option, std::string_view text) {
  uint64_t unit = 1;
  std::string_view digits = text;
  if (digits.ends_with('k') || digits.ends_with('K')) unit = 1'000;
  if (digits.ends_with('M')) unit = 1'000'000;
  if (unit != 1) digits.remove_suffix(1);
  const std::optional<uint64_t> number = Read<uint64_t>(digits);
  if (number && *number <= kMaxRate / unit) return *number * unit;
  return Refuse(option, text,
                "a number of packets per second up to 1000M, such as 5000, 20k or 1M; 0: no limit");
}

absl::StatusOr<double> ParsePercent(std::string_view option, std::string_view text) {
  std::string_view digits = text;
  if (digits.ends_with('%')) digits.remove_suffix(1);
  const std::optional<double> percent = ReadPercent(digits);
  if (percent && *percent <= 100) return *percent / 100;
  return Refuse(option, text, "a share from 0% to 100%, such as 1% or 0.5%");
}

uint64_t TargetLimit::Of(uint64_t targets) const {
  if (!share) return std::min(count, targets);
  const auto part = static_cast<uint64_t>(std::ceil(*share * static_cast<double>(targets)));
  return std::min(part, targets);
}

absl::StatusOr<TargetLimit> ParseTargetLimit(std::string_view option, std::string_view text) {
  if (text.ends_with('%')) {
    const std::optional<double> percent = ReadPercent(text.substr(0, text.size() - 1));
    if (percent && *percent > 0 && *percent <= 100) return TargetLimit{.share = *percent / 100};
  } else if (const std::optional<uint64_t> count = Read<uint64_t>(text); count && *count > 0) {
    return TargetLimit{.count = *count, .share = std::nullopt};
  }
  return Refuse(option, text, "a number of targets from 1 on or a share of them, such as 1000 or 5%");
}

absl::StatusOr<Shard> ParseShard(std::string_view option, std::string_view text) {
  const size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::optional<uint32_t> index = Read<uint32_t>(text.substr(0, slash));
    const std::optional<uint32_t> of = Read<uint32_t>(text.substr(slash + 1));
    if (index && of && *index < *of && *of <= kMaxShards) return Shard{.index = *index, .of = *of};
  }
  return Refuse(option, text, "I/N with I from 0 to N-1 and N from 1 to 10000, such as 0/4");
}

}  // namespace scanner
