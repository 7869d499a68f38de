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
      EXPECT_EQ(budget.Take(1), 1U);
    }
    EXPECT_TRUE(budget.spent());
    EXPECT_EQ(budget.Take(1), 0U);
    EXPECT_EQ(budget.Take(1), 0U);
  }
}

TEST(TargetBudgetTest, UnlimitedIsNeverSpent) {
  TargetBudget budget(TargetBudget::kUnlimited);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(budget.Take(1), 1U);
  EXPECT_FALSE(budget.spent());
  EXPECT_EQ(budget.Take(1), 1U);
}

TEST(TargetBudgetTest, GivesWhatIsLeftOfABurst) {
  const struct {
    uint64_t targets;
    uint32_t granted;
  } cases[] = {{0, 0}, {1, 1}, {63, 63}, {64, 64}, {65, 64}, {TargetBudget::kUnlimited, 64}};
  for (const auto& test : cases) {
    TargetBudget budget(test.targets);
    EXPECT_EQ(budget.Take(64), test.granted) << test.targets;
    EXPECT_EQ(budget.spent(), test.targets <= 64) << test.targets;
  }
}

TEST(TargetBudgetTest, WhatIsGivenBackCanBeTakenAgain) {
  TargetBudget budget(64);
  ASSERT_EQ(budget.Take(64), 64U);
  budget.GiveBack(0);
  EXPECT_TRUE(budget.spent());
  budget.GiveBack(24);
  EXPECT_FALSE(budget.spent());
  EXPECT_EQ(budget.Take(64), 24U);
  TargetBudget unlimited(TargetBudget::kUnlimited);
  unlimited.GiveBack(1);
  EXPECT_EQ(unlimited.Take(1), 1U);
}

TEST(TargetBudgetTest, ThreadsShareIt) {
  constexpr uint64_t kTargets = 50'000;
  TargetBudget budget(kTargets);
  std::atomic<uint64_t> taken{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&budget, &taken] {
      while (const uint32_t granted = budget.Take(64)) {
        taken += granted - granted / 2;
        budget.GiveBack(granted / 2);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, kTargets);
  EXPECT_TRUE(budget.spent());
}

}  // namespace
}  // namespace scanner
