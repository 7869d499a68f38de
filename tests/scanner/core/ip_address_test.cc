#include "scanner/core/ip_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace scanner {
namespace {

using std::string_view_literals::operator""sv;

IpAddress Address(std::string_view text) {
  const std::optional<IpAddress> address = IpAddress::Parse(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.value_or(IpAddress{});
}

IpPrefix Prefix(std::string_view text) {
  const std::optional<IpPrefix> prefix = IpPrefix::Parse(text);
  EXPECT_TRUE(prefix.has_value()) << text;
  return prefix.value_or(IpPrefix{});
}

TEST(IpAddressTest, ReadsWhatInetPtonReads) {
  struct Case {
    std::string_view text;
    std::string_view canonical;
  };
  constexpr std::array kCases = {
      Case{"0.0.0.0", "0.0.0.0"},
      Case{"255.255.255.255", "255.255.255.255"},
      Case{"192.0.2.100", "192.0.2.100"},
      Case{"::", "::"},
      Case{"::1", "::1"},
      Case{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      Case{"2001:0db8::0001", "2001:db8::1"},
      Case{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // One zero group is not shortened.
      Case{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // The longest run is.
      Case{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // The first of equals is.
      Case{"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
      Case{"0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"},
      Case{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      Case{"::ffff:c000:201", "::ffff:192.0.2.1"},
      Case{"::192.0.2.1", "::192.0.2.1"},
      Case{"::fffe:c000:201", "::fffe:c000:201"},
      Case{"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
      Case{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Address(c.text).ToString(), c.canonical) << c.text;
  }
}

TEST(IpAddressTest, RefusesEverythingElse) {
  constexpr std::array kCases = {
      ""sv,
      "1.2.3"sv,
      "1.2.3.4.5"sv,
      "1.2.3.256"sv,
      "01.2.3.4"sv,
      "1.2.3.4 "sv,
      " 1.2.3.4"sv,
      "1.2.3.4\0"sv,
      "0x1.2.3.4"sv,
      "1.2.3.-4"sv,
      ":"sv,
      ":::"sv,
      "1::2::3"sv,
      "12345::"sv,
      "g::"sv,
      "fe80::1%lo"sv,
      "[::1]"sv,
      "1:2:3:4:5:6:7"sv,
      "::1.2.3"sv,
      "1:2:3:4:5:6:7:8:9"sv,
      "localhost"sv,
      "1.2.3.4/32"sv,
      "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555"sv,
  };
  for (const std::string_view text : kCases) EXPECT_FALSE(IpAddress::Parse(text).has_value()) << text;
}

TEST(IpAddressTest, WritesAsInetNtop) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    IpAddress address{.family = Family::kIpv6, .octets = {}};
    // Groups that are often zero or all ones, so that runs and embedded addresses come up.
    for (size_t group = 0; group < 8; ++group) {
      const uint64_t draw = random();
      const auto value = static_cast<uint16_t>((draw & 7) < 5    ? 0
                                               : (draw & 7) == 5 ? 0xFFFF
                                                                 : draw >> (16 + draw % 16));
      address.octets[2 * group] = static_cast<uint8_t>(value >> 8);
      address.octets[2 * group + 1] = static_cast<uint8_t>(value);
    }
    std::array<char, INET6_ADDRSTRLEN> expected;
    ASSERT_NE(inet_ntop(AF_INET6, address.octets.data(), expected.data(), expected.size()), nullptr);
    ASSERT_EQ(address.ToString(), expected.data());
    ASSERT_EQ(IpAddress::Parse(address.ToString()), address);

    const IpAddress v4 = IpAddress::FromV4(static_cast<uint32_t>(random() >> (random() % 32)));
    ASSERT_NE(inet_ntop(AF_INET, v4.octets.data(), expected.data(), expected.size()), nullptr);
    ASSERT_EQ(v4.ToString(), expected.data());
    ASSERT_EQ(IpAddress::Parse(v4.ToString()), v4);
  }
}

TEST(IpAddressTest, OrderIsNumericAndV4ComesFirst) {
  constexpr std::array kAscending = {"0.0.0.0",
                                     "1.255.255.255",
                                     "2.0.0.0",
                                     "255.255.255.255",
                                     "::",
                                     "::1",
                                     "::ff00",
                                     "100::",
                                     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
  for (size_t i = 0; i + 1 < kAscending.size(); ++i) {
    EXPECT_LT(IpAddress::Parse(kAscending[i]), IpAddress::Parse(kAscending[i + 1])) << kAscending[i];
  }
}

TEST(IpAddressTest, NumbersAreInHostOrder) {
  EXPECT_EQ(Address("192.0.2.1").v4(), 0xC0000201U);
  EXPECT_EQ(IpAddress::FromV4(0xC0000201U), IpAddress::Parse("192.0.2.1"));
  const Uint128 number = static_cast<Uint128>(0x20010DB8'00000000U) << 64 | 0x1'0002U;
  EXPECT_TRUE(Address("2001:db8::1:2").number() == number);
  EXPECT_EQ(IpAddress::FromV6(number), IpAddress::Parse("2001:db8::1:2"));
}

TEST(IpPrefixTest, ClearsHostBits) {
  struct Case {
    std::string_view text;
    std::string_view first;
    std::string_view last;
  };
  constexpr std::array kCases = {
      Case{"0.0.0.0/0", "0.0.0.0", "255.255.255.255"},
      Case{"192.0.2.77/24", "192.0.2.0", "192.0.2.255"},
      Case{"192.0.2.77/31", "192.0.2.76", "192.0.2.77"},
      Case{"192.0.2.77/32", "192.0.2.77", "192.0.2.77"},
      Case{"192.0.2.77", "192.0.2.77", "192.0.2.77"},
      Case{"10.255.0.0/9", "10.128.0.0", "10.255.255.255"},
      Case{"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      Case{"2001:db8::ffff/112", "2001:db8::", "2001:db8::ffff"},
      Case{"2001:db8::1:8000/113", "2001:db8::1:8000", "2001:db8::1:ffff"},
      Case{"2001:db8::1/128", "2001:db8::1", "2001:db8::1"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Prefix(c.text).First().ToString(), c.first) << c.text;
    EXPECT_EQ(Prefix(c.text).Last().ToString(), c.last) << c.text;
  }
}

TEST(IpPrefixTest, RefusesBadLengths) {
  for (const std::string_view text :
       {"1.2.3.4/33"sv, "1.2.3.4/"sv, "1.2.3.4/-1"sv, "1.2.3.4/+8"sv, "1.2.3.4/08"sv, "1.2.3.4/8 "sv,
        "1.2.3.4/8/8"sv, "1.2.3.4/255.0.0.0"sv, "::/129"sv, "::/0128"sv, "::/4294967424"sv, "/8"sv, ""sv}) {
    EXPECT_FALSE(IpPrefix::Parse(text).has_value()) << text;
  }
}

TEST(IpPrefixTest, ContainsItsEndsAndNoNeighbour) {
  const IpPrefix prefix = Prefix("198.18.0.0/15");
  EXPECT_TRUE(prefix.Contains(Address("198.18.0.0")));
  EXPECT_TRUE(prefix.Contains(Address("198.19.255.255")));
  EXPECT_FALSE(prefix.Contains(Address("198.17.255.255")));
  EXPECT_FALSE(prefix.Contains(Address("198.20.0.0")));
  EXPECT_FALSE(Prefix("0.0.0.0/0").Contains(Address("::")));
}

}  // namespace
}  // namespace scanner
