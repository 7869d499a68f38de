#include "scanner/core/index_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <random>

namespace scanner {
namespace {

TEST(IndexListTest, IsAQueue) {
  IndexList list(4);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.front(), IndexList::kNone);
  EXPECT_EQ(list.PopFront(), IndexList::kNone);
  for (const uint32_t index : {2U, 0U, 3U}) list.PushBack(index);
  EXPECT_EQ(list.size(), 3U);
  EXPECT_EQ(list.front(), 2U);
  EXPECT_EQ(list.PopFront(), 2U);
  EXPECT_EQ(list.PopFront(), 0U);
  list.PushBack(2);
  EXPECT_EQ(list.PopFront(), 3U);
  EXPECT_EQ(list.PopFront(), 2U);
  EXPECT_TRUE(list.empty());
}

TEST(IndexListTest, AgreesWithAList) {
  constexpr uint32_t kIndices = 12;
  std::mt19937_64 random(1);
  IndexList list(kIndices);
  std::list<uint32_t> model;
  for (int step = 0; step < 50'000; ++step) {
    const auto index = static_cast<uint32_t>(random() % kIndices);
    const auto found = std::ranges::find(model, index);
    if (found != model.end()) {
      list.Remove(index);
      model.erase(found);
    } else if (random() % 4 == 0) {
      const uint32_t expected = model.empty() ? IndexList::kNone : model.front();
      ASSERT_EQ(list.PopFront(), expected);
      if (!model.empty()) model.pop_front();
    } else {
      list.PushBack(index);
      model.push_back(index);
    }
    ASSERT_EQ(list.size(), model.size());
    ASSERT_EQ(list.empty(), model.empty());
    ASSERT_EQ(list.front(), model.empty() ? IndexList::kNone : model.front());
  }
}

TEST(IndexListDeathTest, AnIndexIsInItAtMostOnce) {
  IndexList list(2);
  list.PushBack(1);
  EXPECT_DEATH(list.PushBack(1), "queued");
  EXPECT_DEATH(list.Remove(0), "queued");
}

}  // namespace
}  // namespace scanner
