#include "codec/parquet/delta_binary_encoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <type_traits>

#include "codec/parquet/bit_packing.h"

namespace codec::parquet {
namespace {

constexpr size_t kBlock = 256;  // Differences.
constexpr size_t kMiniblocks = 4;
constexpr size_t kMiniblock = kBlock / kMiniblocks;

// One block of at most kBlock differences, of which there is one at least.
template <typename Number>
void EncodeBlock(std::span<std::make_unsigned_t<Number>> differences, ByteBuffer& out) {
  using Unsigned = std::make_unsigned_t<Number>;
  Number lowest = static_cast<Number>(differences.front());
  for (const Unsigned difference : differences) lowest = std::min(lowest, static_cast<Number>(difference));
  for (Unsigned& difference : differences) difference -= static_cast<Unsigned>(lowest);
  out.AppendZigzag(lowest);

  std::array<uint8_t, kMiniblocks> widths{};
  const size_t miniblocks = (differences.size() + kMiniblock - 1) / kMiniblock;
  for (size_t i = 0; i < miniblocks; ++i) {
    Unsigned bits = 0;
    for (size_t at = i * kMiniblock; at < std::min((i + 1) * kMiniblock, differences.size()); ++at) {
      bits |= differences[at];
    }
    widths[i] = static_cast<uint8_t>(std::bit_width(bits));
  }
  out.Append(widths);
  for (size_t i = 0; i < miniblocks; ++i) {
    std::array<Unsigned, kMiniblock> filled{};  // Also the last miniblock is written whole.
    const auto part =
        differences.subspan(i * kMiniblock, std::min(kMiniblock, differences.size() - i * kMiniblock));
    std::ranges::copy(part, filled.begin());
    PackBits(std::span<const Unsigned>(filled), widths[i], out);
  }
}

// The same with octets, where the differences fit and are not all 0.
void EncodeLengthBlock(std::span<uint32_t> differences, ByteBuffer& out) {
  constexpr int32_t kLowest = -128;
  constexpr int32_t kHighest = 127;
  bool fit = true;
  bool zero = true;
  for (const uint32_t difference : differences) {
    const auto number = static_cast<int32_t>(difference);
    fit = fit && number >= kLowest && number <= kHighest;
    zero = zero && number == 0;
  }
  if (zero || !fit) return EncodeBlock<int32_t>(differences, out);
  out.AppendZigzag(kLowest);
  const size_t miniblocks = (differences.size() + kMiniblock - 1) / kMiniblock;
  for (size_t i = 0; i < kMiniblocks; ++i) out.AppendByte(i < miniblocks ? 8 : 0);
  uint8_t* at = out.Room(kBlock);
  for (const uint32_t difference : differences) {
    *at++ = static_cast<uint8_t>(difference - static_cast<uint32_t>(kLowest));
  }
  at = std::fill_n(at, miniblocks * kMiniblock - differences.size(), uint8_t{0});
  out.Commit(at);
}

template <typename Number, typename EncodeOne>
void Encode(std::span<const Number> values, const EncodeOne& encode_block, ByteBuffer& out) {
  using Unsigned = std::make_unsigned_t<Number>;
  out.AppendVarint(kBlock);
  out.AppendVarint(kMiniblocks);
  out.AppendVarint(values.size());
  out.AppendZigzag(values.empty() ? 0 : values.front());
  std::array<Unsigned, kBlock> differences;
  for (size_t at = 1; at < values.size(); at += kBlock) {
    const size_t count = std::min(kBlock, values.size() - at);
    for (size_t i = 0; i < count; ++i) {
      differences[i] = static_cast<Unsigned>(static_cast<Unsigned>(values[at + i]) -
                                             static_cast<Unsigned>(values[at + i - 1]));
    }
    encode_block(std::span(differences).first(count), out);
  }
}

}  // namespace

void EncodeDeltaBinary(std::span<const int32_t> values, ByteBuffer& out) {
  Encode(values, EncodeBlock<int32_t>, out);
}

void EncodeDeltaBinary(std::span<const int64_t> values, ByteBuffer& out) {
  Encode(values, EncodeBlock<int64_t>, out);
}

void EncodeDeltaLengths(std::span<const int32_t> lengths, ByteBuffer& out) {
  Encode(lengths, EncodeLengthBlock, out);
}

}  // namespace codec::parquet
