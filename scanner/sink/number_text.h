// Numbers and booleans as the text formats have them.
#ifndef SCANNER_SINK_NUMBER_TEXT_H_
#define SCANNER_SINK_NUMBER_TEXT_H_

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "scanner/sink/text_copy.h"

namespace scanner {

// `-9223372036854775808`
inline constexpr size_t kMaxNumberText = 20;

inline constexpr std::array<char, 200> kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

// `pair` < 100.
inline void WriteDigitPair(uint32_t pair, char* out) { std::memcpy(out, &kDigitPairs[2 * size_t{pair}], 2); }

// `number` < 10,000: always four digits.
inline void WriteFourDigits(uint32_t number, char* out) {
  WriteDigitPair(number / 100, out);
  WriteDigitPair(number % 100, out + 2);
}

// `number` < 10,000, without leading zeros; returns the end.
inline char* WriteSmallNumber(uint32_t number, char* out) {
  if (number >= 1000) {
    WriteFourDigits(number, out);
    return out + 4;
  }
  if (number >= 100) *out++ = static_cast<char>('0' + number / 100);
  if (number >= 10) {
    WriteDigitPair(number % 100, out);
    return out + 2;
  }
  *out = static_cast<char>('0' + number);
  return out + 1;
}

// Writes at most kMaxNumberText characters; returns the end.
inline char* WriteNumber(int64_t number, char* out) {
  // All 32-bit numbers, as all columns have them but those of later parts.
  if (number < 0 || number > UINT32_MAX) return std::to_chars(out, out + kMaxNumberText, number).ptr;
  const auto small = static_cast<uint32_t>(number);
  if (small < 10'000) return WriteSmallNumber(small, out);
  const uint32_t high = small / 10'000;
  if (high < 10'000) {
    out = WriteSmallNumber(high, out);
  } else {
    out = WriteSmallNumber(high / 10'000, out);
    WriteFourDigits(high % 10'000, out);
    out += 4;
  }
  WriteFourDigits(small % 10'000, out);
  return out + 4;
}

// At most five characters; returns the end.
inline char* WriteBoolean(int64_t value, char* out) { return CopyText(value != 0 ? "true" : "false", out); }

}  // namespace scanner

#endif  // SCANNER_SINK_NUMBER_TEXT_H_
