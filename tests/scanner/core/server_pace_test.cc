#include "scanner/core/server_pace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>
#include <vector>

#include "netio/sim_random.h"

namespace scanner {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What a server does to what it is sent.
struct Behaviour {
  Duration rtt = milliseconds(10);
  double loss = 0;
  double servfail = 0;
  uint32_t capacity = 0;  // Packets a second, 50 ms of them at once; drops the others. 0: all it is sent.
  bool silent = false;
  Duration patience = milliseconds(200);  // Of the engine with it.
};

// One engine that has always something to ask, in steps of a millisecond.
class Load {
 public:
  Load(ServerPace& pace, uint64_t seed) : pace_(pace), random_(seed) {}

  struct Seen {
    uint64_t sent = 0;
    uint64_t clean = 0;  // Answers that were neither REFUSED nor SERVFAIL.
    uint64_t lost = 0;
    uint32_t most_in_flight = 0;
    bool limiting = false;
    std::vector<Instant> times;  // Of each packet.
  };

  Seen Run(const Behaviour& server, Duration duration) {
    Seen seen;
    for (const Instant end = now_ + duration; now_ < end; now_ += milliseconds(1)) {
      for (; !outcomes_.empty() && outcomes_.begin()->first <= now_; outcomes_.erase(outcomes_.begin())) {
        Report(outcomes_.begin()->second, seen);
      }
      Send(server, seen);
      pace_.Adapt(now_);
      seen.most_in_flight = std::max(seen.most_in_flight, pace_.in_flight());
      seen.limiting = seen.limiting || pace_.Limiting(now_);
    }
    return seen;
  }

  Instant now() const { return now_; }

 private:
  enum class Outcome : uint8_t { kAnswered, kPushedBack, kLost };
  struct Packet {
    Instant sent_at;
    Outcome outcome;
  };

  void Report(const Packet& packet, Seen& seen) {
    pace_.Settle();
    if (packet.outcome == Outcome::kLost) {
      pace_.OnLoss(now_, true);
      ++seen.lost;
      return;
    }
    pace_.OnAnswer(now_, now_ - packet.sent_at, true, packet.outcome == Outcome::kPushedBack);
    if (packet.outcome == Outcome::kAnswered) ++seen.clean;
  }

  void Send(const Behaviour& server, Seen& seen) {
    const double a_step = server.capacity / 1000.0;
    const double depth = std::max(8.0, 50 * a_step);
    tokens_ = std::min(depth, tokens_ + a_step);
    while (const uint32_t granted = pace_.Take(now_, 16)) {
      for (uint32_t i = 0; i < granted; ++i) {
        ++seen.sent;
        seen.times.push_back(now_);
        pace_.OnSent(now_, true);
        const bool dropped = server.capacity != 0 && tokens_ < 1;
        if (!dropped) tokens_ -= 1;
        Packet packet{.sent_at = now_, .outcome = Outcome::kAnswered};
        if (random_.Chance(server.servfail)) packet.outcome = Outcome::kPushedBack;
        if (dropped || server.silent || random_.Chance(server.loss)) packet.outcome = Outcome::kLost;
        constexpr Duration kPatience = milliseconds(200);
        outcomes_.emplace(now_ + (packet.outcome == Outcome::kLost ? kPatience : server.rtt), packet);
      }
    }
  }

  ServerPace& pace_;
  netio::SimRandom random_;
  Instant now_{seconds(100)};
  double tokens_ = 0;  // What the server takes at the moment.
  std::multimap<Instant, Packet> outcomes_;
};

// The most packets of `times` in any stretch of `length`.
size_t MostWithin(const std::vector<Instant>& times, Duration length) {
  size_t most = 0;
  size_t first = 0;
  for (size_t last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= length) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(ServerPaceTest, NeverSendsMoreThanTheBudget) {
  const Behaviour behaviours[] = {{}, {.loss = 0.3}, {.servfail = 0.5}, {.capacity = 100}, {.silent = true}};
  for (const Behaviour& behaviour : behaviours) {
    for (const Gcra::Limits budget : {Gcra::Limits{.packets_per_second = 50, .burst = 8},
                                      Gcra::Limits{.packets_per_second = 1000, .burst = 64}}) {
      ServerPace pace({.budget = budget, .max_window = 1000});
      const Load::Seen seen = Load(pace, 1).Run(behaviour, seconds(20));
      for (const Duration length : {Duration(milliseconds(1)), Duration(milliseconds(20)),
                                    Duration(seconds(1)), Duration(seconds(20))}) {
        const double allowed =
            std::chrono::duration<double>(length).count() * budget.packets_per_second + budget.burst;
        EXPECT_LE(static_cast<double>(MostWithin(seen.times, length)), allowed);
      }
      EXPECT_GT(seen.sent, 0U);
    }
  }
}

TEST(ServerPaceTest, ACleanServerGetsTheWholeBudget) {
  ServerPace pace({.budget = {.packets_per_second = 1000, .burst = 64}, .max_window = 1000});
  const Load::Seen seen = Load(pace, 1).Run({}, seconds(10));
  EXPECT_GE(seen.sent, 9'900U);
  EXPECT_FALSE(seen.limiting);
}

TEST(ServerPaceTest, WindowGrowsToItsMaximumAndNoFurther) {
  for (const uint32_t most : {1U, 31U, 32U, 33U, 1000U}) {
    ServerPace pace({.budget = {}, .max_window = most});
    EXPECT_EQ(pace.window(), std::min(32U, most));
    const Load::Seen seen = Load(pace, 1).Run({}, seconds(3));
    EXPECT_EQ(pace.window(), most);
    EXPECT_EQ(seen.most_in_flight, most);
  }
}

TEST(ServerPaceTest, AWindowOfZeroIsOne) {
  ServerPace pace({.budget = {}, .max_window = 0});
  EXPECT_EQ(pace.Take(Instant(seconds(1)), 5), 1U);
}

TEST(ServerPaceTest, SettlesAtWhatALimitingServerDelivers) {
  for (const uint32_t capacity : {200U, 1000U, 5000U}) {
    ServerPace pace({.budget = {}, .max_window = 1000});
    Load load(pace, 1);
    const Load::Seen start = load.Run({.capacity = capacity}, seconds(10));
    EXPECT_TRUE(start.limiting) << capacity;
    const Load::Seen seen = load.Run({.capacity = capacity}, seconds(20));
    const double delivered = static_cast<double>(seen.clean) / 20;
    EXPECT_GE(delivered, 0.7 * capacity) << capacity << ": slower than it could be";
    EXPECT_LE(static_cast<double>(seen.lost), 0.3 * static_cast<double>(seen.sent)) << capacity;
  }
}

TEST(ServerPaceTest, WhatIsHeldToBeLostTakesNoPlaceInTheWindow) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  // Of the first window most is lost, and nobody gives it up for a minute.
  const Load::Seen seen = Load(pace, 1).Run({.capacity = 160, .patience = seconds(60)}, seconds(10));
  EXPECT_GE(seen.clean, 10U * 160 * 7 / 10);
}

TEST(ServerPaceTest, LossesOnThisMachineAreNoLimit) {
  for (const bool here : {true, false}) {
    ServerPace pace({.budget = {}, .max_window = 1000});
    Load load(pace, 1);
    load.Run({}, seconds(1));
    bool limiting = false;
    for (int i = 0; i < 50; ++i) {
      if (here) pace.OnLocalLoss();
      limiting = load.Run({.loss = 0.5}, milliseconds(10)).limiting || limiting;
    }
    EXPECT_EQ(limiting, !here);
  }
}

TEST(ServerPaceTest, RecoversWhenTheLimitIsGone) {
  ServerPace pace({.budget = {}, .max_window = 100});
  Load load(pace, 1);
  load.Run({.capacity = 300}, seconds(10));
  load.Run({}, seconds(30));
  const Load::Seen seen = load.Run({}, seconds(5));
  // 100 in flight over 10 ms.
  EXPECT_GE(seen.clean, 5U * 9'000);
  EXPECT_FALSE(pace.Limiting(load.now()));
}

TEST(ServerPaceTest, SlowsDownWhenMostIsRefused) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  Load load(pace, 1);
  const Load::Seen before = load.Run({}, seconds(3));
  const Load::Seen seen = load.Run({.servfail = 0.9}, seconds(1));
  EXPECT_TRUE(seen.limiting);
  // At least a third slower in the first second; then it is learnt that slowing down does not help.
  EXPECT_LT(3 * seen.sent, before.sent * 2 / 3);
}

TEST(ServerPaceTest, SteadyTroubleOfThePathOrTheDataDoesNotSlow) {
  const struct {
    const char* name;
    Behaviour server;
  } cases[] = {{"2% lost", {.loss = 0.02}},
               {"a fifth of the names fail", {.servfail = 0.2}},
               {"both", {.loss = 0.02, .servfail = 0.2}}};
  ServerPace clean({.budget = {}, .max_window = 200});
  Load undisturbed(clean, 1);
  undisturbed.Run({}, seconds(20));
  const uint64_t possible = undisturbed.Run({}, seconds(20)).sent;
  for (const auto& test : cases) {
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      ServerPace pace({.budget = {}, .max_window = 200});
      Load load(pace, seed);
      load.Run(test.server, seconds(20));
      const Load::Seen seen = load.Run(test.server, seconds(20));
      // What is lost holds its place in the window for 200 ms instead of 10.
      const double worth = 10.0 / (10.0 + test.server.loss * 190.0);
      EXPECT_GE(static_cast<double>(seen.sent), 0.9 * worth * static_cast<double>(possible))
          << test.name << " " << seed;
    }
  }
}

TEST(ServerPaceTest, AStandingQueueShrinksTheWindow) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  Load load(pace, 1);
  load.Run({.rtt = milliseconds(5)}, seconds(5));
  EXPECT_EQ(pace.window(), 1000U);
  load.Run({.rtt = milliseconds(150)}, seconds(10));
  EXPECT_LT(pace.window(), 200U);
  EXPECT_GE(pace.window(), 4U);
  load.Run({.rtt = milliseconds(5)}, seconds(10));
  EXPECT_EQ(pace.window(), 1000U);
}

TEST(ServerPaceTest, ASilentServerIsRestedAndProbedEverMoreRarely) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  Load load(pace, 1);
  const Load::Seen first = load.Run({.silent = true}, milliseconds(400));
  EXPECT_EQ(first.sent, 32U) << "the first window, and nothing more";
  EXPECT_TRUE(pace.Resting(load.now()));
  const Load::Seen seen = load.Run({.silent = true}, seconds(300));
  ASSERT_GE(seen.times.size(), 8U);
  Duration gap{};
  for (size_t i = 1; i < seen.times.size(); ++i) {
    const Duration next = seen.times[i] - seen.times[i - 1];
    EXPECT_GE(next, gap) << "probe " << i;
    EXPECT_GE(next, seconds(1)) << "one probe at a time";
    EXPECT_LE(next, seconds(30) + milliseconds(1));
    gap = next;
  }
  EXPECT_GE(gap, seconds(30));
  EXPECT_LE(seen.times.size(), 16U);
}

TEST(ServerPaceTest, OneAnswerEndsTheRest) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  Load load(pace, 1);
  load.Run({.silent = true}, seconds(50));
  ASSERT_TRUE(pace.Resting(load.now()));
  const Load::Seen seen = load.Run({}, seconds(40));
  EXPECT_FALSE(pace.Resting(load.now()));
  EXPECT_GT(seen.clean, 10'000U);
  // The next rest is a short one again.
  load.Run({.silent = true}, seconds(2));
  ASSERT_TRUE(pace.Resting(load.now()));
  EXPECT_LE(pace.NextAllowed(load.now()), load.now() + seconds(2));
}

TEST(ServerPaceTest, SomeLossesInARowAreNoSilence) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  const Instant now(seconds(10));
  ASSERT_EQ(pace.Take(now, 32), 32U);
  for (int i = 0; i < 7; ++i) pace.OnLoss(now + seconds(1), true);
  EXPECT_FALSE(pace.Resting(now + seconds(1)));
  pace.OnLoss(now + seconds(1), true);
  EXPECT_TRUE(pace.Resting(now + seconds(1)));
}

TEST(ServerPaceTest, WhoAnsweredWithinTheSecondIsNotSilent) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  const Instant now(seconds(10));
  ASSERT_EQ(pace.Take(now, 32), 32U);
  pace.OnAnswer(now, milliseconds(5), true, false);
  for (int i = 0; i < 20; ++i) pace.OnLoss(now + seconds(1), true);
  EXPECT_FALSE(pace.Resting(now + seconds(1)));
  pace.OnLoss(now + seconds(1) + Duration(1), true);
  EXPECT_TRUE(pace.Resting(now + seconds(1) + Duration(1)));
}

TEST(ServerPaceTest, LossesOfOneQuestionAskedAgainAreNotTheServers) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  const Instant now(seconds(10));
  ASSERT_EQ(pace.Take(now, 32), 32U);
  for (int i = 0; i < 32; ++i) pace.OnLoss(now + seconds(1), false);
  EXPECT_FALSE(pace.Resting(now + seconds(1)));
  EXPECT_EQ(pace.counts().lost, 32U);
}

TEST(ServerPaceTest, VeryManyQuestionsAskedAgainAndLostAreTheServers) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  const Instant now(seconds(10));
  for (int i = 0; i < 255; ++i) pace.OnLoss(now + seconds(1), false);
  EXPECT_FALSE(pace.Resting(now + seconds(1)));
  pace.OnLoss(now + seconds(1), false);
  EXPECT_TRUE(pace.Resting(now + seconds(1)));
}

TEST(ServerPaceTest, LossesOfWhatWasSentBeforeARestDoNotLengthenIt) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  const Instant now(seconds(10));
  ASSERT_EQ(pace.Take(now, 32), 32U);
  for (int i = 0; i < 32; ++i) pace.OnLoss(now + seconds(1), true);
  const Instant probe = now + seconds(2);
  EXPECT_EQ(pace.NextAllowed(now + seconds(1)), probe);
  ASSERT_EQ(pace.Take(probe, 1), 1U);
  pace.OnSent(probe, true);
  EXPECT_EQ(pace.NextAllowed(probe), probe + seconds(1));
}

TEST(ServerPaceTest, IcmpRestsAtOnce) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  const Instant now(seconds(10));
  ASSERT_EQ(pace.Take(now, 4), 4U);
  pace.Settle(4);
  pace.OnUnreachable(now);
  EXPECT_TRUE(pace.Resting(now));
  EXPECT_EQ(pace.Take(now, 1), 0U);
  EXPECT_EQ(pace.NextAllowed(now), now + seconds(1));
  EXPECT_EQ(pace.Take(now + seconds(1) - Duration(1), 5), 0U);
  EXPECT_EQ(pace.Take(now + seconds(1), 5), 1U) << "one probe";
  EXPECT_EQ(pace.Take(now + seconds(1), 5), 0U);
  EXPECT_EQ(pace.counts().unreachable, 1U);
}

TEST(ServerPaceTest, GiveBackRestoresBudgetWindowAndCounts) {
  ServerPace pace({.budget = {.packets_per_second = 1, .burst = 10}, .max_window = 8});
  const Instant now(seconds(10));
  ServerPace::Permit permit;
  ASSERT_EQ(pace.Take(now, 16, &permit), 8U);
  EXPECT_TRUE(pace.WindowFull());
  EXPECT_EQ(pace.Take(now, 1), 0U);
  EXPECT_EQ(pace.in_flight(), 8U) << "a refused packet is not in flight";
  pace.GiveBack(5, permit);
  EXPECT_EQ(pace.in_flight(), 3U);
  EXPECT_EQ(pace.counts().sent, 3U);
  EXPECT_EQ(pace.Take(now, 16), 5U);
  pace.Settle(8);
  EXPECT_EQ(pace.Take(now, 16, &permit), 2U) << "of a burst of 10, 8 were sent";
  pace.GiveBack(0, permit);
  EXPECT_EQ(pace.in_flight(), 2U);
}

// What Adapt keeps to itself shows in the window, which grows with what is answered.
TEST(ServerPaceTest, OthersAdaptWhenTheOwnerDoesNot) {
  struct Step {
    Duration since_owner;
    bool adapts;
  };
  const Step steps[] = {
      {Duration::zero(), false},
      {ServerPace::kOwnerAbsent, false},
      {ServerPace::kOwnerAbsent + Duration(1), true},
  };
  for (const Step& step : steps) {
    ServerPace pace({.budget = {}, .max_window = 1000});
    const Instant now(seconds(10));
    pace.Adapt(now);
    const uint32_t before = pace.window();
    ASSERT_EQ(pace.Take(now, before), before);
    pace.OnAnswer(now, milliseconds(1), true, false, before);
    pace.AdaptInPlaceOfOwner(now + step.since_owner);
    EXPECT_EQ(pace.window() > before, step.adapts) << step.since_owner.count() << " ns";
  }
}

TEST(ServerPaceTest, NobodyAdaptsAtATimeThatHasPassed) {
  for (const Duration back : {Duration(0), Duration(1)}) {
    ServerPace pace({.budget = {}, .max_window = 1000});
    const Instant now(seconds(10));
    pace.AdaptInPlaceOfOwner(now);
    const uint32_t before = pace.window();
    ASSERT_EQ(pace.Take(now, before), before);
    pace.OnAnswer(now, milliseconds(1), true, false, before);
    pace.Adapt(now - back);
    EXPECT_EQ(pace.window() > before, back == Duration(0)) << back.count() << " ns back";
  }
}

// Each thread has a clock of its own, and the owner's stands still now and then.
TEST(ServerPaceTest, ThreadsMayAdaptAtTheSameTime) {
  ServerPace pace({.budget = {}, .max_window = 1000});
  constexpr int kTurns = 20'000;
  const auto take_part = [&pace](bool owner) {
    uint64_t sent = 0;
    for (int turn = 0; turn < kTurns; ++turn) {
      const Instant now = Instant(seconds(10)) + turn * milliseconds(1);
      const uint32_t granted = pace.Take(now, 16);
      sent += granted;
      if (granted != 0) pace.OnSent(now, true, granted);
      pace.Settle(granted);
      for (uint32_t i = 0; i < granted; ++i) {
        if (i % 4 == 0) {
          pace.OnLoss(now, true);
        } else {
          pace.OnAnswer(now, milliseconds(1), true, false);
        }
      }
      if (!owner) {
        pace.AdaptInPlaceOfOwner(now);
      } else if (turn % 1'000 < 500) {
        pace.Adapt(now);
      }
    }
    return sent;
  };
  uint64_t others = 0;
  std::thread other([&others, &take_part] { others = take_part(false); });
  const uint64_t owners = take_part(true);
  other.join();
  EXPECT_EQ(pace.counts().sent, owners + others);
  EXPECT_EQ(pace.counts().answered + pace.counts().lost, owners + others);
  EXPECT_EQ(pace.in_flight(), 0U);
}

TEST(ServerPaceTest, CountsWhatHappened) {
  ServerPace pace({.budget = {}, .max_window = 100});
  const Instant now(seconds(10));
  EXPECT_EQ(pace.last_answer(), Instant::min());
  ASSERT_EQ(pace.Take(now, 3), 3U);
  pace.OnAnswer(now + milliseconds(3), milliseconds(3), true, false);
  pace.OnAnswer(now + milliseconds(4), milliseconds(4), true, true);
  pace.OnLoss(now + seconds(1), true);
  const ServerPace::Counts counts = pace.counts();
  EXPECT_EQ(counts.sent, 3U);
  EXPECT_EQ(counts.answered, 2U);
  EXPECT_EQ(counts.pushed_back, 1U);
  EXPECT_EQ(counts.lost, 1U);
  EXPECT_EQ(counts.unreachable, 0U);
  EXPECT_EQ(pace.last_answer(), now + milliseconds(4));
}

}  // namespace
}  // namespace scanner
