#include "scanner/core/private_space.h"

#include <gtest/gtest.h>

#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/core/reserved_space.h"

namespace scanner {
namespace {

IpAddress Address(std::string_view text) {
  const std::optional<IpAddress> address = IpAddress::Parse(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.value_or(IpAddress{});
}

TEST(PrivateSpaceTest, IsOrderedWithoutHostBits) {
  const IpPrefix* before = nullptr;
  for (const IpPrefix& prefix : PrivateSpace()) {
    EXPECT_EQ(IpPrefix::Parse(prefix.base.ToString() + "/" + std::to_string(prefix.length)), prefix);
    EXPECT_TRUE(before == nullptr || before->Last() < prefix.First()) << prefix.base.ToString();
    before = &prefix;
  }
}

TEST(PrivateSpaceTest, IsReservedToo) {
  for (const IpPrefix& prefix : PrivateSpace()) {
    EXPECT_TRUE(IsSpecialUse(prefix.First())) << prefix.base.ToString();
    EXPECT_TRUE(IsSpecialUse(prefix.Last())) << prefix.base.ToString();
  }
}

// Each range with the neighbours outside it.
TEST(PrivateSpaceTest, EndsOfEveryRange) {
  struct Case {
    std::string_view before;
    std::string_view first;
    std::string_view last;
    std::string_view after;
  };
  const Case cases[] = {
      {"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
      {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
      {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
      {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
      {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
      {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
      {"192.0.0.169", "192.0.0.170", "192.0.0.171", "192.0.0.172"},
      {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
      {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
      {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
      {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
      {"255.255.255.254", "255.255.255.255", "255.255.255.255", ""},
      {"", "::", "::1", "::2"},
      {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
       "2001:db9::"},
      {"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
       "fe00::"},
      {"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
       "fec0::"},
  };
  EXPECT_EQ(std::size(cases), PrivateSpace().size());
  for (const Case& c : cases) {
    const IpAddress first = Address(c.first);
    const IpAddress last = Address(c.last);
    EXPECT_TRUE(LiesInPrivateSpace(first, last)) << c.first;
    EXPECT_TRUE(LiesInPrivateSpace(first, first)) << c.first;
    EXPECT_TRUE(LiesInPrivateSpace(last, last)) << c.first;
    if (!c.before.empty()) {
      EXPECT_FALSE(LiesInPrivateSpace(Address(c.before), Address(c.before))) << c.before;
      EXPECT_FALSE(LiesInPrivateSpace(Address(c.before), last)) << c.before;
    }
    if (!c.after.empty()) {
      EXPECT_FALSE(LiesInPrivateSpace(Address(c.after), Address(c.after))) << c.after;
      EXPECT_FALSE(LiesInPrivateSpace(first, Address(c.after))) << c.after;
    }
  }
}

// Reserved, but its zones are delegated like others, or it is nobody's own.
TEST(PrivateSpaceTest, NotAllThatIsReserved) {
  for (const std::string_view text :
       {"198.18.0.0", "224.0.0.1", "240.0.0.0", "192.0.0.1", "64:ff9b:1::", "3fff::", "ff02::1"}) {
    EXPECT_TRUE(IsSpecialUse(Address(text))) << text;
    EXPECT_FALSE(LiesInPrivateSpace(Address(text), Address(text))) << text;
  }
}

}  // namespace
}  // namespace scanner
