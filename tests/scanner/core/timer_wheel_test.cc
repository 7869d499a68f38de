#include "scanner/core/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <vector>

namespace scanner {
namespace {

using netio::Duration;
using netio::Instant;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

Instant At(Duration since) { return Instant(since); }

std::set<uint32_t> PopAll(TimerWheel& wheel, Instant now) {
  std::set<uint32_t> popped;
  for (uint32_t index = wheel.PopExpired(now); index != TimerWheel::kNone; index = wheel.PopExpired(now)) {
    EXPECT_TRUE(popped.insert(index).second) << index << " fired twice";
    EXPECT_FALSE(wheel.IsSet(index));
  }
  return popped;
}

TEST(TimerWheelTest, AnEmptyWheelNeverFires) {
  TimerWheel wheel(4);
  EXPECT_TRUE(wheel.empty());
  EXPECT_EQ(wheel.NextExpiry(), Instant::max());
  EXPECT_EQ(wheel.PopExpired(At(hours(5))), TimerWheel::kNone);
}

TEST(TimerWheelTest, FiresOnceAndNotEarly) {
  const Duration deadlines[] = {milliseconds(1),      microseconds(1001),   milliseconds(2),
                                milliseconds(63),     milliseconds(64),     milliseconds(65),
                                milliseconds(8191),   milliseconds(8192),   milliseconds(8193),
                                milliseconds(16'384), milliseconds(20'001), hours(3)};
  for (const Duration deadline : deadlines) {
    for (const Duration start :
         {Duration(0), Duration(milliseconds(8190)), Duration(hours(7) + microseconds(3))}) {
      TimerWheel wheel(1);
      EXPECT_EQ(wheel.PopExpired(At(start)), TimerWheel::kNone);
      wheel.Set(0, At(start + deadline));
      EXPECT_LE(wheel.NextExpiry(), At(start + deadline) + TimerWheel::kTick);
      EXPECT_EQ(wheel.PopExpired(At(start + deadline - Duration(1))), TimerWheel::kNone);
      EXPECT_EQ(wheel.PopExpired(At(start + deadline) + TimerWheel::kTick), 0U) << deadline.count();
      EXPECT_EQ(wheel.PopExpired(At(start + deadline + hours(9))), TimerWheel::kNone);
    }
  }
}

TEST(TimerWheelTest, WhatHasPassedFiresAtTheNextTick) {
  TimerWheel wheel(2);
  const Instant now = At(seconds(100));
  EXPECT_EQ(wheel.PopExpired(now), TimerWheel::kNone);
  wheel.Set(0, At(seconds(3)));
  wheel.Set(1, now);
  EXPECT_EQ(PopAll(wheel, now + TimerWheel::kTick), (std::set<uint32_t>{0, 1}));
}

TEST(TimerWheelTest, TheFirstDeadlineDoesNotHoldUpEarlierOnes) {
  for (const bool popped_before : {false, true}) {
    TimerWheel wheel(2);
    if (popped_before) {
      EXPECT_EQ(wheel.PopExpired(At(seconds(1))), TimerWheel::kNone);
    }
    wheel.Set(0, At(seconds(5)));
    wheel.Set(1, At(seconds(2)));
    EXPECT_LE(wheel.NextExpiry(), At(seconds(2)));
    EXPECT_EQ(PopAll(wheel, At(seconds(2)) + TimerWheel::kTick), std::set<uint32_t>{1});
    EXPECT_EQ(PopAll(wheel, At(seconds(5)) + TimerWheel::kTick), std::set<uint32_t>{0});
  }
}

TEST(TimerWheelTest, SettingAgainReplaces) {
  TimerWheel wheel(1);
  wheel.Set(0, At(seconds(1)));
  wheel.Set(0, At(seconds(3)));
  EXPECT_EQ(PopAll(wheel, At(seconds(2))), std::set<uint32_t>{});
  wheel.Set(0, At(milliseconds(2500)));
  EXPECT_EQ(PopAll(wheel, At(milliseconds(2600))), std::set<uint32_t>{0});
  EXPECT_TRUE(wheel.empty());
}

TEST(TimerWheelTest, CancellingWhatIsNotSetDoesNothing) {
  TimerWheel wheel(2);
  wheel.Cancel(1);
  wheel.Set(0, At(seconds(1)));
  wheel.Cancel(1);
  wheel.Cancel(0);
  EXPECT_TRUE(wheel.empty());
  EXPECT_EQ(PopAll(wheel, At(seconds(2))), std::set<uint32_t>{});
}

TEST(TimerWheelTest, WhatIsSetWhileATickIsPoppedFires) {
  TimerWheel wheel(8);
  const Instant now = At(seconds(1));
  for (uint32_t i = 0; i < 4; ++i) wheel.Set(i, now);
  std::set<uint32_t> popped;
  uint32_t next = 4;
  for (uint32_t index = wheel.PopExpired(now); index != TimerWheel::kNone; index = wheel.PopExpired(now)) {
    popped.insert(index);
    if (next < 8) wheel.Set(next++, now);
    // One that stands behind the scan goes away.
    if (index == 2) wheel.Cancel(1);
  }
  popped.merge(PopAll(wheel, now + TimerWheel::kTick));
  EXPECT_TRUE(wheel.empty());
  for (const uint32_t index : {2U, 4U, 5U, 6U, 7U}) EXPECT_TRUE(popped.contains(index)) << index;
}

// Random operations against a model: index to deadline.
void Compare(uint64_t seed, Duration longest_deadline, Duration longest_step) {
  constexpr uint32_t kTimers = 200;
  std::mt19937_64 random(seed);
  TimerWheel wheel(kTimers);
  std::map<uint32_t, Instant> model;
  Instant now = At(seconds(random() % 100'000));
  const auto below = [&random](Duration bound) {
    return Duration(static_cast<int64_t>(random() % static_cast<uint64_t>(bound.count() + 1)));
  };
  PopAll(wheel, now);
  for (int step = 0; step < 4000; ++step) {
    for (uint64_t operations = random() % 6; operations > 0; --operations) {
      const auto index = static_cast<uint32_t>(random() % kTimers);
      if (random() % 4 == 0) {
        wheel.Cancel(index);
        model.erase(index);
      } else {
        const bool passed = random() % 16 == 0;
        const Instant deadline = passed ? now - below(seconds(5)) : now + below(longest_deadline);
        wheel.Set(index, deadline);
        // One that has passed may fire with the next tick.
        model[index] = std::max(deadline, now);
      }
    }
    ASSERT_EQ(wheel.empty(), model.empty());
    if (!model.empty()) {
      Instant earliest = Instant::max();
      for (const auto& [index, deadline] : model) earliest = std::min(earliest, deadline);
      ASSERT_LE(wheel.NextExpiry(), earliest + TimerWheel::kTick) << "would sleep through a deadline";
    }
    now += below(longest_step);
    for (const uint32_t index : PopAll(wheel, now)) {
      ASSERT_TRUE(model.contains(index)) << index << " was not set";
      ASSERT_LE(model[index], now) << index << " fired early";
      model.erase(index);
    }
    for (const auto& [index, deadline] : model) {
      ASSERT_TRUE(wheel.IsSet(index));
      ASSERT_GT(deadline + TimerWheel::kTick, now) << index << " is late, seed " << seed;
    }
  }
}

TEST(TimerWheelTest, AgreesWithAModelWhenSteppedEveryTick) {
  for (uint64_t seed = 1; seed <= 5; ++seed) Compare(seed, seconds(2), milliseconds(1));
}

TEST(TimerWheelTest, AgreesWithAModelBeyondOneRevolution) {
  for (uint64_t seed = 1; seed <= 5; ++seed) Compare(seed, seconds(40), milliseconds(200));
}

TEST(TimerWheelTest, AgreesWithAModelOverJumpsOfHours) {
  for (uint64_t seed = 1; seed <= 5; ++seed) Compare(seed, hours(2), hours(1));
}

}  // namespace
}  // namespace scanner
