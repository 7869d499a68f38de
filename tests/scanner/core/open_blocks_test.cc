#include "scanner/core/open_blocks.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "scanner/core/blocks.h"
#include "scanner/core/target_set.h"

namespace scanner {
namespace {

class Sweep {
 public:
  explicit Sweep(const std::vector<std::string>& targets, uint64_t seed = 1)
      : blocks_(Targets(targets)), cursor_(blocks_, {.seed = seed}) {}

  BlockCursor& cursor() { return cursor_; }
  uint64_t targets() const { return blocks_.targets(); }

 private:
  static TargetSet Targets(const std::vector<std::string>& targets) {
    TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
    for (const std::string& target : targets) EXPECT_TRUE(builder.AddTarget(target).ok()) << target;
    return std::move(builder).Build();
  }

  BlockSet blocks_;
  BlockCursor cursor_;
};

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
      while (open.HasNext()) {
        const std::optional<TargetAddress> target = open.Next();
        ASSERT_TRUE(target);
        ASSERT_TRUE(seen.insert(target->address).second) << target->address.ToString();
        ASSERT_EQ(target->address.significant().back(), target->offset);
        const OpenBlock block = sweep.cursor().At(target->position);
        ASSERT_TRUE(block.targets.Test(target->offset)) << target->address.ToString();
      }
      EXPECT_EQ(seen.size(), sweep.targets()) << targets[0] << " " << most;
      EXPECT_FALSE(open.Next());
      EXPECT_FALSE(open.HasNext());
    }
  }
}

TEST(OpenBlocksTest, KeepsAtMostSoManyOpen) {
  for (const std::vector<std::string>& targets : Sweeps()) {
    for (const uint32_t most : {1U, 2U, 3U, 5U}) {
      Sweep sweep(targets);
      OpenBlocks open(sweep.cursor(), most);
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
      OpenBlocks open(sweep.cursor(), most);
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

TEST(OpenBlocksTest, NamesOfOneLengthComeTogether) {
  Sweep sweep({"10.0.0.0/18"});
  OpenBlocks open(sweep.cursor(), 1024);
  size_t length = 0;
  uint64_t runs = 0;
  uint64_t targets = 0;
  while (const std::optional<TargetAddress> target = open.Next()) {
    const size_t next = target->address.ToString().size();
    runs += next != length ? 1 : 0;
    length = next;
    ++targets;
  }
  EXPECT_EQ(targets, sweep.targets());
  EXPECT_LE(runs, targets / 8) << "sixteen could share a send";
}

TEST(OpenBlocksTest, SeveralShareOneCursorWithoutOverlap) {
  Sweep sweep({"10.0.0.0/21", "192.0.2.0/26"});
  std::vector<OpenBlocks> engines(3, OpenBlocks(sweep.cursor(), 2));
  std::set<IpAddress> seen;
  for (size_t turn = 0; seen.size() < sweep.targets(); ++turn) {
    ASSERT_LT(turn, 4 * sweep.targets());
    const std::optional<TargetAddress> target = engines[turn % 3].Next();
    if (target) {
      ASSERT_TRUE(seen.insert(target->address).second);
    }
  }
  for (OpenBlocks& engine : engines) EXPECT_FALSE(engine.HasNext());
}

TEST(OpenBlocksTest, NoTargetsNoBlocks) {
  Sweep sweep({});
  OpenBlocks open(sweep.cursor(), 4);
  EXPECT_FALSE(open.HasNext());
  EXPECT_FALSE(open.Next());
}

}  // namespace
}  // namespace scanner
