#include "scanner/core/target_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace scanner {
namespace {

TEST(TargetBudgetTest, GivesSoManyAndNoMore) {
  for (const uint64_t targets : {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{1000}}) {
    TargetBudget budget(targets);
    EXPECT_EQ(budget.spent(), targets == 0);
    for (uint64_t i = 0; i < targets; ++i) {
      EXPECT_FALSE(budget.spent());
      EXPECT_TRUE(budget.Take());
    }
    EXPECT_TRUE(budget.spent());
    EXPECT_FALSE(budget.Take());
    EXPECT_FALSE(budget.Take());
  }
}

TEST(TargetBudgetTest, UnlimitedIsNeverSpent) {
  TargetBudget budget(TargetBudget::kUnlimited);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(budget.Take());
  EXPECT_FALSE(budget.spent());
  EXPECT_TRUE(budget.Take());
}

TEST(TargetBudgetTest, ThreadsShareIt) {
  constexpr uint64_t kTargets = 50'000;
  TargetBudget budget(kTargets);
  std::atomic<uint64_t> taken{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&budget, &taken] {
      while (budget.Take()) ++taken;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, kTargets);
  EXPECT_TRUE(budget.spent());
}

}  // namespace
}  // namespace scanner
