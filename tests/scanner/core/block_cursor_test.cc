#include "scanner/core/block_cursor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace scanner {
namespace {

BlockSet Blocks(const std::vector<std::string>& targets) {
  TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
  for (const std::string& text : targets) EXPECT_TRUE(builder.AddTarget(text).ok()) << text;
  return BlockSet(std::move(builder).Build());
}

std::vector<OpenBlock> Drain(BlockCursor& cursor) {
  std::vector<OpenBlock> opened;
  while (const auto block = cursor.Next()) opened.push_back(*block);
  EXPECT_FALSE(cursor.Next().has_value()) << "nothing after the end";
  return opened;
}

std::vector<uint64_t> Positions(const std::vector<OpenBlock>& opened) {
  std::vector<uint64_t> positions;
  positions.reserve(opened.size());
  for (const OpenBlock& block : opened) positions.push_back(block.position);
  return positions;
}

std::set<IpAddress> Bases(const std::vector<OpenBlock>& opened) {
  std::set<IpAddress> bases;
  for (const OpenBlock& block : opened) EXPECT_TRUE(bases.insert(block.base).second) << block.base.ToString();
  return bases;
}

// Blocks of 202 runs, not all of them full, of both families.
const std::vector<std::string> kManyRuns = {"10.0.0.0/9", "11.0.0.0/10", "12.0.0.0/13",
                                            "10.200.0.0-10.200.0.5", "2001:db8::/112"};

TEST(BlockCursorTest, NoTargets) {
  const BlockSet blocks = Blocks({});
  BlockCursor cursor(blocks, {.shard = 1, .shards = 3});
  EXPECT_FALSE(cursor.Next().has_value());
  EXPECT_EQ(cursor.shard_blocks(), 0U);
  EXPECT_EQ(cursor.shard_targets(), 0U);
}

TEST(BlockCursorTest, SequentialIsNumeric) {
  const BlockSet blocks = Blocks({"10.0.3.0/24", "10.0.1.0/24", "9.0.0.7", "2001:db8::/120"});
  BlockCursor cursor(blocks, {.order = Order::kSequential, .seed = 9});
  const std::vector<OpenBlock> opened = Drain(cursor);
  ASSERT_EQ(opened.size(), 4U);
  EXPECT_EQ(Positions(opened), (std::vector<uint64_t>{0, 1, 2, 3}));
  EXPECT_EQ(opened[0].base.ToString(), "9.0.0.0");
  EXPECT_EQ(opened[0].targets.Count(), 1U);
  EXPECT_TRUE(opened[0].targets.Test(7));
  EXPECT_EQ(opened[1].base.ToString(), "10.0.1.0");
  EXPECT_EQ(opened[2].base.ToString(), "10.0.3.0");
  EXPECT_EQ(opened[3].base.ToString(), "2001:db8::");
}

TEST(BlockCursorTest, RandomGivesTheSameBlocksInAnotherOrder) {
  const BlockSet blocks = Blocks({"10.0.0.0/16", "2001:db8::/112"});
  std::map<uint64_t, std::vector<OpenBlock>> by_seed;
  for (const uint64_t seed : {0U, 1U}) {
    BlockCursor cursor(blocks, {.order = Order::kRandom, .seed = seed});
    by_seed[seed] = Drain(cursor);
    ASSERT_EQ(by_seed[seed].size(), 512U);
    EXPECT_EQ(Bases(by_seed[seed]).size(), 512U);
    uint64_t v6_among_first_half = 0;
    for (size_t i = 0; i < 512; ++i) {
      EXPECT_EQ(by_seed[seed][i].position, i);
      EXPECT_EQ(cursor.At(i).base, by_seed[seed][i].base);
      EXPECT_EQ(cursor.At(i).targets, by_seed[seed][i].targets);
      if (i < 256 && by_seed[seed][i].base.family == Family::kIpv6) ++v6_among_first_half;
    }
    EXPECT_GT(v6_among_first_half, 80U);  // 128 are expected; the deviation is 5.7.
    EXPECT_LT(v6_among_first_half, 176U);
  }
  EXPECT_NE(by_seed[0].front().base, by_seed[1].front().base);
}

TEST(BlockCursorTest, StartLeavesOutThePositionsBefore) {
  const BlockSet blocks = Blocks({"10.0.0.0/20"});
  for (const Order order : {Order::kRandom, Order::kSequential}) {
    BlockCursor whole(blocks, {.order = order, .seed = 4, .shard = 1, .shards = 2});
    const std::vector<uint64_t> all = Positions(Drain(whole));
    for (const uint64_t start : {uint64_t{0}, all[3], all[3] + 1, uint64_t{16}, uint64_t{1'000}}) {
      BlockCursor rest(blocks, {.order = order, .seed = 4, .shard = 1, .shards = 2, .start = start});
      EXPECT_EQ(Positions(Drain(rest)),
                std::vector<uint64_t>(std::ranges::lower_bound(all, start), all.end()));
      EXPECT_EQ(rest.shard_blocks(), all.size());
    }
  }
}

TEST(BlockCursorTest, FourThreadsGetEachPositionOnce) {
  const BlockSet blocks = Blocks({"10.0.0.0/10"});
  for (const uint32_t shards : {1U, 3U}) {
    BlockCursor cursor(blocks, {.seed = 6, .shard = shards - 1, .shards = shards});
    BlockCursor alone(blocks, {.seed = 6, .shard = shards - 1, .shards = shards});
    std::vector<std::vector<uint64_t>> taken(4);
    {
      std::vector<std::jthread> threads;
      threads.reserve(taken.size());
      for (auto& mine : taken) {
        threads.emplace_back([&cursor, &mine] {
          while (const auto block = cursor.Next()) mine.push_back(block->position);
        });
      }
    }
    std::vector<uint64_t> all;
    for (const auto& mine : taken) {
      EXPECT_TRUE(std::ranges::is_sorted(mine));
      all.insert(all.end(), mine.begin(), mine.end());
    }
    std::ranges::sort(all);
    EXPECT_EQ(all, Positions(Drain(alone)));
  }
}

struct ShardCase {
  std::string why;
  std::vector<std::string> targets;
  uint32_t shards;
  bool by_runs;
};

std::vector<ShardCase> ShardCases() {
  return {
      {"202 runs, two shards", kManyRuns, 2, true},
      {"202 runs, three shards", kManyRuns, 3, false},
      {"200 runs, two shards", {"10.0.0.0/9", "11.0.0.0/10", "12.0.0.0/13"}, 2, true},
      {"199 runs, two shards", {"10.0.0.0/9", "11.0.0.0/10", "12.0.0.0-12.6.255.255"}, 2, false},
      {"a /16", {"10.0.0.0/16"}, 4, false},
      {"a /16, uneven", {"10.0.0.0/16"}, 7, false},
      {"fewer blocks than shards", {"10.0.0.0/23", "2001:db8::1"}, 5, false},
      {"lone addresses", {"10.0.0.1", "10.0.0.200", "10.77.0.1", "11.0.0.1"}, 2, false},
  };
}

TEST(ShardTest, ShardsAreDisjointCompleteAndEven) {
  for (const ShardCase& c : ShardCases()) {
    const BlockSet blocks = Blocks(c.targets);
    std::set<IpAddress> all;
    uint64_t targets = 0;
    std::vector<uint64_t> units;
    for (uint32_t shard = 0; shard < c.shards; ++shard) {
      EXPECT_EQ(ShardFilter(blocks, 8, shard, c.shards).by_runs(), c.by_runs) << c.why;
      BlockCursor cursor(blocks, {.seed = 8, .shard = shard, .shards = c.shards});
      const std::vector<OpenBlock> opened = Drain(cursor);
      std::set<Uint128> runs;
      uint64_t mine = 0;
      for (const OpenBlock& block : opened) {
        EXPECT_TRUE(all.insert(block.base).second) << c.why << " " << block.base.ToString();
        mine += block.targets.Count();
        // An IPv6 run does not meet an IPv4 one: their numbers differ in the first bits.
        runs.insert(block.base.number() >> 16);
      }
      EXPECT_EQ(cursor.shard_blocks(), opened.size()) << c.why;
      EXPECT_EQ(cursor.shard_targets(), mine) << c.why;
      targets += mine;
      units.push_back(c.by_runs ? runs.size() : opened.size());
    }
    EXPECT_EQ(all.size(), blocks.blocks()) << c.why;
    EXPECT_EQ(targets, blocks.targets()) << c.why;
    const auto [least, most] = std::ranges::minmax(units);
    EXPECT_LE(most - least, 1U) << c.why;
  }
}

TEST(ShardTest, ARunIsNeverSplitWhileThereAreEnough) {
  const BlockSet blocks = Blocks(kManyRuns);
  std::map<uint64_t, std::set<bool>> by_run;
  const ShardFilter filter(blocks, 1, 0, 2);
  for (uint64_t block = 0; block < blocks.blocks(); ++block)
    by_run[blocks.Run(block)].insert(filter.Contains(block));
  EXPECT_EQ(by_run.size(), 202U);
  for (const auto& [run, sides] : by_run) EXPECT_EQ(sides.size(), 1U) << run;
}

TEST(ShardTest, OrderDoesNotChangeMembershipAndSeedDoes) {
  for (const ShardCase& c : ShardCases()) {
    const BlockSet blocks = Blocks(c.targets);
    for (uint32_t shard = 0; shard < c.shards; ++shard) {
      BlockCursor random(blocks, {.order = Order::kRandom, .seed = 2, .shard = shard, .shards = c.shards});
      BlockCursor sequential(blocks,
                             {.order = Order::kSequential, .seed = 2, .shard = shard, .shards = c.shards});
      EXPECT_EQ(Bases(Drain(random)), Bases(Drain(sequential))) << c.why;
    }
  }
  const BlockSet blocks = Blocks({"10.0.0.0/16"});
  BlockCursor one(blocks, {.seed = 1, .shard = 0, .shards = 2});
  BlockCursor two(blocks, {.seed = 2, .shard = 0, .shards = 2});
  EXPECT_NE(Bases(Drain(one)), Bases(Drain(two)));
}

// Shards draw from the whole order: each is busy from its start to its end, and membership does not follow
// position.
TEST(ShardTest, PositionsOfAShardAreSpread) {
  const BlockSet blocks = Blocks({"10.0.0.0/12"});
  BlockCursor cursor(blocks, {.seed = 3, .shard = 0, .shards = 2});
  const std::vector<uint64_t> positions = Positions(Drain(cursor));
  ASSERT_EQ(positions.size(), 2048U);
  const auto in_first_half = std::ranges::lower_bound(positions, 2048U) - positions.begin();
  EXPECT_GT(in_first_half, 1024 - 6 * 16);
  EXPECT_LT(in_first_half, 1024 + 6 * 16);
}

}  // namespace
}  // namespace scanner
