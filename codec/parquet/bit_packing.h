// Numbers of a few bits one behind another, the least significant bit first: "bit-packed" of
// https://parquet.apache.org/docs/file-format/data-pages/encodings/
#ifndef CODEC_PARQUET_BIT_PACKING_H_
#define CODEC_PARQUET_BIT_PACKING_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

static_assert(std::endian::native == std::endian::little, "words are stored as they are");

// Appends `values`, each below 2^width; width <= 64. The last octet is filled up with zeros.
template <typename Number>
void PackBits(std::span<const Number> values, int width, ByteBuffer& out) {
  if (width == 0) return;
  const size_t octets = (values.size() * static_cast<size_t>(width) + 7) / 8;
  uint8_t* at = out.Room(octets + 8);
  const uint8_t* const end = at + octets;
  uint64_t word = 0;
  int filled = 0;  // Bits of `word`; < 64.
  for (const Number number : values) {
    const auto value = static_cast<uint64_t>(number);
    word |= value << filled;
    filled += width;
    if (filled >= 64) {
      std::memcpy(at, &word, 8);
      at += 8;
      filled -= 64;
      // What of `value` did not fit: its upper `filled` bits.
      word = filled == 0 ? 0 : value >> (width - filled);
    }
  }
  std::memcpy(at, &word, 8);
  out.Commit(end);
}

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_BIT_PACKING_H_
