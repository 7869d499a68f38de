// Times as text, `2026-01-31T23:59:59.123456Z`.
#ifndef SCANNER_SINK_TIME_TEXT_H_
#define SCANNER_SINK_TIME_TEXT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "scanner/sink/text_copy.h"

namespace scanner {

// Reads that form; of the digits behind the point there are 1 to 6, or they are left out with the point.
// Nothing for anything else, also for what is no date, or no time of its day.
std::optional<int64_t> ParseTime(std::string_view text);

// The first and the last that have this form: years 0 to 9999.
inline constexpr int64_t kLeastTime = -62'167'219'200'000'000;
inline constexpr int64_t kMostTime = 253'402'300'799'999'999;

// Remembers the time that it wrote last: rows come by the hundred thousand a second, and answers that come in
// together have one time.
class TimeText {
 public:
  static constexpr size_t kLength = 27;

  // Writes kLength characters for microseconds since 1970, UTC, years 0 to 9999; returns the end.
  char* Write(int64_t microseconds, char* out) {
    return microseconds == microsecond_ ? CopyText({text_.data(), text_.size()}, out)
                                        : WriteAnother(microseconds, out);
  }

 private:
  static constexpr size_t kSecondLength = 20;  // With the point.

  char* WriteAnother(int64_t microseconds, char* out);

  int64_t second_ = INT64_MIN;
  int64_t microsecond_ = INT64_MIN;
  std::array<char, kLength> text_{};  // Of microsecond_.
};

}  // namespace scanner

#endif  // SCANNER_SINK_TIME_TEXT_H_
