#include "scanner/sink/result_words.h"

namespace scanner {
namespace {

template <typename Enum, size_t kWords>
std::optional<Enum> Find(std::string_view word) {
  for (size_t i = 0; i < kWords; ++i) {
    const auto value = static_cast<Enum>(i);
    if (ToString(value) == word) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Verdict> VerdictOf(std::string_view word) { return Find<Verdict, kVerdictWords>(word); }
std::optional<Reason> ReasonOf(std::string_view word) { return Find<Reason, kReasonWords>(word); }

}  // namespace scanner
