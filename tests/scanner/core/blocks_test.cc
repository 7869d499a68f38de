#include "scanner/core/blocks.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scanner {
namespace {

BlockSet Blocks(const std::vector<std::string>& targets) {
  TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
  for (const std::string& text : targets) EXPECT_TRUE(builder.AddTarget(text).ok()) << text;
  return BlockSet(std::move(builder).Build());
}

TEST(TargetBitmapTest, RangesEndWhereTheyShould) {
  for (int first = 0; first < 256; ++first) {
    for (int last = first; last < 256; ++last) {
      TargetBitmap bitmap;
      bitmap.SetRange(static_cast<uint8_t>(first), static_cast<uint8_t>(last));
      ASSERT_EQ(bitmap.Count(), static_cast<uint32_t>(last - first + 1));
      ASSERT_TRUE(bitmap.Test(static_cast<uint8_t>(first)));
      ASSERT_TRUE(bitmap.Test(static_cast<uint8_t>(last)));
    }
  }
}

TEST(TargetBitmapTest, SetAndClear) {
  TargetBitmap bitmap;
  EXPECT_TRUE(bitmap.Empty());
  for (const uint8_t offset : std::to_array<uint8_t>({0, 63, 64, 255})) {
    bitmap.Set(offset);
    EXPECT_TRUE(bitmap.Test(offset));
    EXPECT_FALSE(bitmap.Test(static_cast<uint8_t>(offset ^ 1)));
    EXPECT_FALSE(bitmap.Empty());
    EXPECT_EQ(bitmap.Count(), 1U);
    bitmap.Clear(offset);
    EXPECT_TRUE(bitmap.Empty());
  }
}

TEST(BlockSetTest, NoTargets) {
  const BlockSet blocks = Blocks({});
  EXPECT_EQ(blocks.blocks(), 0U);
  EXPECT_EQ(blocks.runs(), 0U);
  EXPECT_EQ(blocks.targets(), 0U);
}

TEST(BlockSetTest, BasesAndBitmaps) {
  const BlockSet blocks =
      Blocks({"192.0.2.255-192.0.3.0", "10.0.0.0/23", "10.0.9.1", "10.0.9.3", "2001:db8::fe/127"});
  struct Case {
    std::string_view base;
    std::vector<std::pair<uint8_t, uint8_t>> ranges;
    uint64_t run;
  };
  const std::vector<Case> cases = {
      {"10.0.0.0", {{0, 255}}, 0},    {"10.0.1.0", {{0, 255}}, 0}, {"10.0.9.0", {{1, 1}, {3, 3}}, 0},
      {"192.0.2.0", {{255, 255}}, 1}, {"192.0.3.0", {{0, 0}}, 1},  {"2001:db8::", {{254, 255}}, 2},
  };
  ASSERT_EQ(blocks.blocks(), cases.size());
  EXPECT_EQ(blocks.runs(), 3U);
  EXPECT_EQ(blocks.targets(), 512U + 2 + 2 + 2);
  for (size_t i = 0; i < cases.size(); ++i) {
    TargetBitmap expected;
    for (const auto& [first, last] : cases[i].ranges) expected.SetRange(first, last);
    EXPECT_EQ(blocks.Base(i).ToString(), cases[i].base);
    EXPECT_EQ(blocks.Bitmap(i), expected) << cases[i].base;
    EXPECT_EQ(blocks.Run(i), cases[i].run) << cases[i].base;
  }
}

TEST(BlockSetTest, EndsOfTheAddressSpace) {
  const BlockSet blocks = Blocks({"0.0.0.0/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0/112"});
  constexpr uint64_t kV4Blocks = 1U << 24;
  EXPECT_EQ(blocks.blocks(), kV4Blocks + 1 + 256);
  EXPECT_EQ(blocks.runs(), 65'536U + 2);
  EXPECT_EQ(blocks.Base(kV4Blocks - 1).ToString(), "255.255.255.0");
  EXPECT_EQ(blocks.Bitmap(kV4Blocks - 1).Count(), 256U);
  EXPECT_EQ(blocks.Run(kV4Blocks - 1), 65'535U);
  EXPECT_EQ(blocks.Base(kV4Blocks).ToString(), "::");
  EXPECT_EQ(blocks.Bitmap(kV4Blocks).Count(), 1U);
  EXPECT_EQ(blocks.Run(kV4Blocks), 65'536U);
  EXPECT_EQ(blocks.Base(kV4Blocks + 256).ToString(), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00");
  EXPECT_EQ(blocks.Bitmap(kV4Blocks + 256).Count(), 256U);
  EXPECT_EQ(blocks.Run(kV4Blocks + 256), 65'537U);
}

TEST(BlockSetTest, StaysValidWhenMoved) {
  BlockSet blocks = Blocks({"10.0.0.0/24", "10.0.2.7"});
  const BlockSet moved(std::move(blocks));
  EXPECT_EQ(moved.Base(1).ToString(), "10.0.2.0");
  EXPECT_TRUE(moved.Bitmap(1).Test(7));
}

// Against maps of what random ranges hold; wide apart, so that blocks and runs are shared, adjacent and
// missing.
TEST(BlockSetTest, AgreesWithAListOfAddresses) {
  std::mt19937 generator(11);
  const auto random = [&generator] { return static_cast<uint32_t>(generator()); };
  for (int round = 0; round < 200; ++round) {
    const bool v6 = round % 2 == 1;
    std::vector<std::string> targets;
    std::map<uint32_t, TargetBitmap> expected;  // By base.
    const uint32_t scale = 1U << (9 + random() % 12);
    for (unsigned i = 1 + random() % 12; i > 0; --i) {
      const uint32_t first = 0x0A000000 + random() % scale;
      const uint32_t last = first + random() % (random() % 2 == 0 ? 3U : 700U);
      const auto text = [v6](uint32_t n) {
        return (v6 ? IpAddress::FromV6(n) : IpAddress::FromV4(n)).ToString();
      };
      targets.push_back(text(first) + "-" + text(last));
      for (uint32_t n = first; n <= last; ++n) expected[n & ~0xFFU].Set(static_cast<uint8_t>(n));
    }
    const BlockSet blocks = Blocks(targets);
    ASSERT_EQ(blocks.blocks(), expected.size());
    std::map<uint32_t, uint64_t> runs;  // By the upper half of the base.
    uint64_t index = 0;
    for (const auto& [base, bitmap] : expected) {
      const uint64_t run = runs.try_emplace(base >> 16, runs.size()).first->second;
      ASSERT_EQ(blocks.Base(index), v6 ? IpAddress::FromV6(base) : IpAddress::FromV4(base));
      ASSERT_EQ(blocks.Bitmap(index), bitmap);
      ASSERT_EQ(blocks.Run(index), run);
      ++index;
    }
    ASSERT_EQ(blocks.runs(), runs.size());
  }
}

}  // namespace
}  // namespace scanner
