#include "codec/parquet/value_bounds.h"

#include <cstdint>

namespace codec::parquet {
namespace {

bool IsContinuation(char octet) { return (static_cast<uint8_t>(octet) & 0xC0) == 0x80; }

// The first whole characters of a string that is longer than kMaxBound.
std::string_view CutToBound(std::string_view value) {
  size_t length = kMaxBound;
  while (length > 0 && IsContinuation(value[length])) --length;
  return value.substr(0, length);
}

}  // namespace

Bound LowerBound(std::string_view value) {
  if (value.size() <= kMaxBound) return {.value = std::string(value)};
  return {.value = std::string(CutToBound(value)), .exact = false};
}

Bound UpperBound(std::string_view value) {
  if (value.size() <= kMaxBound) return {.value = std::string(value)};
  std::string bound(CutToBound(value));
  // The last character that has a next one of one octet takes it, and ends the bound.
  while (!bound.empty()) {
    if (static_cast<uint8_t>(bound.back()) < 0x7F) {
      ++bound.back();
      return {.value = bound, .exact = false};
    }
    bound.pop_back();
  }
  return {.value = std::string(value)};
}

}  // namespace codec::parquet
