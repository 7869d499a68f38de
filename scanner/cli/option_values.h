// Values of options into a plan: what was not given leaves `out` as it is, what is wrong is InvalidArgument
// with one line that names the option, quotes the value and says what is expected.
#ifndef SCANNER_CLI_OPTION_VALUES_H_
#define SCANNER_CLI_OPTION_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scanner/cli/numbers.h"

namespace scanner {

// "OPTION: 'TEXT' is not EXPECTED".
absl::Status RefuseValue(const std::string& option, const std::string& text, const std::string& expected);

// `limits` are such that Number holds them.
template <typename Number>
absl::Status ReadNumber(const std::string& option, const std::optional<std::string>& text,
                        const NumberLimits& limits, Number& out) {
  if (!text) return absl::OkStatus();
  const absl::StatusOr<uint64_t> number = ParseNumber(option, *text, limits);
  if (!number.ok()) return number.status();
  out = static_cast<Number>(*number);
  return absl::OkStatus();
}

// Packets per second, 0: no limit.
absl::Status ReadRate(const std::string& option, const std::optional<std::string>& text,
                      std::optional<uint64_t>& out);

// `words` are the choices, `out` becomes the position of the one that `text` is.
absl::Status ReadWord(const std::string& option, const std::optional<std::string>& text,
                      std::initializer_list<const char*> words, size_t& out);

}  // namespace scanner

#endif  // SCANNER_CLI_OPTION_VALUES_H_
