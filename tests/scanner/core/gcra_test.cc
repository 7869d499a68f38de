#include "scanner/core/gcra.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace scanner {
namespace {

Instant At(int64_t nanoseconds) { return Instant(Duration(nanoseconds)); }
Instant AtMs(int64_t milliseconds) { return At(milliseconds * 1'000'000); }

using Grants = std::vector<std::pair<Instant, uint32_t>>;

// How many packets of `grants`, which are in the order of time, a token bucket would have refused: it never
// goes below zero exactly when every interval t holds at most rate * t + burst.
uint64_t Excess(const Grants& grants, const Gcra::Limits& limits) {
  double tokens = limits.burst;
  uint64_t excess = 0;
  Instant last = grants.empty() ? Instant{} : grants.front().first;
  for (const auto& [at, packets] : grants) {
    const double seconds = std::chrono::duration<double>(at - last).count();
    tokens = std::min<double>(limits.burst, tokens + seconds * limits.packets_per_second);
    last = at;
    constexpr double kRounding = 1e-6;
    for (uint32_t i = 0; i < packets; ++i) {
      tokens -= 1;
      if (tokens < -kRounding) {
        ++excess;
        tokens = 0;
      }
    }
  }
  return excess;
}

struct Case {
  const char* name;
  Gcra::Limits limits;
  int64_t longest_pause;  // Nanoseconds between two calls.
};

constexpr Case kCases[] = {
    {"one at a time", {.packets_per_second = 100, .burst = 1}, 30'000'000},
    {"authoritative default", {.packets_per_second = 50, .burst = 8}, 100'000'000},
    {"resolver default", {.packets_per_second = 1000, .burst = 64}, 5'000'000},
    {"a burst larger than a second's worth", {.packets_per_second = 7, .burst = 100}, 2'000'000'000},
    {"a million a second", {.packets_per_second = 1e6, .burst = 32}, 5'000},
    {"more than a packet a nanosecond", {.packets_per_second = 3e9, .burst = 1000}, 2'000},
    {"below one a second", {.packets_per_second = 0.25, .burst = 2}, 10'000'000'000},
    {"an interval that does not come out even", {.packets_per_second = 3000, .burst = 3}, 2'000'000},
};

TEST(GcraTest, NoIntervalHoldsMoreThanItsShare) {
  for (const Case& test : kCases) {
    std::mt19937_64 random(1);
    Gcra gcra(test.limits);
    Grants grants;
    int64_t now = 5'000'000'000;
    uint64_t granted_in_all = 0;
    for (int step = 0; step < 20'000; ++step) {
      const auto wanted = static_cast<uint32_t>(random() % 40);
      Gcra::Ticket ticket;
      const uint32_t granted = gcra.Take(At(now), wanted, &ticket);
      ASSERT_LE(granted, wanted) << test.name;
      // Part of what was granted last is not sent after all.
      const auto unused = random() % 3 == 0 ? static_cast<uint32_t>(random() % (granted + 1)) : 0;
      gcra.GiveBack(unused, ticket);
      if (granted != unused) grants.emplace_back(At(now), granted - unused);
      granted_in_all += granted - unused;
      if (random() % 4 != 0)
        now += static_cast<int64_t>(random() % static_cast<uint64_t>(test.longest_pause));
    }
    EXPECT_GT(granted_in_all, 100U) << test.name;
    EXPECT_EQ(Excess(grants, test.limits), 0U) << test.name;
  }
}

TEST(GcraTest, WhoAsksAllTheTimeGetsTheRate) {
  for (const Case& test : kCases) {
    if (test.limits.packets_per_second > 1e8) continue;  // Rounded to whole nanoseconds a packet.
    Gcra gcra(test.limits);
    const auto interval = static_cast<int64_t>(1e9 / test.limits.packets_per_second);
    uint64_t granted = 0;
    for (int64_t tick = 0; tick < 4000; ++tick) granted += gcra.Take(At(tick * interval / 4), 1000);
    const double earned = test.limits.burst + 4000.0 / 4;
    EXPECT_GE(static_cast<double>(granted), earned * 0.998 - 1) << test.name;
    EXPECT_LE(static_cast<double>(granted), earned) << test.name;
  }
}

TEST(GcraTest, GrantsTheBurstAtOnceAndNotOneMore) {
  for (const uint32_t burst : {1U, 2U, 8U, 64U, 4096U}) {
    Gcra all({.packets_per_second = 10, .burst = burst});
    EXPECT_EQ(all.Take(AtMs(1000), burst + 1), burst);
    EXPECT_EQ(all.Take(AtMs(1000), 1), 0U);
    EXPECT_EQ(all.Take(AtMs(1099), 1), 0U) << "the next packet is earned after 100 ms";
    EXPECT_EQ(all.Take(AtMs(1100), 2), 1U);
  }
}

TEST(GcraTest, ABurstOfZeroIsOne) {
  Gcra gcra({.packets_per_second = 10, .burst = 0});
  EXPECT_EQ(gcra.Take(AtMs(1000), 5), 1U);
}

TEST(GcraTest, WithoutLimitEverythingGoes) {
  Gcra gcra({.packets_per_second = 0, .burst = 1});
  EXPECT_TRUE(gcra.unlimited());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(gcra.Take(AtMs(5), 1'000'000), 1'000'000U);
  Gcra::Ticket ticket;
  gcra.Take(AtMs(5), 9, &ticket);
  gcra.GiveBack(7, ticket);
  EXPECT_EQ(gcra.NextAllowed(AtMs(5)), AtMs(5));
}

TEST(GcraTest, GivesBackExactlyWhatWasNotSent) {
  Gcra gcra({.packets_per_second = 10, .burst = 8});
  Gcra::Ticket ticket;
  EXPECT_EQ(gcra.Take(AtMs(1000), 8, &ticket), 8U);
  gcra.GiveBack(2, ticket);
  gcra.GiveBack(1, ticket);
  EXPECT_EQ(gcra.Take(AtMs(1000), 8, &ticket), 3U);
  gcra.GiveBack(0, ticket);
  EXPECT_EQ(gcra.Take(AtMs(1000), 8), 0U);
}

TEST(GcraTest, WhatWasHeldForTooLongIsForfeited) {
  Gcra gcra({.packets_per_second = 10, .burst = 8});
  Gcra::Ticket held;
  EXPECT_EQ(gcra.Take(AtMs(1000), 8, &held), 8U);
  // A whole burst is earned meanwhile, and another engine takes it.
  EXPECT_EQ(gcra.Take(AtMs(5000), 8), 8U);
  gcra.GiveBack(8, held);
  EXPECT_EQ(gcra.Take(AtMs(5000), 8), 0U);
}

TEST(GcraTest, NextAllowedIsTheFirstMomentOfAGrant) {
  for (const double rate : {0.5, 10.0, 900.0}) {
    Gcra gcra({.packets_per_second = rate, .burst = 4});
    Instant now = AtMs(10'000);
    EXPECT_EQ(gcra.NextAllowed(now), now);
    EXPECT_EQ(gcra.Take(now, 4), 4U);
    for (int i = 0; i < 5; ++i) {
      const Instant next = gcra.NextAllowed(now);
      ASSERT_GT(next, now) << rate;
      EXPECT_EQ(gcra.Take(next - Duration(1), 1), 0U) << rate;
      EXPECT_EQ(gcra.Take(next, 1), 1U) << rate;
      now = next;
    }
  }
}

TEST(GcraTest, AtHighRatesNextAllowedWaitsForAMillisecondsWorth) {
  Gcra gcra({.packets_per_second = 100'000, .burst = 512});
  EXPECT_EQ(gcra.Take(AtMs(1000), 512), 512U);
  const Instant next = gcra.NextAllowed(AtMs(1000));
  EXPECT_EQ(next, AtMs(1001));
  EXPECT_EQ(gcra.Take(next, 512), 100U);
}

TEST(GcraTest, NewLimitsHoldFromNowOn) {
  Gcra gcra({.packets_per_second = 1000, .burst = 10});
  EXPECT_EQ(gcra.Take(AtMs(1000), 100), 10U);
  gcra.SetLimits({.packets_per_second = 10, .burst = 2});
  uint32_t granted = 0;
  for (int64_t ms = 1000; ms <= 2000; ++ms) granted += gcra.Take(AtMs(ms), 100);
  EXPECT_LE(granted, 12U);
  EXPECT_GE(granted, 10U);
}

TEST(GcraTest, ThreadsThatRaceShareOneBudget) {
  const Gcra::Limits limits = {.packets_per_second = 1e6, .burst = 16};
  Gcra gcra(limits);
  std::vector<Grants> by_thread(2);
  std::atomic<int64_t> clock{1'000'000};
  std::atomic<int> content{0};
  const auto race = [&](uint64_t seed, Grants& grants) {
    std::mt19937_64 random(seed);
    // Until both have had their share; by the time it is used, the time may be over for the other.
    while (content < 2) {
      const int64_t now = clock.fetch_add(static_cast<int64_t>(random() % 2'000));
      const uint32_t granted = gcra.Take(At(now), 1 + static_cast<uint32_t>(random() % 8));
      if (granted == 0) continue;
      grants.emplace_back(At(now), granted);
      if (grants.size() == 10'000) ++content;
    }
  };
  std::thread other(race, 1, std::ref(by_thread[0]));
  race(2, by_thread[1]);
  other.join();
  Grants all = by_thread[0];
  all.insert(all.end(), by_thread[1].begin(), by_thread[1].end());
  std::ranges::stable_sort(all, {}, &Grants::value_type::first);
  EXPECT_EQ(Excess(all, limits), 0U);
}

}  // namespace
}  // namespace scanner
