// Copies of a few octets without a call: names and options are mostly shorter than a vector register or two.
#ifndef CODEC_DNS_COPY_SHORT_H_
#define CODEC_DNS_COPY_SHORT_H_

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

}  // namespace codec::dns

#endif  // CODEC_DNS_COPY_SHORT_H_
