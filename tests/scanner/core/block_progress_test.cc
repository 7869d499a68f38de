#include "scanner/core/block_progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "scanner/core/target_set.h"
#include "scanner/row/byte_writer.h"

namespace scanner {
namespace {

using Targets = std::set<std::pair<uint64_t, int>>;  // Position and offset.

BlockSet Blocks(const std::vector<std::string>& targets) {
  TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
  for (const std::string& text : targets) EXPECT_TRUE(builder.AddTarget(text).ok()) << text;
  return BlockSet(std::move(builder).Build());
}

void Add(const OpenBlock& block, Targets& targets) {
  for (int offset = 0; offset < 256; ++offset) {
    if (!block.targets.Test(static_cast<uint8_t>(offset))) continue;
    EXPECT_TRUE(targets.emplace(block.position, offset).second) << block.position << " " << offset;
  }
}

Targets Drain(BlockCursor& cursor) {
  Targets targets;
  while (const auto block = cursor.Next()) Add(*block, targets);
  return targets;
}

// What a sweep that goes on after `progress` is given.
Targets Rest(const BlockSet& blocks, CursorOptions options, const BlockProgress& progress) {
  options.start = progress.next();
  BlockCursor cursor(blocks, options, progress.Open());
  const uint64_t announced = cursor.targets_to_give();
  Targets rest = Drain(cursor);
  EXPECT_EQ(announced, rest.size());
  return rest;
}

std::vector<uint8_t> Serialized(const BlockProgress& progress) {
  std::vector<uint8_t> octets;
  progress.Serialize(octets);
  return octets;
}

const std::vector<std::string> kTargets = {"10.0.0.0/18", "10.9.0.0-10.9.0.5", "10.9.3.250-10.9.4.5",
                                           "2001:db8::/118"};

TEST(BlockProgress, GoesOnWithWhatIsLeftWhereverItStops) {
  const BlockSet blocks = Blocks(kTargets);
  std::mt19937_64 random(7);
  for (const auto& [order, shard, shards] :
       {std::tuple(Order::kRandom, 0U, 1U), std::tuple(Order::kSequential, 0U, 1U),
        std::tuple(Order::kRandom, 1U, 3U), std::tuple(Order::kSequential, 2U, 3U)}) {
    const CursorOptions options{.order = order, .seed = 5, .shard = shard, .shards = shards};
    const BlockCursor sweep(blocks, options);
    BlockCursor all(blocks, options);
    Targets left = Drain(all);
    BlockProgress progress(sweep);
    uint64_t completed = 0;
    // Blocks are begun in their order; of those that are, any target may be next, and some are kept to the
    // end.
    while (!left.empty()) {
      auto done = left.begin();
      std::advance(done, std::min<uint64_t>(left.size() - 1, random() % 4096));
      if (done->second % 61 == 0 && random() % 16 != 0) continue;
      progress.Complete(done->first, static_cast<uint8_t>(done->second));
      left.erase(done);
      ++completed;
      if (random() % 64 != 0 && !left.empty()) continue;
      ASSERT_EQ(Rest(blocks, options, progress), left);
      const absl::StatusOr<BlockProgress> parsed = BlockProgress::Parse(sweep, Serialized(progress));
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      EXPECT_EQ(parsed->completed(), completed);
      EXPECT_EQ(progress.completed(), completed);
      ASSERT_EQ(Rest(blocks, options, *parsed), left);
      if (random() % 4 == 0) progress = *parsed;
    }
    EXPECT_TRUE(progress.Open().empty());
  }
}

TEST(BlockProgress, OfASweepThatIsMuchLargerThanWhatIsOpenStaysSmall) {
  const BlockSet blocks = Blocks({"10.0.0.0/11"});
  const BlockCursor sweep(blocks, {});
  BlockProgress progress(sweep);
  for (uint64_t position = 0; position < blocks.blocks(); ++position) {
    for (int offset = position % 1000 == 0 ? 1 : 0; offset < 256; ++offset) {
      progress.Complete(position, static_cast<uint8_t>(offset));
    }
  }
  EXPECT_EQ(progress.Open().size(), 9U);
  EXPECT_LT(Serialized(progress).size(), 9U * 35 + 16);
}

TEST(BlockProgress, TheFirstTargetsAndTheLast) {
  const BlockSet blocks = Blocks({"10.0.0.0/23"});
  const BlockCursor sweep(blocks, {.order = Order::kSequential});
  BlockProgress progress(sweep);
  EXPECT_EQ(Rest(blocks, {.order = Order::kSequential}, progress).size(), 512U);
  progress.Complete(1, 255);
  EXPECT_EQ(progress.next(), 2U);
  EXPECT_EQ(Rest(blocks, {.order = Order::kSequential}, progress).size(), 511U);
  EXPECT_EQ(progress.Open().front().targets.Count(), 256U);
}

class HostileProgress : public testing::Test {
 protected:
  HostileProgress()
      : blocks_(Blocks({"10.0.0.0-10.0.2.9"})), sweep_(blocks_, {.order = Order::kSequential}) {}

  struct Entry {
    uint64_t distance;
    TargetBitmap pending;
  };

  static TargetBitmap Some(std::initializer_list<uint8_t> offsets) {
    TargetBitmap bitmap;
    for (const uint8_t offset : offsets) bitmap.Set(offset);
    return bitmap;
  }
  static std::vector<uint8_t> Octets(uint64_t next, uint64_t count, const std::vector<Entry>& entries) {
    std::vector<uint8_t> octets;
    ByteWriter writer(octets);
    writer.Varint(next);
    writer.Varint(count);
    for (const Entry& entry : entries) {
      writer.Varint(entry.distance);
      for (const uint64_t word : entry.pending.words) writer.Fixed64(word);
    }
    return octets;
  }
  std::string Error(const std::vector<uint8_t>& octets) const {
    return std::string(BlockProgress::Parse(sweep_, octets).status().message());
  }

  const BlockSet blocks_;  // Three blocks, of the last one ten targets.
  const BlockCursor sweep_;
};

TEST_F(HostileProgress, IsRefusedBesideItsLegalNeighbour) {
  const struct {
    const char* what;
    std::vector<uint8_t> octets;
    const char* error;
  } cases[] = {
      {"nothing done", Octets(0, 0, {}), ""},
      {"all done", Octets(3, 0, {}), ""},
      {"beyond the sweep", Octets(4, 0, {}), "the progress of the sweep has more blocks than the sweep"},
      {"the last open block", Octets(3, 1, {{2, Some({9})}}), ""},
      {"at next", Octets(2, 1, {{2, Some({9})}}), "the progress of the sweep has blocks out of order"},
      {"no target", Octets(3, 1, {{2, Some({10})}}),
       "the progress of the sweep has other targets than the sweep"},
      {"nothing pending", Octets(3, 1, {{2, Some({})}}),
       "the progress of the sweep has other targets than the sweep"},
      {"two blocks", Octets(3, 2, {{0, Some({1})}, {1, Some({1})}}), ""},
      {"one block twice", Octets(3, 2, {{1, Some({1})}, {0, Some({1})}}),
       "the progress of the sweep has blocks out of order"},
      {"backwards", Octets(3, 2, {{2, Some({1})}, {UINT64_MAX, Some({1})}}),
       "the progress of the sweep has blocks out of order"},
      {"fewer than it says", Octets(3, 2, {{0, Some({1})}}), "the progress of the sweep is cut off"},
      {"more than memory holds", Octets(3, UINT64_MAX, {}), "the progress of the sweep is cut off"},
      {"more than it says", Octets(3, 0, {{0, Some({1})}}),
       "the progress of the sweep is longer than it says"},
      {"no octet", {}, "the progress of the sweep is cut off"},
      {"an endless number", std::vector<uint8_t>(16, 0xFF), "the progress of the sweep is cut off"},
  };
  for (const auto& c : cases) EXPECT_EQ(Error(c.octets), c.error) << c.what;
}

TEST_F(HostileProgress, OfAnotherShardIsRefused) {
  const BlockSet blocks = Blocks({"10.0.0.0/20"});
  const CursorOptions options{.order = Order::kSequential, .shard = 0, .shards = 2};
  const BlockCursor mine(blocks, options);
  uint64_t other = 0;
  while (mine.InShard(other)) ++other;
  uint64_t own = 0;
  while (!mine.InShard(own)) ++own;
  EXPECT_TRUE(BlockProgress::Parse(mine, Octets(16, 1, {{own, Some({1})}})).ok());
  EXPECT_EQ(BlockProgress::Parse(mine, Octets(16, 1, {{other, Some({1})}})).status().message(),
            "the progress of the sweep has a block of another shard");
}

TEST_F(HostileProgress, OfRandomOctetsNeverEndsTheProgram) {
  std::mt19937_64 random(3);
  const std::vector<uint8_t> good = Octets(3, 2, {{0, Some({1, 7})}, {2, Some({1})}});
  uint64_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<uint8_t> octets = good;
    octets.resize(random() % (good.size() + 1));
    for (uint64_t changes = random() % 4; changes > 0 && !octets.empty(); --changes) {
      octets[random() % octets.size()] = static_cast<uint8_t>(random());
    }
    const absl::StatusOr<BlockProgress> parsed = BlockProgress::Parse(sweep_, octets);
    refused += parsed.ok() ? 0 : 1;
    if (parsed.ok()) {
      EXPECT_LE(parsed->completed(), sweep_.shard_targets());
    }
  }
  EXPECT_GT(refused, 10'000U);
}

}  // namespace
}  // namespace scanner
