#include "codec/parquet/bloom_filter.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <span>

namespace codec::parquet {
namespace {

constexpr std::array<uint32_t, 8> kSalts = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                            0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};

constexpr uint32_t Bit(uint32_t key, uint32_t salt) { return uint32_t{1} << (key * salt >> 27); }

}  // namespace

BloomFilter::BloomFilter(size_t values)
    : blocks_(std::bit_ceil(std::max<size_t>(values, 1)) / sizeof(Block)) {
  if (blocks_.empty()) blocks_.resize(1);
}

uint64_t BloomFilter::Hash(std::string_view value) { return XXH64(value.data(), value.size(), 0); }

void BloomFilter::Insert(uint64_t hash) {
  Block& block = blocks_[BlockOf(hash)];
  const auto key = static_cast<uint32_t>(hash);
  for (size_t i = 0; i < block.size(); ++i) block[i] |= Bit(key, kSalts[i]);
}

bool BloomFilter::MayContain(uint64_t hash) const {
  const Block& block = blocks_[BlockOf(hash)];
  const auto key = static_cast<uint32_t>(hash);
  for (size_t i = 0; i < block.size(); ++i) {
    if ((block[i] & Bit(key, kSalts[i])) == 0) return false;
  }
  return true;
}

void BloomFilter::AppendTo(ByteBuffer& out) const {
  static_assert(std::endian::native == std::endian::little, "words are stored as they are");
  out.Append(std::span(reinterpret_cast<const uint8_t*>(blocks_.data()), octets()));
}

}  // namespace codec::parquet
