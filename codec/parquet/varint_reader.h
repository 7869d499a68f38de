// The variable-length integers that Thrift's compact protocol and Parquet's encodings share.
#ifndef CODEC_PARQUET_VARINT_READER_H_
#define CODEC_PARQUET_VARINT_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace codec::parquet {

enum class VarintFault : uint8_t { kNone, kCutOff, kTooLong };

// Reads an unsigned LEB128 number of at most 64 bits at `offset`, which it moves behind the number; not when
// there is a fault.
inline VarintFault ReadVarint(std::span<const uint8_t> data, size_t& offset, uint64_t& value) {
  uint64_t read = 0;
  for (size_t i = 0; i < 10; ++i) {
    if (offset + i >= data.size()) return VarintFault::kCutOff;
    const uint8_t octet = data[offset + i];
    if (i == 9 && octet > 1) return VarintFault::kTooLong;
    read |= uint64_t{octet & 0x7FU} << (7 * i);
    if (octet < 0x80) {
      offset += i + 1;
      value = read;
      return VarintFault::kNone;
    }
  }
  return VarintFault::kTooLong;
}

// 0, 1, 2, 3, ... are 0, -1, 1, -2, ...
constexpr int64_t UnZigzag(uint64_t value) { return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1)); }

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_VARINT_READER_H_
