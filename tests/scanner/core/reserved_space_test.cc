#include "scanner/core/reserved_space.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace scanner {
namespace {

IpPrefix Prefix(std::string_view text) {
  const std::optional<IpPrefix> prefix = IpPrefix::Parse(text);
  EXPECT_TRUE(prefix.has_value()) << text;
  return prefix.value_or(IpPrefix{});
}

TEST(ReservedSpaceTest, TableIsOrderedAndNested) {
  const auto blocks = SpecialPurposeBlocks();
  for (size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_FALSE(blocks[i].name.empty());
    EXPECT_EQ(
        IpPrefix::Parse(blocks[i].prefix.base.ToString() + "/" + std::to_string(blocks[i].prefix.length)),
        blocks[i].prefix)
        << blocks[i].name << ": host bits";
    if (i == 0) continue;
    const IpPrefix& before = blocks[i - 1].prefix;
    const IpPrefix& after = blocks[i].prefix;
    EXPECT_TRUE(before.base < after.base || (before.base == after.base && before.length < after.length))
        << blocks[i].name;
  }
}

// Each block by its ends, each with the neighbour outside.
TEST(ReservedSpaceTest, EndsOfEveryBlock) {
  struct Case {
    std::string_view address;
    bool special;
  };
  constexpr std::array kCases = {
      Case{"0.0.0.0", true},
      Case{"0.255.255.255", true},
      Case{"1.0.0.0", false},
      Case{"9.255.255.255", false},
      Case{"10.0.0.0", true},
      Case{"10.255.255.255", true},
      Case{"11.0.0.0", false},
      Case{"100.63.255.255", false},
      Case{"100.64.0.0", true},
      Case{"100.127.255.255", true},
      Case{"100.128.0.0", false},
      Case{"126.255.255.255", false},
      Case{"127.0.0.1", true},
      Case{"127.255.255.255", true},
      Case{"128.0.0.0", false},
      Case{"169.253.255.255", false},
      Case{"169.254.0.0", true},
      Case{"169.254.255.255", true},
      Case{"169.255.0.0", false},
      Case{"172.15.255.255", false},
      Case{"172.16.0.0", true},
      Case{"172.31.255.255", true},
      Case{"172.32.0.0", false},
      Case{"191.255.255.255", false},
      Case{"192.0.0.0", true},
      Case{"192.0.0.8", true},
      Case{"192.0.0.9", false},
      Case{"192.0.0.10", false},
      Case{"192.0.0.11", true},
      Case{"192.0.0.170", true},
      Case{"192.0.0.255", true},
      Case{"192.0.1.0", false},
      Case{"192.0.1.255", false},
      Case{"192.0.2.0", true},
      Case{"192.0.2.255", true},
      Case{"192.0.3.0", false},
      Case{"192.31.196.1", false},
      Case{"192.52.193.1", false},
      Case{"192.88.99.1", false},
      Case{"192.88.99.2", true},
      Case{"192.88.99.3", false},
      Case{"192.167.255.255", false},
      Case{"192.168.0.0", true},
      Case{"192.168.255.255", true},
      Case{"192.169.0.0", false},
      Case{"192.175.48.1", false},
      Case{"198.17.255.255", false},
      Case{"198.18.0.0", true},
      Case{"198.19.255.255", true},
      Case{"198.20.0.0", false},
      Case{"198.51.99.255", false},
      Case{"198.51.100.0", true},
      Case{"198.51.100.255", true},
      Case{"198.51.101.0", false},
      Case{"203.0.112.255", false},
      Case{"203.0.113.0", true},
      Case{"203.0.113.255", true},
      Case{"203.0.114.0", false},
      Case{"223.255.255.255", false},
      Case{"224.0.0.0", true},
      Case{"239.255.255.255", true},
      Case{"240.0.0.0", true},
      Case{"255.255.255.255", true},

      Case{"::", true},
      Case{"::1", true},
      Case{"::2", false},
      Case{"::fffe:ffff:ffff", false},
      Case{"::ffff:0.0.0.0", true},
      Case{"::ffff:255.255.255.255", true},
      Case{"::1:0:0:0", false},
      Case{"64:ff9b::", false},
      Case{"64:ff9b::ffff:ffff", false},
      Case{"64:ff9b:0:ffff:ffff:ffff:ffff:ffff", false},
      Case{"64:ff9b:1::", true},
      Case{"64:ff9b:1:ffff:ffff:ffff:ffff:ffff", true},
      Case{"64:ff9b:2::", false},
      Case{"ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"100::", true},
      Case{"100::1:0:0:0", true},
      Case{"100:0:0:1:ffff:ffff:ffff:ffff", true},
      Case{"100:0:0:2::", false},
      Case{"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"2001::", true},
      Case{"2001:0:ffff::", true},
      Case{"2001:1::", true},
      Case{"2001:1::1", false},
      Case{"2001:1::2", false},
      Case{"2001:1::3", false},
      Case{"2001:1::4", true},
      Case{"2001:2::1", true},
      Case{"2001:2:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"2001:3::", false},
      Case{"2001:3:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"2001:4::", true},
      Case{"2001:4:111:ffff:ffff:ffff:ffff:ffff", true},
      Case{"2001:4:112::", false},
      Case{"2001:4:112:ffff:ffff:ffff:ffff:ffff", false},
      Case{"2001:4:113::", true},
      Case{"2001:10::", true},
      Case{"2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"2001:20::", false},
      Case{"2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"2001:30::", false},
      Case{"2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"2001:40::", true},
      Case{"2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"2001:200::", false},
      Case{"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"2001:db8::", true},
      Case{"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"2001:db9::", false},
      Case{"2002:c000:201::", false},
      Case{"2620:4f:8000::", false},
      Case{"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"3fff::", true},
      Case{"3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"3fff:1000::", false},
      Case{"5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"5f00::", true},
      Case{"5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"5f01::", false},
      Case{"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"fc00::", true},
      Case{"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"fe00::", false},
      Case{"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"fe80::", true},
      Case{"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
      Case{"fec0::", false},
      Case{"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
      Case{"ff00::", true},
      Case{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
  };
  for (const Case& c : kCases) EXPECT_EQ(IsSpecialUse(Prefix(c.address).base), c.special) << c.address;
}

TEST(ReservedSpaceTest, LyingInsideOneBlock) {
  struct Case {
    std::string_view prefix;
    bool inside;
  };
  constexpr std::array kCases = {
      Case{"10.0.0.0/8", true},       Case{"10.0.0.0/7", false},        Case{"10.255.255.255/32", true},
      Case{"0.0.0.0/0", false},       Case{"198.18.0.0/16", true},      Case{"198.16.0.0/14", false},
      Case{"224.0.0.0/4", true},      Case{"224.0.0.0/3", false},       Case{"192.0.0.9/32", true},
      Case{"192.0.0.0/24", true},     Case{"192.0.0.0/23", false},      Case{"192.31.196.0/24", false},
      Case{"2001:db8:1::/112", true}, Case{"2001:db9::/112", false},    Case{"2001:20::/112", true},
      Case{"64:ff9b::/112", false},   Case{"64:ff9b:1::/112", true},    Case{"::1/128", true},
      Case{"::/127", false},          Case{"2620:4f:8000::/48", false},
  };
  for (const Case& c : kCases) {
    const IpPrefix prefix = Prefix(c.prefix);
    EXPECT_EQ(LiesInReservedBlock(prefix.First(), prefix.Last()), c.inside) << c.prefix;
  }
}

}  // namespace
}  // namespace scanner
