// Targets in, rows out: small scripted sweeps, judged by their rows and by the packets that servers saw.
#include "scanner/core/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "tests/scanner/core/allocation_count.h"
#include "tests/scanner/core/scripted_sweep.h"

namespace scanner {
namespace {

using codec::dns::Type;
using netio::SimReplies;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Every address has a name of its own, which leads back to it.
void Confirm(const Asked& asked, SimReplies& replies) {
  const std::string prefix = asked.name.substr(0, asked.name.find(".in-addr"));
  if (asked.is_ptr()) {
    replies.Send(Ptr(asked, {prefix + ".pool.example."}));
  } else {
    Asked reverse = asked;
    reverse.name = asked.name.substr(0, asked.name.find(".pool")) + ".in-addr.arpa.";
    replies.Send(Address(asked, ReversedAddress(reverse)));
  }
}

TEST(EngineTest, EveryTargetHasOneRow) {
  for (const char* target : {"198.18.0.7", "198.18.0.0/24", "198.18.0.250-198.18.2.3", "198.18.0.0/20"}) {
    ScriptedSweep sweep({.targets = {target}, .forward = true}, Confirm);
    ASSERT_TRUE(sweep.Run()) << target;
    EXPECT_EQ(sweep.rows().size(), sweep.engine().stats().targets_claimed) << target;
    EXPECT_EQ(sweep.rows().size(), sweep.engine().stats().rows) << target;
    for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.reason, "confirmed") << address;
    EXPECT_TRUE(sweep.engine().Idle()) << target;
    EXPECT_EQ(sweep.asked().size(), 2 * sweep.rows().size()) << target;
  }
}

TEST(EngineTest, NoTargetsIsDoneAtOnce) {
  ScriptedSweep sweep({.targets = {}}, Confirm);
  EXPECT_TRUE(sweep.Run(seconds(1)));
  EXPECT_TRUE(sweep.asked().empty());
}

TEST(EngineTest, VerdictsFollowFromTheAnswers) {
  const struct {
    const char* name;
    std::function<void(const Asked&, SimReplies&)> script;
    const char* reason;
  } cases[] = {
      {"no PTR", [](const Asked& asked, SimReplies& replies) { replies.Send(Nxdomain(asked)); }, "no_ptr"},
      {"another address",
       [](const Asked& asked, SimReplies& replies) {
         replies.Send(asked.is_ptr() ? Ptr(asked, {"host.example."}) : Address(asked, {192, 0, 2, 1}));
       },
       "forward_mismatch"},
      {"no address",
       [](const Asked& asked, SimReplies& replies) {
         replies.Send(asked.is_ptr() ? Ptr(asked, {"host.example."}) : Nxdomain(asked));
       },
       "forward_missing"},
      {"never asked",
       [](const Asked& asked, SimReplies& replies) {
         replies.Send(asked.is_ptr() ? Ptr(asked, {"localhost."}) : Address(asked, {127, 0, 0, 1}));
       },
       "unusable_name"},
      {"one of two",
       [](const Asked& asked, SimReplies& replies) {
         if (asked.is_ptr()) {
           replies.Send(Ptr(asked, {"a.example.", "b.example."}));
         } else {
           replies.Send(asked.name == "b.example." ? Address(asked, {198, 18, 0, 7}) : Nxdomain(asked));
         }
       },
       "confirmed"},
      {"forward refused",
       [](const Asked& asked, SimReplies& replies) {
         replies.Send(asked.is_ptr() ? Ptr(asked, {"host.example."})
                                     : Rcode(asked, codec::dns::Rcode::kRefused));
       },
       "forward_refused"},
      {"forward silent",
       [](const Asked& asked, SimReplies& replies) {
         if (asked.is_ptr()) replies.Send(Ptr(asked, {"host.example."}));
       },
       "forward_timeout"},
      {"half an answer",
       [](const Asked& asked, SimReplies& replies) {
         replies.Send(asked.is_ptr() ? Ptr(asked, {"host.example."}) : Address(asked, {198, 18, 0}));
       },
       "forward_error"},
  };
  for (const auto& test : cases) {
    ScriptedSweep sweep({.forward = true}, test.script);
    ASSERT_TRUE(sweep.Run()) << test.name;
    EXPECT_EQ(sweep.row().reason, test.reason) << test.name;
    EXPECT_TRUE(sweep.engine().Idle()) << test.name;
  }
}

TEST(EngineTest, AddressesThatShareANameShareItsLookup) {
  ScriptedSweep sweep(
      {.targets = {"198.18.0.0/29"}, .forward = true}, [](const Asked& asked, SimReplies& replies) {
        // Slow, so that all eight wait for it; in any case, which is one name.
        if (asked.is_ptr()) {
          replies.Send(Ptr(asked, {asked.nth % 2 == 0 ? "shared.example." : "SHARED.example."}));
        } else {
          replies.Send(Address(asked, {198, 18, 0, 5}), milliseconds(100));
        }
      });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(std::ranges::count(sweep.asked(), Type::kA, &Asked::type), 1);
  ASSERT_EQ(sweep.rows().size(), 8U);
  for (const auto& [address, row] : sweep.rows()) {
    EXPECT_EQ(row.reason, address == "198.18.0.5" ? "confirmed" : "forward_mismatch") << address;
  }
  EXPECT_EQ(sweep.engine().stats().forward_shared, 7U);
}

TEST(EngineTest, NoForwardAsksForPtrsOnly) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/24"}}, Confirm);
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.asked().size(), 256U);
  EXPECT_TRUE(std::ranges::all_of(sweep.asked(), &Asked::is_ptr));
  for (const auto& [address, row] : sweep.rows()) {
    EXPECT_EQ(row.verdict, ToString(Verdict::kNone));
    EXPECT_EQ(row.names.size(), 1U);
  }
}

TEST(EngineTest, AFullSinkStopsClaimingAndLosesNothing) {
  // Credit for two rows at a time.
  ScriptedSweep sweep(
      {.targets = {"198.18.0.0/26"}, .forward = true, .row_credit = 1100, .sink_pause = milliseconds(50)},
      Confirm);
  uint32_t most = 0;
  while (!sweep.engine().Done() && sweep.now() < Instant(seconds(60))) {
    sweep.Turn(Instant(seconds(60)));
    most = std::max(most, sweep.engine().targets_in_progress());
  }
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(most, 2U);
  EXPECT_EQ(sweep.rows().size(), 64U);
}

TEST(EngineTest, ASinkThatTakesNothingStopsTheSweepAndNoMore) {
  ScriptedSweep sweep(
      {.targets = {"198.18.0.0/24"}, .row_credit = 5 * 512 + 100, .sink_pause = std::chrono::hours(1)},
      Confirm);
  // The first turn finds an empty queue; the sink comes back an hour later.
  while (sweep.now() < Instant(seconds(30))) sweep.Turn(Instant(seconds(30)));
  const uint64_t claimed = sweep.engine().stats().targets_claimed;
  EXPECT_LT(claimed, 256U);
  EXPECT_GE(claimed, 5U);
  EXPECT_EQ(sweep.engine().targets_in_progress(), 0U);
  EXPECT_FALSE(sweep.engine().Done());
  while (sweep.now() < Instant(seconds(60))) sweep.Turn(Instant(seconds(60)));
  EXPECT_EQ(sweep.engine().stats().targets_claimed, claimed);
}

TEST(EngineTest, StopClaimingFinishesWhatIsInProgress) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/20"}, .forward = true}, Confirm);
  while (sweep.engine().stats().rows < 100) sweep.Turn(Instant(seconds(60)));
  EXPECT_GT(sweep.engine().targets_in_progress(), 0U);
  const uint64_t claimed = sweep.engine().stats().targets_claimed;
  sweep.engine().StopClaiming();
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.engine().stats().targets_claimed, claimed);
  EXPECT_EQ(sweep.rows().size(), claimed);
  EXPECT_LT(claimed, 4096U);
  EXPECT_TRUE(sweep.engine().Idle());
}

TEST(EngineTest, MaxTargetsAreClaimedAndNoMore) {
  for (const uint64_t most : {uint64_t{0}, uint64_t{1}, uint64_t{100}, uint64_t{256}, uint64_t{257}}) {
    ScriptedSweep sweep({.targets = {"198.18.0.0/24"}, .max_targets = most}, Confirm);
    ASSERT_TRUE(sweep.Run()) << most;
    EXPECT_EQ(sweep.rows().size(), std::min<uint64_t>(most, 256)) << most;
  }
}

TEST(EngineTest, ConsecutiveQueriesGoToDifferentBlocks) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/18"}, .policy = {.window = 200}}, Confirm);
  while (sweep.asked().size() < 4000) sweep.Turn(Instant(seconds(60)));
  std::map<std::string, size_t> blocks;
  for (size_t i = 0; i < 4000; ++i) {
    const std::string& name = sweep.asked()[i].name;
    const std::string block = name.substr(name.find('.'));
    if (i > 0) {
      const std::string& before = sweep.asked()[i - 1].name;
      EXPECT_NE(block, before.substr(before.find('.'))) << i;
    }
    ++blocks[block];
  }
  EXPECT_EQ(blocks.size(), 64U);
}

TEST(EngineTest, ManyNamesAndAddressesFitBoundedTables) {
  // 70 names each, of which 64 count, and few targets at once.
  ScriptedSweep sweep(
      {.targets = {"198.18.0.0/26"}, .forward = true, .in_progress = 8},
      [](const Asked& asked, SimReplies& replies) {
        if (!asked.is_ptr()) {
          replies.Send(Nxdomain(asked));
        } else if (asked.over_tcp) {
          std::vector<std::string> names;
          names.reserve(70);
          for (int i = 0; i < 70; ++i) {
            names.push_back("n" + std::to_string(i) + "." + asked.name.substr(0, 6) + ".example.");
          }
          replies.Send(Ptr(asked, names));
        } else {
          replies.Send(Bytes(asked, Answering(asked, kAa | kTc)));
        }
      });
  ASSERT_TRUE(sweep.Run());
  ASSERT_EQ(sweep.rows().size(), 64U);
  for (const auto& [address, row] : sweep.rows()) {
    EXPECT_EQ(row.names.size(), 64U);
    EXPECT_EQ(row.reason, "forward_error") << "64 names do not confirm, and there are more";
  }
  EXPECT_TRUE(sweep.engine().Idle());
}

TEST(EngineTest, StepsOfASteadySweepDoNotAllocate) {
  for (const bool forward : {false, true}) {
    ScriptedSweep sweep({.targets = {"198.18.0.0/17"}, .forward = forward}, Confirm);
    // Warm: every table has been used and every buffer has grown.
    while (sweep.rows().size() < 8'000) sweep.Turn(Instant(seconds(600)));
    uint64_t steps = 0;
    sweep.around_step = [&steps](bool begins) {
      CountAllocations(begins);
      steps += begins ? 1 : 0;
    };
    const uint64_t before = AllocationCount();
    const EngineStats stats = sweep.engine().stats();
    while (sweep.rows().size() < 24'000) sweep.Turn(Instant(seconds(600)));
    EXPECT_EQ(AllocationCount() - before, 0U);
    // Confirmation and the hand-over of rows are part of the steps.
    EXPECT_GE(sweep.engine().stats().rows - stats.rows, 15'000U);
    EXPECT_EQ(sweep.engine().stats().forward_lookups - stats.forward_lookups > 10'000, forward);
    EXPECT_GT(steps, 20U);
  }
}

// The driver reads the clock once a step.
TEST(EngineTest, StepsAreAsManyAsBurstsAndNotAsPackets) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/18"}, .policy = {.window = 512}}, Confirm);
  uint64_t steps = 0;
  sweep.around_step = [&steps](bool begins) { steps += begins ? 1 : 0; };
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.engine().stats().packets_sent, 16'384U);
  EXPECT_LT(steps, 16'384U / 16);
}

// Where all that is in flight is answered at once, the whole of the next window goes out at once.
TEST(EngineTest, BurstsAreFilledUpToSixtyFour) {
  const struct {
    uint32_t window;
    size_t bursts;
  } cases[] = {{1, 1}, {63, 1}, {64, 1}, {65, 2}, {127, 2}, {128, 2}, {129, 3}};
  for (const auto& test : cases) {
    ScriptedSweep sweep({.targets = {"198.18.0.0/17"},
                         .policy = {.window = test.window},
                         .limits = {.budget = {}, .max_window = test.window}},
                        [](const Asked& asked, SimReplies& replies) {
                          constexpr Duration kTurn = milliseconds(20);
                          replies.Send(Nxdomain(asked), kTurn - asked.at.time_since_epoch() % kTurn);
                        });
    uint64_t sent = 0;
    uint32_t whole_windows = 0;
    uint32_t fewest_bursts = 0;
    sweep.around_step = [&](bool begins) {
      const uint64_t sent_now = sweep.engine().stats().packets_sent;
      if (!begins && sent_now - sent == test.window) {
        ++whole_windows;
        EXPECT_GE(sweep.outbox().queued(), test.bursts) << test.window;
        fewest_bursts += sweep.outbox().queued() == test.bursts ? 1 : 0;
      }
      sent = sent_now;
    };
    while (whole_windows < 20 && !sweep.engine().Done()) sweep.Turn(Instant(seconds(600)));
    EXPECT_EQ(whole_windows, 20U) << test.window;
    // Of a few lengths there are not so many names.
    EXPECT_GE(fewest_bursts, 15U) << test.window;
  }
}

TEST(EngineTest, ServersTakeTurnsByBursts) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/18"}, .servers = 3}, Confirm);
  ASSERT_TRUE(sweep.Run());
  for (uint32_t server = 0; server < 3; ++server) {
    const size_t asked = sweep.AskedOf(server).size();
    EXPECT_GT(asked, 16'384U / 4) << server;
    EXPECT_LT(asked, 16'384U * 5 / 12) << server;
  }
}

TEST(EngineTest, TheCountOfAllocationsCounts) {
  CountAllocations(true);
  const uint64_t before = AllocationCount();
  std::make_unique<std::vector<int>>(100);
  CountAllocations(false);
  EXPECT_GE(AllocationCount() - before, 1U);
}

}  // namespace
}  // namespace scanner
