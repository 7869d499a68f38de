#include "scanner/core/open_blocks.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "codec/dns/reverse_name.h"
#include "scanner/core/blocks.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

bool All(const IpAddress& /*base*/) { return true; }

class Sweep {
 public:
  explicit Sweep(const std::vector<std::string>& targets, uint64_t seed = 1)
      : blocks_(Parse(targets)), cursor_(blocks_, {.seed = seed}) {}

  BlockCursor& cursor() { return cursor_; }
  uint64_t targets() const { return blocks_.targets(); }

 private:
  static TargetSet Parse(const std::vector<std::string>& targets) {
    TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
    for (const std::string& target : targets) EXPECT_TRUE(builder.AddTarget(target).ok()) << target;
    return std::move(builder).Build();
  }

  BlockSet blocks_;
  BlockCursor cursor_;
};

// One after another, whatever runs they come in.
class Targets {
 public:
  Targets(BlockCursor& cursor, uint32_t most) : open_(cursor, most) {}

  std::optional<TargetAddress> Next() {
    if (next_ == taken_) {
      taken_ = open_.TakeRun(run_, netio::Instant{}, All);
      next_ = 0;
    }
    if (next_ == taken_) return std::nullopt;
    return run_[next_++];
  }

 private:
  OpenBlocks open_;
  std::array<TargetAddress, 16> run_;
  size_t next_ = 0;
  size_t taken_ = 0;
};

size_t NameLength(const IpAddress& address) {
  std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name;
  return codec::dns::WriteReverseName(address.significant(), name);
}

const std::vector<std::vector<std::string>>& Sweeps() {
  static const std::vector<std::vector<std::string>> sweeps = {
      {"192.0.2.7"},
      {"192.0.2.0/24"},
      {"192.0.2.0/25", "198.51.100.0/24"},
      {"10.0.0.0/20"},
      {"10.0.0.255-10.0.3.0", "10.9.0.13"},
      {"2001:db8::/118", "2001:db8:1::5", "203.0.113.64/26"},
  };
  return sweeps;
}

TEST(OpenBlocksTest, GivesEveryTargetOnce) {
  for (const std::vector<std::string>& targets : Sweeps()) {
    for (const uint32_t most : {1U, 2U, 3U, 100U}) {
      Sweep sweep(targets);
      OpenBlocks open(sweep.cursor(), most);
      std::set<IpAddress> seen;
      std::array<TargetAddress, 1> target;
      while (open.HasNext()) {
        ASSERT_EQ(open.TakeRun(target, netio::Instant{}, All), 1U);
        ASSERT_TRUE(seen.insert(target[0].address).second) << target[0].address.ToString();
        ASSERT_EQ(target[0].address.significant().back(), target[0].offset);
        const OpenBlock block = sweep.cursor().At(target[0].position);
        ASSERT_TRUE(block.targets.Test(target[0].offset)) << target[0].address.ToString();
      }
      EXPECT_EQ(seen.size(), sweep.targets()) << targets[0] << " " << most;
      EXPECT_EQ(open.TakeRun(target, netio::Instant{}, All), 0U);
      EXPECT_FALSE(open.HasNext());
    }
  }
}

TEST(OpenBlocksTest, KeepsAtMostSoManyOpen) {
  for (const std::vector<std::string>& targets : Sweeps()) {
    for (const uint32_t most : {1U, 2U, 3U, 5U}) {
      Sweep sweep(targets);
      Targets open(sweep.cursor(), most);
      std::map<uint64_t, uint32_t> left;  // Of the blocks that were begun and are not finished.
      while (const std::optional<TargetAddress> target = open.Next()) {
        if (!left.contains(target->position)) {
          left[target->position] = sweep.cursor().At(target->position).targets.Count();
        }
        ASSERT_LE(left.size(), most) << targets[0];
        if (--left[target->position] == 0) left.erase(target->position);
      }
      EXPECT_TRUE(left.empty());
    }
  }
}

// Only where at most sixteen blocks are left may one give two in a row, for the sake of equal lengths.
TEST(OpenBlocksTest, ConsecutiveTargetsAreOfDifferentBlocks) {
  for (const char* prefix : {"10.0.0.0/18", "2001:db8::/112", "192.99.0.0/18"}) {
    for (const uint32_t most : {18U, 40U, 1024U}) {
      Sweep sweep({prefix});
      Targets open(sweep.cursor(), most);
      std::map<uint64_t, uint32_t> left;
      const uint64_t blocks = sweep.targets() / 256;
      uint64_t finished = 0;
      std::optional<uint64_t> previous;
      while (blocks - finished > 17) {
        const std::optional<TargetAddress> target = open.Next();
        ASSERT_NE(target->position, previous) << prefix << " " << most;
        previous = target->position;
        finished += ++left[target->position] == 256 ? 1 : 0;
      }
    }
  }
}

TEST(OpenBlocksTest, ARunIsOfOneLengthAndAsLongAsAsked) {
  for (const char* prefix : {"10.0.0.0/18", "198.18.0.0/15", "2001:db8::/112"}) {
    for (const size_t most : {1U, 2U, 63U, 64U, 65U}) {
      Sweep sweep({prefix});
      OpenBlocks open(sweep.cursor(), 1024);
      std::vector<TargetAddress> run(most);
      uint64_t runs = 0;
      uint64_t targets = 0;
      while (const size_t taken = open.TakeRun(run, netio::Instant{}, All)) {
        ASSERT_LE(taken, most);
        for (const TargetAddress& target : std::span(run).first(taken)) {
          ASSERT_EQ(NameLength(target.address), NameLength(run[0].address)) << prefix;
        }
        ++runs;
        targets += taken;
      }
      EXPECT_EQ(targets, sweep.targets()) << prefix;
      // Only near the end, where few are left to choose from, is a run shorter.
      EXPECT_LE(runs * most, targets + targets / 8) << prefix << " " << most;
    }
  }
}

TEST(OpenBlocksTest, ARunWithoutRoomTakesNothing) {
  Sweep sweep({"10.0.0.0/24"});
  OpenBlocks open(sweep.cursor(), 4);
  EXPECT_EQ(open.TakeRun({}, netio::Instant{}, All), 0U);
  std::array<TargetAddress, 256> all;
  uint64_t targets = 0;
  while (const size_t taken = open.TakeRun(all, netio::Instant{}, All)) targets += taken;
  EXPECT_EQ(targets, 256U);
}

TEST(OpenBlocksTest, SeveralShareOneCursorWithoutOverlap) {
  Sweep sweep({"10.0.0.0/21", "192.0.2.0/26"});
  std::vector<Targets> engines(3, Targets(sweep.cursor(), 2));
  std::set<IpAddress> seen;
  for (size_t turn = 0; seen.size() < sweep.targets(); ++turn) {
    ASSERT_LT(turn, 4 * sweep.targets());
    const std::optional<TargetAddress> target = engines[turn % 3].Next();
    if (target) {
      ASSERT_TRUE(seen.insert(target->address).second);
    }
  }
  for (Targets& engine : engines) EXPECT_FALSE(engine.Next());
}

TEST(OpenBlocksTest, NoTargetsNoBlocks) {
  Sweep sweep({});
  OpenBlocks open(sweep.cursor(), 4);
  EXPECT_FALSE(open.HasNext());
  std::array<TargetAddress, 1> target;
  EXPECT_EQ(open.TakeRun(target, netio::Instant{}, All), 0U);
}

TEST(OpenBlocksTest, SetsBlocksAsideAndTakesThemBack) {
  const BlockSet blocks = [] {
    TargetSetBuilder builder({});
    EXPECT_TRUE(builder.AddTarget("198.18.0.0/22").ok());
    return BlockSet(std::move(builder).Build());
  }();
  BlockCursor cursor(blocks, {.order = Order::kSequential});
  OpenBlocks open(cursor, 2);  // Of the four.
  const auto odd = [](const IpAddress& base) { return base.octets[2] % 2 == 1; };
  std::array<TargetAddress, 64> run;
  std::map<int, int> taken;
  const auto take = [&](netio::Instant now, OpenBlocks::Admits admits) {
    const size_t count = open.TakeRun(run, now, admits);
    for (const TargetAddress& target : std::span(run).first(count)) ++taken[target.address.octets[2]];
    return count;
  };
  const netio::Instant start{std::chrono::seconds(1)};
  while (take(start, odd) != 0) {
  }
  EXPECT_EQ(taken, (std::map<int, int>{{1, 256}, {3, 256}}));
  EXPECT_TRUE(open.HasNext()) << "two are aside";
  EXPECT_EQ(take(start + OpenBlocks::kAside - netio::Duration(1), All), 0U) << "not yet";
  while (take(start + OpenBlocks::kAside, All) != 0) {
  }
  EXPECT_EQ(taken, (std::map<int, int>{{0, 256}, {1, 256}, {2, 256}, {3, 256}}));
  EXPECT_FALSE(open.HasNext());
}

// What is set aside has a bound: beyond it blocks are asked although nobody admits them.
TEST(OpenBlocksTest, AsManyAsideAsOpen) {
  const BlockSet blocks = [] {
    TargetSetBuilder builder({});
    EXPECT_TRUE(builder.AddTarget("198.18.0.0/21").ok());
    return BlockSet(std::move(builder).Build());
  }();
  BlockCursor cursor(blocks, {.order = Order::kSequential});
  OpenBlocks open(cursor, 3);
  std::array<TargetAddress, 1> run;
  ASSERT_EQ(open.TakeRun(run, netio::Instant{}, [](const IpAddress& /*base*/) { return false; }), 1U);
  EXPECT_EQ(run[0].address.octets[2], 3);
}

}  // namespace
}  // namespace scanner
