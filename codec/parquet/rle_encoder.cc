#include "codec/parquet/rle_encoder.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "codec/parquet/bit_packing.h"

namespace codec::parquet {
namespace {

constexpr size_t kGroup = 8;  // Bit-packed numbers come in groups.
// A run takes two octets or more, and parts what is bit-packed: another two.
constexpr size_t kShortestRun = 4 * kGroup;

// One octet for each group.
void PackGroups(std::span<const uint8_t> values, int /*width*/, ByteBuffer& out) {
  uint8_t* at = out.Room(values.size() / kGroup + 1);
  size_t i = 0;
  for (; i + kGroup <= values.size(); i += kGroup) {
    uint64_t word;
    std::memcpy(&word, values.data() + i, kGroup);
    // Brings the lowest bit of octet i to bit 56 + i.
    *at++ = static_cast<uint8_t>(word * 0x0102040810204080 >> 56);
  }
  if (i < values.size()) {
    uint8_t last = 0;
    for (size_t bit = 0; i + bit < values.size(); ++bit) {
      last = static_cast<uint8_t>(last | values[i + bit] << bit);
    }
    *at++ = last;
  }
  out.Commit(at);
}

void PackGroups(std::span<const uint32_t> values, int width, ByteBuffer& out) {
  PackBits(values, width, out);
  const size_t missing = (kGroup - values.size() % kGroup) % kGroup;
  // The last group is filled up; of its octets PackBits wrote those that hold a value.
  const size_t bits = values.size() * static_cast<size_t>(width);
  const size_t all = (values.size() + missing) / kGroup * static_cast<size_t>(width);
  for (size_t octets = (bits + 7) / 8; octets < all; ++octets) out.AppendByte(0);
}

// How many of the first numbers are equal to the first one.
template <typename Number>
size_t RunLength(std::span<const Number> values) {
  constexpr size_t kInWord = sizeof(uint64_t) / sizeof(Number);
  // Each number is the same as the one before as long as words equal those one number on.
  const Number* const begin = values.data();
  const Number* const end = begin + values.size();
  const Number* at = begin + 1;
  for (; static_cast<size_t>(end - at) >= kInWord; at += kInWord) {
    uint64_t word;
    uint64_t before;
    std::memcpy(&word, at, sizeof(word));
    std::memcpy(&before, at - 1, sizeof(before));
    const uint64_t difference = word ^ before;
    if (difference == 0) continue;
    at += static_cast<size_t>(std::countr_zero(difference)) / (8 * sizeof(Number));
    return static_cast<size_t>(at - begin);
  }
  while (at < end && *at == *begin) ++at;
  return static_cast<size_t>(at - begin);
}

template <typename Number>
void AppendPacked(std::span<const Number> values, int width, ByteBuffer& out) {
  if (values.empty()) return;
  out.AppendVarint((values.size() + kGroup - 1) / kGroup << 1 | 1);
  PackGroups(values, width, out);
}

template <typename Number>
void Encode(std::span<const Number> values, int width, ByteBuffer& out) {
  size_t packed = 0;  // From here to `at` nothing is written yet; a multiple of kGroup.
  for (size_t at = 0; at < values.size();) {
    const size_t run = RunLength(values.subspan(at));
    if (run < kShortestRun && run < values.size() - at) {
      at += std::max(run / kGroup, size_t{1}) * kGroup;
      continue;
    }
    if (run < kGroup && at != packed) break;  // The end of what is packed.
    AppendPacked(values.subspan(packed, at - packed), width, out);
    EncodeRun(run, values[at], width, out);
    at += run;
    packed = at;
  }
  AppendPacked(values.subspan(packed), width, out);
}

}  // namespace

void EncodeRle(std::span<const uint32_t> values, int width, ByteBuffer& out) { Encode(values, width, out); }

void EncodeRleBits(std::span<const uint8_t> values, ByteBuffer& out) { Encode(values, 1, out); }

void EncodeRun(uint64_t count, uint32_t value, int width, ByteBuffer& out) {
  out.AppendVarint(count << 1);
  for (int bit = 0; bit < width; bit += 8) out.AppendByte(static_cast<uint8_t>(value >> bit));
}

}  // namespace codec::parquet
