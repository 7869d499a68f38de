// Scans whose disk fails: at any operation, full, read-only, or with an fsync that reports an error.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <map>
#include <string>

#include "netio/sim_random.h"
#include "tests/sim/durable_scan.h"

namespace sim {
namespace {

using Kind = scanner::OutputFormat::Kind;

// Trees with a sanitizer are far slower and draw every fifth seed.
constexpr uint64_t kSeeds = 1000;
constexpr uint64_t kSeedStep = ARPASWEEP_SEED_STEP;

constexpr scanner::OutputFormat kFormats[] = {{Kind::kParquet, false},
                                              {Kind::kCsv, false},
                                              {Kind::kNdjson, false},
                                              {Kind::kCsv, true},
                                              {Kind::kNdjson, true}};

DurableScanOptions OptionsOf(uint64_t seed, netio::SimRandom& random) {
  DurableScanOptions options;
  options.targets = {"198.18.0.0-198.18." + std::to_string(1 + random.Below(5)) + ".77", "203.0.113.9",
                     "2001:db8::/120"};
  options.order = {.order = random.Below(2) == 0 ? scanner::Order::kRandom : scanner::Order::kSequential,
                   .seed = seed};
  if (random.Below(4) == 0) {
    options.order.shards = 2;
    options.order.shard = static_cast<uint32_t>(random.Below(2));
  }
  options.format = kFormats[seed % std::size(kFormats)];
  options.parquet.row_group_rows = static_cast<uint32_t>(1 + random.Below(200));
  if (random.Below(4) == 0) options.only = "problems";
  return options;
}

enum class Fault : uint8_t { kPower, kFull, kReadOnly, kSyncError, kStop };
constexpr uint64_t kFaults = 5;

class DurableScans {
 public:
  explicit DurableScans(uint64_t seed) : random_(seed), scan_(OptionsOf(seed, random_)) {}

  void Run() {
    const uint64_t faults = 1 + random_.Below(4);
    for (uint64_t i = 0; i < faults && !testing::Test::HasFailure(); ++i)
      RunWith(Fault{static_cast<uint8_t>(random_.Below(kFaults))});
    if (testing::Test::HasFailure()) return;
    EXPECT_EQ(scan_.Run(random_, UINT64_MAX), RunEnd::kComplete);
    scan_.ExpectComplete();
    EXPECT_GE(scan_.asked(), scan_.targets());
  }

  std::map<RunEnd, uint64_t> ends;

 private:
  void RunWith(Fault fault) {
    uint64_t most = UINT64_MAX;
    netio::SimStorage& disk = scan_.disk();
    // Some of them before there is anything, most in the middle, some after all is done.
    const uint64_t operation = 1 + random_.Below(random_.Below(2) == 0 ? 30 : 250);
    switch (fault) {
      case Fault::kPower:
        scan_.storage().FailAt(operation, random_.Next());
        break;
      case Fault::kFull:
        disk.LimitBytes(random_.Below(60'000));
        break;
      case Fault::kReadOnly:
        scan_.storage().At(operation, [&disk] { disk.SetReadOnly(true); });
        break;
      case Fault::kSyncError:
        scan_.storage().At(operation, [&disk] { disk.FailNextSync(EIO); });
        break;
      case Fault::kStop:
        most = 1 + random_.Below(scan_.targets());
        break;
    }
    const RunEnd end = scan_.Run(random_, most);
    ++ends[end];
    disk.SetReadOnly(false);
    disk.LimitBytes(UINT64_MAX);
    // A file whose fsync failed stays as it is until the machine starts anew, and it may do so at any time.
    if (end != RunEnd::kPowerFailed && (fault == Fault::kSyncError || random_.Below(3) == 0)) {
      if (end == RunEnd::kInterrupted) scan_.ExpectReadable();
      disk.Crash(random_.Next());
    }
    scan_.storage().PowerOn();
    disk.FailNextSync(0);
    scan_.ExpectSound();
    if (end == RunEnd::kInterrupted) scan_.ExpectReadable();
  }

  netio::SimRandom random_;
  DurableScan scan_;
};

TEST(DurableScan, LosesNothingThatItsJournalClaims) {
  std::map<RunEnd, uint64_t> ends;
  for (uint64_t seed = 0; seed < kSeeds; seed += kSeedStep) {
    DurableScans scans(seed);
    scans.Run();
    for (const auto& [end, count] : scans.ends) ends[end] += count;
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  // Every way to end occurred, and often.
  for (const RunEnd end : {RunEnd::kComplete, RunEnd::kInterrupted, RunEnd::kFailed, RunEnd::kPowerFailed}) {
    EXPECT_GE(ends[end], kSeeds / kSeedStep / 20) << static_cast<int>(end);
  }
}

// Of one small scan, at every operation that there is.
TEST(DurableScan, MayLoseItsPowerBeforeAnyOperation) {
  for (const scanner::OutputFormat format : kFormats) {
    for (uint64_t operation = 1;; ++operation) {
      DurableScanOptions options;
      options.targets = {"198.18.0.0/25", "198.18.1.0/25"};
      options.format = format;
      options.parquet.row_group_rows = 50;
      DurableScan scan(options);
      netio::SimRandom random(1);
      scan.storage().FailAt(operation, operation);
      const RunEnd end = scan.Run(random, UINT64_MAX);
      scan.storage().PowerOn();
      scan.ExpectSound();
      ASSERT_EQ(scan.Run(random, UINT64_MAX), RunEnd::kComplete);
      scan.ExpectComplete();
      ASSERT_FALSE(HasFailure()) << "operation " << operation << " of " << FormatName(format);
      if (end == RunEnd::kComplete) break;
      ASSERT_EQ(end, RunEnd::kPowerFailed);
    }
  }
}

}  // namespace
}  // namespace sim
