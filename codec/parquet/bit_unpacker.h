// Values of any number of bits, packed least significant bit first as both of Parquet's bit-packed encodings
// do.
#ifndef CODEC_PARQUET_BIT_UNPACKER_H_
#define CODEC_PARQUET_BIT_UNPACKER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace codec::parquet {

static_assert(std::endian::native == std::endian::little, "Parquet's octet order is read as it is");

// The little-endian number at octets that are known to be there.
template <typename T>
T LoadLittleEndian(const uint8_t* at) {
  T number;
  std::memcpy(&number, at, sizeof(number));
  return number;
}

constexpr uint64_t LowBits(unsigned width) { return width == 0 ? 0 : ~uint64_t{0} >> (64 - width); }

// Fills `out` with values of `width` bits, 0 to 64, of which the first begins `bit` bits into `data`. All
// their bits must be in `data`.
template <typename T>
void UnpackBits(std::span<const uint8_t> data, uint64_t bit, unsigned width, std::span<T> out) {
  const uint64_t mask = LowBits(width);
  size_t i = 0;
  for (; width <= 56 && i < out.size() && bit / 8 + 8 <= data.size(); ++i, bit += width) {
    out[i] = static_cast<T>(LoadLittleEndian<uint64_t>(data.data() + bit / 8) >> (bit % 8) & mask);
  }
  for (; i < out.size(); ++i, bit += width) {
    uint64_t value = 0;
    for (unsigned done = 0; done < width;) {
      const uint64_t at = bit + done;
      const auto shift = static_cast<unsigned>(at % 8);
      value |= uint64_t{data[at / 8]} >> shift << done;
      done += 8 - shift;
    }
    out[i] = static_cast<T>(value & mask);
  }
}

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_BIT_UNPACKER_H_
