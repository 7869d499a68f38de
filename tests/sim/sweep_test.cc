// Whole sweeps, each a function of its seed: servers, faults, engines and rows under one virtual clock.
#include "tests/sim/sweep.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "netio/sim_random.h"

namespace sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Trees with a sanitizer are far slower and draw every fifth seed.
constexpr uint64_t kSeeds = 1000;
constexpr uint64_t kSeedStep = ARPASWEEP_SEED_STEP;

SweepOptions Plain(uint64_t seed) {
  SweepOptions options;
  options.seed = seed;
  options.responder.seed = seed;
  options.responder.mix = arpasim::Mix::All();
  options.targets = {"198.18.0.0/23", "198.18.77.0/25", "2001:db8:5::/119"};
  return options;
}

// How many addresses are not as they should be; the first few are told.
enum class Strictness : uint8_t { kTrue, kTrueOrTransient };
size_t Differences(const SweepOptions& options, const SweepResult& result, Strictness strictness) {
  const std::map<std::string, TextRow> truth = TruthOf(options);
  size_t differences = 0;
  EXPECT_EQ(result.rows.size(), truth.size()) << "seed " << options.seed;
  for (const auto& [address, expected] : truth) {
    const auto found = result.rows.find(address);
    if (found == result.rows.end() || found->second.size() != 1) {
      ADD_FAILURE() << "seed " << options.seed << ": " << address << " does not have one row";
      if (++differences == 5) return differences;
      continue;
    }
    const TextRow& row = found->second[0];
    if (row.comparable == expected.comparable) continue;
    const bool may_not_know = strictness == Strictness::kTrueOrTransient;
    if (may_not_know && (row.verdict == "temperror" || row.essential == expected.essential)) continue;
    ADD_FAILURE() << "seed " << options.seed << ": " << address << "\n  expected " << expected.comparable
                  << "\n  found    " << row.comparable;
    if (++differences == 5) return differences;
  }
  return differences;
}

void ExpectSound(const SweepOptions& options, const SweepResult& result) {
  EXPECT_TRUE(result.finished) << "seed " << options.seed;
  EXPECT_TRUE(result.idle) << "seed " << options.seed;
  EXPECT_EQ(result.excess, 0U) << "seed " << options.seed << ": packets beyond the budgets";
  EXPECT_FALSE(result.window_exceeded) << "seed " << options.seed;
  // Packets whose sending failed are counted by the engine only.
  EXPECT_LE(result.sent, result.stats.packets_sent) << "seed " << options.seed;
  if (result.network.send_failures == 0) {
    EXPECT_EQ(result.sent, result.stats.packets_sent) << "seed " << options.seed;
  }
}

TEST(SweepTest, WithoutFaultsEveryRowIsTrue) {
  const SweepOptions options = Plain(1);
  const SweepResult result = RunSweep(options);
  ExpectSound(options, result);
  EXPECT_EQ(Differences(options, result, Strictness::kTrue), 0U);
}

// What a seed's sweep looks like: everything is drawn.
SweepOptions Drawn(uint64_t seed) {
  netio::SimRandom random(seed * 0x9E3779B97F4A7C15U + 1);
  SweepOptions options = Plain(seed);
  const auto block = [&random] { return std::to_string(random.Below(250)); };
  options.targets = {"198.18." + block() + ".0/24", "198.19." + block() + ".0/25",
                     "198.19." + block() + ".128/26", "2001:db8:" + block() + "::/121",
                     "2001:db8:" + block() + "::7:0/122"};
  options.engines = 1 + static_cast<uint32_t>(random.Below(4));
  options.ipv4_servers = 1 + static_cast<uint32_t>(random.Below(3));
  options.ipv6_servers = 1 + static_cast<uint32_t>(random.Below(2));
  options.max_window = 20 + static_cast<uint32_t>(random.Below(200));
  options.policy.window = 30 + static_cast<uint32_t>(random.Below(300));
  options.policy.mix_case = random.Below(3) == 0;
  options.policy.cookies = random.Below(4) != 0;
  options.max_targets = 64 + static_cast<uint32_t>(random.Below(1000));
  if (random.Below(2) == 0) {
    options.server_budget = {.packets_per_second = 200.0 + static_cast<double>(random.Below(2000)),
                             .burst = 1.0 + static_cast<double>(random.Below(32))};
  }
  if (random.Below(2) == 0) {
    options.total_budget = {.packets_per_second = 500.0 + static_cast<double>(random.Below(3000)),
                            .burst = 1.0 + static_cast<double>(random.Below(64))};
  }
  if (random.Below(4) == 0) {
    options.row_credit = 20'000;
    options.sink_pause = milliseconds(20);
  }
  constexpr arpasim::EdnsManner kEdns[] = {
      arpasim::EdnsManner::kSupported, arpasim::EdnsManner::kSupported,    arpasim::EdnsManner::kSupported,
      arpasim::EdnsManner::kFormerr,   arpasim::EdnsManner::kFormerrEmpty, arpasim::EdnsManner::kNotimp,
      arpasim::EdnsManner::kBadvers,   arpasim::EdnsManner::kIgnored};
  options.responder.server.edns = kEdns[random.Below(std::size(kEdns))];
  constexpr arpasim::CookieManner kCookies[] = {arpasim::CookieManner::kOff, arpasim::CookieManner::kOn,
                                                arpasim::CookieManner::kEnforced};
  options.responder.server.cookies = kCookies[random.Below(std::size(kCookies))];
  arpasim::FaultOptions& faults = options.responder.faults;
  faults = {.loss = 0.02,
            .corrupt = 0.02,
            .duplicate = 0.03,
            .wrong_id = 0.02,
            .wrong_question = 0.02,
            .spoof = 0.02};
  faults.delay_us = static_cast<uint32_t>(random.Below(20'000));
  faults.jitter_us = static_cast<uint32_t>(random.Below(50'000));
  options.faults.min_delay = std::chrono::microseconds(200);
  options.faults.max_delay = std::chrono::microseconds(200 + random.Below(30'000));
  options.faults.slow = 0.01;
  options.faults.duplicate_query = 0.01;
  options.faults.duplicate_reply = 0.01;
  options.faults.spoof = 0.05;
  options.faults.back_pressure = 0.01;
  return options;
}

// Beyond what a correct sweep can make good: rows may then say that they do not know, but nothing false.
void AddHarshFaults(SweepOptions& options) {
  netio::SimRandom random(options.seed + 77);
  netio::SimFaults& faults = options.faults;
  faults.drop_query = 0.03;
  faults.drop_reply = 0.03;
  faults.corrupt_reply = 0.03;
  faults.send_failure = 0.005;
  faults.queue_overflow = 0.01;
  faults.icmp_without_quote = 0.3;
  options.lame_replies = true;
  faults.stream_refusal = 0.1;
  faults.stream_silence = 0.05;
  faults.stream_reset = 0.05;
  faults.stream_close = 0.1;
  if (random.Below(3) == 0) {
    constexpr arpasim::LimitMode kModes[] = {arpasim::LimitMode::kDrop, arpasim::LimitMode::kQueue,
                                             arpasim::LimitMode::kSlip, arpasim::LimitMode::kRefused,
                                             arpasim::LimitMode::kServfail};
    options.responder.limit = {.per_second = 100 + random.Below(2000),
                               .burst = 1 + random.Below(50),
                               .mode = kModes[random.Below(std::size(kModes))]};
  }
  options.dead_servers = static_cast<uint32_t>(random.Below(2));
  options.black_holes = static_cast<uint32_t>(random.Below(2));
}

struct Totals {
  std::set<std::string> reasons;
  netio::SimCounters network;
  arpasim::ResponderStats responder;
  scanner::EngineStats stats;
  uint64_t spoofed = 0;
};

void Add(const SweepResult& result, Totals& totals) {
  for (const auto& [address, rows] : result.rows) {
    for (const TextRow& row : rows) totals.reasons.insert(row.reason);
  }
  totals.responder.Add(result.responder);
  netio::SimCounters& to = totals.network;
  const netio::SimCounters& from = result.network;
  to.slow += from.slow;
  to.reordered += from.reordered;
  to.queries_dropped += from.queries_dropped;
  to.replies_dropped += from.replies_dropped;
  to.queries_duplicated += from.queries_duplicated;
  to.replies_duplicated += from.replies_duplicated;
  to.corrupted += from.corrupted;
  to.spoofed += from.spoofed;
  to.send_failures += from.send_failures;
  to.queue_overflows += from.queue_overflows;
  to.unreachable += from.unreachable;
  to.streams_refused += from.streams_refused;
  to.streams_silent += from.streams_silent;
  to.streams_reset += from.streams_reset;
  to.streams_closed += from.streams_closed;
  to.back_pressure += from.back_pressure;
  totals.stats.late += result.stats.late;
  totals.stats.put_back += result.stats.put_back;
  totals.stats.tcp += result.stats.tcp;
  totals.stats.forward_shared += result.stats.forward_shared;
  totals.spoofed += result.spoofed;
}

void ExpectEverythingHappened(const Totals& totals) {
  const std::set<std::string> reasons = {
      "confirmed",    "forward_mismatch", "forward_missing",  "unusable_name",   "no_ptr",
      "ptr_timeout",  "ptr_servfail",     "ptr_refused",      "ptr_lame",        "ptr_error",
      "forward_lame", "forward_timeout",  "forward_servfail", "forward_refused", "forward_error"};
  EXPECT_EQ(totals.reasons, reasons);
  const netio::SimCounters& network = totals.network;
  const arpasim::ResponderStats& responder = totals.responder;
  const std::pair<const char*, uint64_t> faults[] = {
      {"slow", network.slow},
      {"reordered", network.reordered},
      {"queries dropped", network.queries_dropped},
      {"replies dropped", network.replies_dropped},
      {"queries duplicated", network.queries_duplicated},
      {"replies duplicated", network.replies_duplicated},
      {"corrupted", network.corrupted},
      {"spoofed", network.spoofed},
      {"spoofed and delivered", totals.spoofed},
      {"send failures", network.send_failures},
      {"queue overflows", network.queue_overflows},
      {"unreachable", network.unreachable},
      {"streams refused", network.streams_refused},
      {"streams silent", network.streams_silent},
      {"streams reset", network.streams_reset},
      {"streams closed", network.streams_closed},
      {"back-pressure", network.back_pressure},
      {"lost by the server", responder.lost},
      {"corrupted by the server", responder.corrupt},
      {"duplicated by the server", responder.duplicates},
      {"forged by the server", responder.forged},
      {"truncated", responder.truncated},
      {"limited", responder.limited},
      {"asked over TCP", totals.stats.tcp},
      {"late answers", totals.stats.late},
      {"shared forward lookups", totals.stats.forward_shared},
  };
  for (const auto& [name, count] : faults) EXPECT_GT(count, 0U) << name;
}

TEST(SweepTest, ThousandSeeds) {
  Totals totals;
  for (uint64_t seed = kSeedStep; seed <= kSeeds; seed += kSeedStep) {
    SweepOptions options = Drawn(seed);
    const bool harsh = seed % 2 == 0;
    if (harsh) AddHarshFaults(options);
    const SweepResult result = RunSweep(options);
    ExpectSound(options, result);
    Differences(options, result, harsh ? Strictness::kTrueOrTransient : Strictness::kTrue);
    Add(result, totals);
    if (seed % 20 == 0) {
      EXPECT_EQ(RunSweep(options).digest, result.digest)
          << "seed " << seed << " gave other rows the second time";
    }
    if (HasFailure()) FAIL() << "seed " << seed;
  }
  ExpectEverythingHappened(totals);
}

}  // namespace
}  // namespace sim
