#include "scanner/sink/row_filter.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "scanner/sink/result_words.h"

namespace scanner {
namespace {

absl::Status Unknown(std::string_view word) {
  std::string message = "unknown '" + std::string(word) + "'; there are all, found, problems, or a list of";
  for (size_t i = 0; i < kVerdictWords; ++i) message.append(" ").append(ToString(static_cast<Verdict>(i)));
  for (size_t i = 0; i < kReasonWords; ++i) message.append(" ").append(ToString(static_cast<Reason>(i)));
  return absl::InvalidArgumentError(message);
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
    const std::optional<Verdict> verdict = VerdictOf(word);
    const std::optional<Reason> reason = ReasonOf(word);
    if (word == "all" || word == "found" || word == "problems") {
      return absl::InvalidArgumentError("'" + std::string(word) + "' stands alone, not in a list");
    }
    if (!verdict && !reason) return Unknown(word);
    if (verdict) filter.verdicts_ |= 1U << static_cast<unsigned>(*verdict);
    if (reason) filter.reasons_ |= 1U << static_cast<unsigned>(*reason);
    begin = end + 1;
  }
  return filter;
}

bool RowFilter::Matches(const Record& record) const {
  Verdict verdict = Verdict::kNone;
  Reason reason = Reason::kNone;
  if (!record.IsNull(Column::kVerdict)) {
    verdict = VerdictOf(record.Text(Column::kVerdict)).value_or(Verdict::kNone);
  }
  if (!record.IsNull(Column::kReason)) {
    reason = ReasonOf(record.Text(Column::kReason)).value_or(Reason::kNone);
  }
  return Matches(verdict, reason, !record.Items(Column::kNames).empty());
}

}  // namespace scanner
