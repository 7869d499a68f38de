#include "scanner/cli/option_values.h"

#include <algorithm>

#include "scanner/core/target_set.h"

namespace scanner {

absl::Status RefuseValue(const std::string& option, const std::string& text, const std::string& expected) {
  return absl::InvalidArgumentError(option + ": " + Quoted(text) + " is not " + expected);
}

absl::Status ReadRate(const std::string& option, const std::optional<std::string>& text,
                      std::optional<uint64_t>& out) {
  if (!text) return absl::OkStatus();
  const absl::StatusOr<uint64_t> rate = ParseRate(option, *text);
  if (!rate.ok()) return rate.status();
  out = *rate;
  return absl::OkStatus();
}

absl::Status ReadWord(const std::string& option, const std::optional<std::string>& text,
                      std::initializer_list<const char*> words, size_t& out) {
  if (!text) return absl::OkStatus();
  const auto* const found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) {
    out = static_cast<size_t>(found - words.begin());
    return absl::OkStatus();
  }
  std::string choices;
  for (const char* word : words) choices.append(choices.empty() ? "one of " : ", ").append(word);
  return RefuseValue(option, *text, choices);
}

}  // namespace scanner
