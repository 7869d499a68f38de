// Copies and comparisons of a few octets without a call: names and options are mostly shorter than a vector
// register or two.
#ifndef CODEC_DNS_SHORT_OCTETS_H_
#define CODEC_DNS_SHORT_OCTETS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace codec::dns {

// As memcpy. Two copies of a fixed size, which may overlap each other, cover every length between that size
// and its double, and touch nothing outside `length` octets.
inline void CopyShort(uint8_t* out, const uint8_t* in, size_t length) {
  if (length >= 16 && length <= 32) {
    std::memcpy(out, in, 16);
    std::memcpy(out + length - 16, in + length - 16, 16);
  } else if (length >= 8 && length < 16) {
    std::memcpy(out, in, 8);
    std::memcpy(out + length - 8, in + length - 8, 8);
  } else {
    std::memcpy(out, in, length);
  }
}

// Whether both hold the same `length` octets.
inline bool SameOctets(const uint8_t* a, const uint8_t* b, size_t length) {
  constexpr size_t kWord = sizeof(uint64_t);
  if (length < kWord) return std::memcmp(a, b, length) == 0;
  uint64_t difference = 0;
  const auto compare = [&](size_t at) {
    uint64_t left = 0;
    uint64_t right = 0;
    std::memcpy(&left, a + at, kWord);
    std::memcpy(&right, b + at, kWord);
    difference |= left ^ right;
  };
  for (size_t at = 0; at + kWord < length; at += kWord) compare(at);
  compare(length - kWord);
  return difference == 0;
}

}  // namespace codec::dns

#endif  // CODEC_DNS_SHORT_OCTETS_H_
