// Copies and comparisons of a few octets without a call: names and options are mostly shorter than a vector
// register or two.
#ifndef CODEC_DNS_SHORT_OCTETS_H_
#define CODEC_DNS_SHORT_OCTETS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace codec::dns {

// As memcpy. The last copy of a fixed size may overlap the one before, and nothing outside `length` octets is
// touched.
inline void CopyShort(uint8_t* out, const uint8_t* in, size_t length) {
  if (length >= 16) {
    for (size_t at = 0; at + 16 < length; at += 16) std::memcpy(out + at, in + at, 16);
    std::memcpy(out + length - 16, in + length - 16, 16);
  } else if (length >= 8) {
    std::memcpy(out, in, 8);
    std::memcpy(out + length - 8, in + length - 8, 8);
  } else if (length >= 4) {
    std::memcpy(out, in, 4);
    std::memcpy(out + length - 4, in + length - 4, 4);
  } else {
    for (size_t at = 0; at < length; ++at) out[at] = in[at];
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
