#include "codec/parquet/bloom_filter.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {
namespace {

// https://github.com/Cyan4973/xxHash: XXH64 with seed 0.
TEST(BloomFilterTest, HashesWithXxh64) {
  EXPECT_EQ(BloomFilter::Hash(""), 0xEF46DB3751D8E999);
  EXPECT_EQ(BloomFilter::Hash("a"), 0xD24EC4F1A98C6E5B);
  EXPECT_EQ(BloomFilter::Hash("abc"), 0x44BC2CF5AD770999);
}

// Worked out by hand: key 0 sets bit 0 of every word, key 1 the upper five bits of each salt.
TEST(BloomFilterTest, SetsABitOfEachWordOfOneBlock) {
  BloomFilter filter(1);
  ASSERT_EQ(filter.octets(), 32U);
  filter.Insert(0);
  ByteBuffer bits;
  filter.AppendTo(bits);
  for (size_t i = 0; i < bits.size(); ++i) EXPECT_EQ(bits.data()[i], i % 4 == 0 ? 1 : 0) << i;
  EXPECT_TRUE(filter.MayContain(0));
  EXPECT_FALSE(filter.MayContain(1));
  filter.Insert(1);
  ByteBuffer both;
  filter.AppendTo(both);
  // 0x47b6137b >> 27 is 8: octet 1 of the first word.
  EXPECT_EQ(both.data()[0], 1);
  EXPECT_EQ(both.data()[1], 1);
  EXPECT_TRUE(filter.MayContain(1));
}

// The upper half of the hash, times the number of blocks, picks the block.
TEST(BloomFilterTest, PicksTheBlockByTheUpperHalf) {
  BloomFilter filter(64);
  ASSERT_EQ(filter.octets(), 64U);
  filter.Insert(uint64_t{0x7FFFFFFF} << 32);
  ByteBuffer lower;
  filter.AppendTo(lower);
  EXPECT_EQ(lower.data()[0], 1);
  EXPECT_EQ(lower.data()[32], 0);
  filter.Insert(uint64_t{0x80000000} << 32);
  ByteBuffer upper;
  filter.AppendTo(upper);
  EXPECT_EQ(upper.data()[32], 1);
}

TEST(BloomFilterTest, HasAPowerOfTwoOfOctetsAndEightBitsAValue) {
  const struct {
    size_t values;
    size_t octets;
  } cases[] = {{0, 32}, {1, 32}, {32, 32}, {33, 64}, {64, 64}, {65, 128}, {122'880, 131'072}};
  for (const auto& c : cases) EXPECT_EQ(BloomFilter(c.values).octets(), c.octets) << c.values;
}

TEST(BloomFilterTest, NeverDeniesWhatIsThereAndMostlyWhatIsNot) {
  constexpr uint32_t kValues = 20'000;
  BloomFilter filter(kValues);
  const auto hash = [](uint32_t i) { return BloomFilter::Hash("10.0." + std::to_string(i)); };
  for (uint32_t i = 0; i < kValues; ++i) filter.Insert(hash(i));
  uint32_t mistaken = 0;
  for (uint32_t i = 0; i < kValues; ++i) {
    ASSERT_TRUE(filter.MayContain(hash(i))) << i;
    if (filter.MayContain(hash(kValues + i))) ++mistaken;
  }
  EXPECT_LT(mistaken, kValues / 25);
}

}  // namespace
}  // namespace codec::parquet
