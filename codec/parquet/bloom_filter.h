// A split-block bloom filter: https://parquet.apache.org/docs/file-format/bloomfilter/
#ifndef CODEC_PARQUET_BLOOM_FILTER_H_
#define CODEC_PARQUET_BLOOM_FILTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

// With 8 bits a value one lookup in about 40 of what is not there says that it may be.
class BloomFilter {
 public:
  // For `values` different values: at least 8 bits each. A power of two of octets, which readers expect.
  explicit BloomFilter(size_t values);

  // XXH64 with seed 0, of the string without a length.
  static uint64_t Hash(std::string_view value);

  void Insert(uint64_t hash);
  // False only when it was not inserted.
  bool MayContain(uint64_t hash) const;
  size_t octets() const { return blocks_.size() * sizeof(Block); }
  // Appends the bits, without a header.
  void AppendTo(ByteBuffer& out) const;

 private:
  using Block = std::array<uint32_t, 8>;
  static_assert(sizeof(Block) == 32);

  size_t BlockOf(uint64_t hash) const { return static_cast<size_t>(((hash >> 32) * blocks_.size()) >> 32); }

  std::vector<Block> blocks_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_BLOOM_FILTER_H_
