// The words of a result as what they mean.
#ifndef SCANNER_SINK_RESULT_WORDS_H_
#define SCANNER_SINK_RESULT_WORDS_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "scanner/row/row.h"

namespace scanner {

// The last value of both says that there is none, in the output a null: it has no word.
inline constexpr size_t kVerdictWords = kVerdicts - 1;
inline constexpr size_t kReasonWords = kReasons - 1;
static_assert(static_cast<size_t>(Verdict::kNone) == kVerdictWords);
static_assert(static_cast<size_t>(Reason::kNone) == kReasonWords);

// Nothing for what is no word of the SPEC.
std::optional<Verdict> VerdictOf(std::string_view word);
std::optional<Reason> ReasonOf(std::string_view word);

}  // namespace scanner

#endif  // SCANNER_SINK_RESULT_WORDS_H_
