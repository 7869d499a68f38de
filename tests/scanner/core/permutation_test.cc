#include "scanner/core/permutation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace scanner {
namespace {

TEST(PermutationTest, EverySmallSizeIsABijection) {
  for (uint64_t size = 1; size <= 600; ++size) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      const Permutation permutation(size, seed);
      std::vector<bool> seen(size, false);
      for (uint64_t i = 0; i < size; ++i) {
        const uint64_t image = permutation(i);
        ASSERT_LT(image, size);
        ASSERT_FALSE(seen[image]) << size << " " << seed;
        seen[image] = true;
      }
    }
  }
}

TEST(PermutationTest, SizesAroundPowersOfTwoAreBijections) {
  for (const uint64_t size : {uint64_t{65'535}, uint64_t{65'536}, uint64_t{65'537}, uint64_t{1'000'000}}) {
    const Permutation permutation(size, 42);
    std::vector<bool> seen(size, false);
    for (uint64_t i = 0; i < size; ++i) {
      const uint64_t image = permutation(i);
      ASSERT_LT(image, size);
      ASSERT_FALSE(seen[image]);
      seen[image] = true;
    }
  }
}

TEST(PermutationTest, LargeSizesStayInside) {
  std::mt19937_64 random(3);
  for (const uint64_t size : {(uint64_t{1} << 32) + 1, Permutation::kMaxSize - 1, Permutation::kMaxSize}) {
    const Permutation permutation(size, 5);
    EXPECT_EQ(permutation.size(), size);
    ASSERT_LT(permutation(0), size);
    ASSERT_LT(permutation(size - 1), size);
    for (int i = 0; i < 10'000; ++i) ASSERT_LT(permutation(random() % size), size);
  }
}

TEST(PermutationDeathTest, SizesOutsideTheLimitsAreBugs) {
  EXPECT_DEATH(Permutation(0, 0), "size");
  EXPECT_DEATH(Permutation(Permutation::kMaxSize + 1, 0), "size");
  EXPECT_DEATH(Permutation(10, 0)(10), "index");
}

// Order is part of what a resumed or sharded scan relies on: it may not change between versions.
TEST(PermutationTest, TheOrderOfASeedIsFixed) {
  std::vector<uint64_t> images(10);
  const Permutation permutation(10, 0);
  for (uint64_t i = 0; i < 10; ++i) images[i] = permutation(i);
  EXPECT_EQ(images, (std::vector<uint64_t>{4, 6, 9, 2, 1, 8, 5, 3, 0, 7}));
  EXPECT_EQ(Permutation(uint64_t{1} << 24, 1)(0), 7'412'829U);
}

TEST(PermutationTest, SeedsDiffer) {
  constexpr uint64_t kSize = 10'000;
  const Permutation a(kSize, 0);
  const Permutation b(kSize, 1);
  int equal = 0;
  for (uint64_t i = 0; i < kSize; ++i) equal += a(i) == b(i) ? 1 : 0;
  EXPECT_LT(equal, 12);  // One is expected; twelve come once in 10^9.
}

// What a uniform permutation has, within six standard deviations: fixed points, neighbours, rises, and
// evenness of where the first quarter lands.
TEST(PermutationTest, LooksUniform) {
  for (const uint64_t size : {uint64_t{57'000}, uint64_t{65'536}}) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const Permutation permutation(size, seed);
      int fixed = 0;
      int neighbours = 0;
      double rises = 0;
      std::vector<double> landed(64, 0);
      for (uint64_t i = 0; i < size; ++i) {
        const uint64_t image = permutation(i);
        fixed += image == i ? 1 : 0;
        if (i < size / 4) landed[image * 64 / size] += 1;
        if (i == 0) continue;
        const uint64_t before = permutation(i - 1);
        neighbours += image - before == 1 || before - image == 1 ? 1 : 0;
        rises += image > before ? 1 : 0;
      }
      EXPECT_LT(fixed, 12) << seed;
      EXPECT_LT(neighbours, 16) << seed;
      const auto n = static_cast<double>(size);
      EXPECT_LT(std::abs(rises - n / 2), 6 * std::sqrt(n / 12)) << seed;
      double chi = 0;
      const double expected = n / 4 / 64;
      for (const double count : landed) chi += (count - expected) * (count - expected) / expected;
      EXPECT_LT(chi, 63 + 6 * std::sqrt(2 * 63.0)) << seed;
    }
  }
}

// Where index 0 lands, over many seeds: every place about equally often.
TEST(PermutationTest, SmallSizesUseTheSeed) {
  constexpr int kSeeds = 20'000;
  for (const uint64_t size : {uint64_t{2}, uint64_t{3}, uint64_t{5}, uint64_t{16}, uint64_t{17}}) {
    std::vector<int> counts(size, 0);
    for (uint64_t seed = 0; seed < kSeeds; ++seed) ++counts[Permutation(size, seed)(0)];
    const double expected = kSeeds / static_cast<double>(size);
    for (const int count : counts) EXPECT_LT(std::abs(count - expected), 6 * std::sqrt(expected)) << size;
  }
}

}  // namespace
}  // namespace scanner
