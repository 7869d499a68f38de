#include "scanner/sink/row_filter.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"

namespace scanner {
namespace {

// The last value of both says that there is none, in the output a null: no word to ask for.
constexpr size_t kVerdictWords = kVerdicts - 1;
constexpr size_t kReasonWords = kReasons - 1;
static_assert(static_cast<size_t>(Verdict::kNone) == kVerdictWords);
static_assert(static_cast<size_t>(Reason::kNone) == kReasonWords);

absl::Status Unknown(std::string_view word) {
  std::string message = "unknown '" + std::string(word) + "'; there are all, found, problems, or a list of";
  for (size_t i = 0; i < kVerdictWords; ++i) message.append(" ").append(ToString(static_cast<Verdict>(i)));
  for (size_t i = 0; i < kReasonWords; ++i) message.append(" ").append(ToString(static_cast<Reason>(i)));
  return absl::InvalidArgumentError(message);
}

// The bit of the word among the first `count` values of Enum; 0 for another word.
template <typename Enum>
uint32_t BitOf(std::string_view word, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (ToString(static_cast<Enum>(i)) == word) return 1U << i;
  }
  return 0;
}

}  // namespace

absl::StatusOr<RowFilter> RowFilter::Parse(std::string_view only) {
  RowFilter filter;
  if (only == "all") return filter;
  if (only == "found") {
    filter.needs_name_ = true;
    return filter;
  }
  filter.verdicts_ = 0;
  if (only == "problems") {
    filter.verdicts_ = (1U << static_cast<unsigned>(Verdict::kFail)) |
                       (1U << static_cast<unsigned>(Verdict::kTemperror)) |
                       (1U << static_cast<unsigned>(Verdict::kPermerror));
    return filter;
  }
  for (size_t begin = 0; begin <= only.size();) {
    const size_t end = std::min(only.find(',', begin), only.size());
    const std::string_view word = only.substr(begin, end - begin);
    const uint32_t verdict = BitOf<Verdict>(word, kVerdictWords);
    const uint32_t reason = BitOf<Reason>(word, kReasonWords);
    if (word == "all" || word == "found" || word == "problems") {
      return absl::InvalidArgumentError("'" + std::string(word) + "' stands alone, not in a list");
    }
    if (verdict == 0 && reason == 0) return Unknown(word);
    filter.verdicts_ |= verdict;
    filter.reasons_ |= reason;
    begin = end + 1;
  }
  return filter;
}

}  // namespace scanner
