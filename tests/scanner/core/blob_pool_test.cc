#include "scanner/core/blob_pool.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace scanner {
namespace {

std::vector<uint8_t> Random(std::mt19937_64& random, size_t length) {
  std::vector<uint8_t> octets(length);
  for (uint8_t& octet : octets) octet = static_cast<uint8_t>(random());
  return octets;
}

std::vector<uint8_t> Read(const BlobPool& pool, BlobPool::Ref ref, size_t length) {
  std::vector<uint8_t> scratch(length);
  const std::span<const uint8_t> view = pool.View(ref, length, scratch);
  return {view.begin(), view.end()};
}

TEST(BlobPoolTest, EveryLengthTakesItsChunksAndComesBack) {
  const struct {
    size_t length;
    uint32_t chunks;
  } cases[] = {{0, 1},   {1, 1},   {59, 1},  {60, 1},  {61, 2},
               {119, 2}, {120, 2}, {121, 3}, {255, 5}, {65'535, 1093}};
  std::mt19937_64 random(1);
  for (const auto& test : cases) {
    EXPECT_EQ(BlobPool::ChunksFor(test.length), test.chunks) << test.length;
    BlobPool pool(test.chunks);
    const std::vector<uint8_t> octets = Random(random, test.length);
    const std::optional<BlobPool::Ref> ref = pool.Store(octets);
    ASSERT_TRUE(ref) << test.length;
    EXPECT_EQ(pool.free(), 0U) << test.length;
    EXPECT_EQ(Read(pool, *ref, test.length), octets) << test.length;
    EXPECT_FALSE(pool.Store({})) << test.length;
    pool.Free(*ref);
    EXPECT_EQ(pool.free(), pool.capacity()) << test.length;
    BlobPool small(test.chunks - 1);
    EXPECT_FALSE(small.Store(octets)) << test.length;
    EXPECT_EQ(small.free(), test.chunks - 1) << test.length;
  }
}

TEST(BlobPoolTest, ShortStringsAreNotCopied) {
  BlobPool pool(4);
  const std::vector<uint8_t> octets(BlobPool::kChunkOctets, 7);
  const BlobPool::Ref ref = *pool.Store(octets);
  EXPECT_EQ(pool.View(ref, octets.size(), {}).size(), octets.size());
}

TEST(BlobPoolTest, AgreesWithAMapWhileItIsFilledAndEmptied) {
  constexpr uint32_t kChunks = 200;
  std::mt19937_64 random(2);
  BlobPool pool(kChunks);
  std::map<BlobPool::Ref, std::vector<uint8_t>> model;
  uint32_t used = 0;
  uint32_t refused = 0;
  for (int step = 0; step < 30'000; ++step) {
    // Long phases of filling, until there is no room, and of emptying.
    const bool filling = step % 2000 < 1200;
    if (random() % 8 < (filling ? 6U : 2U)) {
      const std::vector<uint8_t> octets = Random(random, random() % 600);
      const uint32_t needed = BlobPool::ChunksFor(octets.size());
      const std::optional<BlobPool::Ref> ref = pool.Store(octets);
      ASSERT_EQ(ref.has_value(), used + needed <= kChunks);
      refused += ref ? 0 : 1;
      if (ref) {
        used += needed;
        ASSERT_TRUE(model.emplace(*ref, octets).second);
      }
    } else if (!model.empty()) {
      const auto victim = std::next(model.begin(), static_cast<int64_t>(random() % model.size()));
      ASSERT_EQ(Read(pool, victim->first, victim->second.size()), victim->second);
      used -= BlobPool::ChunksFor(victim->second.size());
      pool.Free(victim->first);
      model.erase(victim);
    }
    ASSERT_EQ(pool.free(), kChunks - used);
  }
  EXPECT_GT(refused, 0U);
  for (const auto& [ref, octets] : model) EXPECT_EQ(Read(pool, ref, octets.size()), octets);
}

}  // namespace
}  // namespace scanner
