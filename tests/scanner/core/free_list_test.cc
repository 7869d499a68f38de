#include "scanner/core/free_list.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace scanner {
namespace {

TEST(FreeListTest, HandsOutWhatCameBackLastBeforeWhatWasNeverUsed) {
  FreeList free(4);
  EXPECT_EQ(free.size(), 4U);
  EXPECT_EQ(free.Take(), 0U);
  EXPECT_EQ(free.Take(), 1U);
  EXPECT_EQ(free.Take(), 2U);
  free.GiveBack(0);
  free.GiveBack(2);
  EXPECT_EQ(free.size(), 3U);
  EXPECT_EQ(free.Take(), 2U);
  EXPECT_EQ(free.Take(), 0U);
  EXPECT_EQ(free.Take(), 3U);
  EXPECT_TRUE(free.empty());
  free.GiveBack(1);
  EXPECT_EQ(free.size(), 1U);
  EXPECT_EQ(free.Take(), 1U);
}

TEST(FreeListTest, AgreesWithASet) {
  constexpr uint32_t kIndices = 9;
  std::mt19937_64 random(1);
  FreeList free(kIndices);
  std::set<uint32_t> model;
  for (uint32_t i = 0; i < kIndices; ++i) model.insert(i);
  std::vector<uint32_t> taken;
  for (int step = 0; step < 20'000; ++step) {
    ASSERT_EQ(free.size(), model.size());
    ASSERT_EQ(free.empty(), model.empty());
    if (!model.empty() && (taken.empty() || random() % 2 == 0)) {
      taken.push_back(free.Take());
      ASSERT_EQ(model.erase(taken.back()), 1U);
    } else {
      const auto at = taken.begin() + static_cast<std::ptrdiff_t>(random() % taken.size());
      free.GiveBack(*at);
      model.insert(*at);
      taken.erase(at);
    }
  }
}

TEST(FreeListDeathTest, OnlyWhatWasTakenComesBack) {
  FreeList free(2);
  EXPECT_DEATH(free.GiveBack(0), "fresh_");
  free.Take();
  free.Take();
  EXPECT_DEATH(free.Take(), "indices_");
}

}  // namespace
}  // namespace scanner
