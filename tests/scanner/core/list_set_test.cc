#include "scanner/core/list_set.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

namespace scanner {
namespace {

std::vector<uint32_t> Drain(ListSet& set, ListSet::List& list) {
  std::vector<uint32_t> out;
  while (!list.empty()) out.push_back(set.PopFront(list));
  return out;
}

TEST(ListSetTest, OrderAndRemoval) {
  ListSet set(8);
  ListSet::List list;
  EXPECT_EQ(set.PopFront(list), ListSet::kNone);
  for (const uint32_t index : {3U, 1U, 7U}) set.PushBack(list, index);
  set.PushFront(list, 0);
  EXPECT_EQ(list.size, 4U);
  set.Remove(list, 1);  // In the middle.
  EXPECT_EQ(Drain(set, list), (std::vector<uint32_t>{0, 3, 7}));
  set.PushFront(list, 5);
  set.Remove(list, 5);  // The only one.
  EXPECT_TRUE(list.empty());
  set.PushBack(list, 2);
  set.PushBack(list, 4);
  set.Remove(list, 4);  // The last.
  set.PushBack(list, 6);
  set.Remove(list, 2);  // The first.
  EXPECT_EQ(Drain(set, list), std::vector<uint32_t>{6});
}

TEST(ListSetTest, ListsDoNotTouchEachOther) {
  constexpr uint32_t kIndices = 64;
  ListSet set(kIndices);
  std::vector<ListSet::List> lists(4);
  std::vector<std::deque<uint32_t>> models(4);
  std::vector<int> in(kIndices, -1);
  std::mt19937 random(1);
  for (int step = 0; step < 20000; ++step) {
    const uint32_t index = random() % kIndices;
    const uint32_t to = random() % 4;
    if (in[index] >= 0) {
      std::deque<uint32_t>& model = models[static_cast<size_t>(in[index])];
      set.Remove(lists[static_cast<size_t>(in[index])], index);
      std::erase(model, index);
      in[index] = -1;
    } else if (random() % 2 == 0) {
      set.PushBack(lists[to], index);
      models[to].push_back(index);
      in[index] = static_cast<int>(to);
    } else {
      set.PushFront(lists[to], index);
      models[to].push_front(index);
      in[index] = static_cast<int>(to);
    }
    ASSERT_EQ(lists[to].size, models[to].size());
    ASSERT_EQ(lists[to].first, models[to].empty() ? ListSet::kNone : models[to].front());
  }
  for (size_t i = 0; i < lists.size(); ++i) {
    EXPECT_EQ(Drain(set, lists[i]), std::vector<uint32_t>(models[i].begin(), models[i].end()));
  }
}

}  // namespace
}  // namespace scanner
