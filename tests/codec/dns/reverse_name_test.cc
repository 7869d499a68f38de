#include "codec/dns/reverse_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

std::string Written(std::span<const uint8_t> address) {
  std::array<uint8_t, kMaxReverseNameOctets> name;
  const size_t length = WriteReverseName(address, name);
  return ToString(std::span(name).first(length));
}

void ExpectReadBack(std::span<const uint8_t> address) {
  std::array<uint8_t, kMaxReverseNameOctets> name;
  const size_t length = WriteReverseName(address, name);
  const std::optional<ReverseAddress> read = ReadReverseName(std::span(name).first(length));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->length, address.size());
  ASSERT_TRUE(std::equal(address.begin(), address.end(), read->octets.begin()));
}

TEST(ReverseNameTest, WritesEveryOctetAtEveryPlace) {
  for (size_t place = 0; place < 4; ++place) {
    for (int octet = 0; octet < 256; ++octet) {
      std::array<uint8_t, 4> address = {10, 0, 255, 7};
      address[place] = static_cast<uint8_t>(octet);
      EXPECT_EQ(Written(address), std::to_string(address[3]) + "." + std::to_string(address[2]) + "." +
                                      std::to_string(address[1]) + "." + std::to_string(address[0]) +
                                      ".in-addr.arpa");
      ExpectReadBack(address);
    }
  }
}

TEST(ReverseNameTest, WritesTheEndsOfBothFamilies) {
  EXPECT_EQ(Written(std::array<uint8_t, 4>{0, 0, 0, 0}), "0.0.0.0.in-addr.arpa");
  EXPECT_EQ(Written(std::array<uint8_t, 4>{255, 255, 255, 255}), "255.255.255.255.in-addr.arpa");
  std::array<uint8_t, 16> address{};
  std::string zeros;
  std::string ones;
  for (int i = 0; i < 32; ++i) {
    zeros += "0.";
    ones += "f.";
  }
  EXPECT_EQ(Written(address), zeros + "ip6.arpa");
  address.fill(0xFF);
  EXPECT_EQ(Written(address), ones + "ip6.arpa");
}

TEST(ReverseNameTest, WritesTheExampleOfRfc3596) {
  const std::array<uint8_t, 16> address = {0x43, 0x21, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0x05, 0x67, 0x89, 0xab};
  EXPECT_EQ(Written(address), "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa");
}

TEST(ReverseNameTest, WritesEveryNibbleAtEveryPlace) {
  for (size_t place = 0; place < 16; ++place) {
    for (int octet = 0; octet < 256; ++octet) {
      std::array<uint8_t, 16> address{};
      address[place] = static_cast<uint8_t>(octet);
      ExpectReadBack(address);
    }
  }
}

TEST(ReverseNameTest, ReadsNothingElse) {
  const auto nibbles = [](size_t count, std::string_view suffix = "ip6.arpa") {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += "a.";
    return out.append(suffix);
  };
  struct Case {
    std::string name;
    bool address;
  };
  const std::vector<Case> cases = {
      {"4.3.2.1.in-addr.arpa", true},
      {"4.3.2.1.IN-ADDR.ARPA", true},
      {"4.3.2.1.In-aDDr.aRpa", true},
      {"3.2.1.in-addr.arpa", false},
      {"5.4.3.2.1.in-addr.arpa", false},
      {"4.3.2.1.in-addr.arpa.net", false},
      {"4.3.2.1.in-addr.arp", false},
      {"4.3.2.1.inaddr.arpa", false},
      {"4.3.2.1.in-addr", false},
      {"4.3.2.1", false},
      {"0.3.2.1.in-addr.arpa", true},
      {"00.3.2.1.in-addr.arpa", false},
      {"04.3.2.1.in-addr.arpa", false},
      {"4.3.2.01.in-addr.arpa", false},
      {"4.3.2.001.in-addr.arpa", false},
      {"255.3.2.1.in-addr.arpa", true},
      {"256.3.2.1.in-addr.arpa", false},
      {"999.3.2.1.in-addr.arpa", false},
      {"1000.3.2.1.in-addr.arpa", false},
      {"4a.3.2.1.in-addr.arpa", false},
      {"a.3.2.1.in-addr.arpa", false},
      {"-1.3.2.1.in-addr.arpa", false},
      {"/.3.2.1.in-addr.arpa", false},
      {":.3.2.1.in-addr.arpa", false},
      {"4.0/25.3.2.1.in-addr.arpa", false},
      {"0/25.3.2.1.in-addr.arpa", false},
      {"0-127.3.2.1.in-addr.arpa", false},
      {"in-addr.arpa", false},
      {"arpa", false},
      {".", false},
      {nibbles(31), false},
      {nibbles(32), true},
      {nibbles(33), false},
      {nibbles(32, "IP6.ARPA"), true},
      {nibbles(32, "ip7.arpa"), false},
      {nibbles(32, "ip6.arpb"), false},
      {nibbles(31, "A.ip6.arpa"), true},
      {nibbles(31, "f.ip6.arpa"), true},
      {nibbles(31, "F.ip6.arpa"), true},
      {nibbles(31, "g.ip6.arpa"), false},
      {nibbles(31, "G.ip6.arpa"), false},
      {nibbles(31, "`.ip6.arpa"), false},
      {nibbles(31, "@.ip6.arpa"), false},
      {nibbles(31, "9.ip6.arpa"), true},
      {nibbles(31, ":.ip6.arpa"), false},
      {nibbles(31, "/.ip6.arpa"), false},
      {nibbles(30, "aaa.ip6.arpa"), false},
      {nibbles(30, "aa.a.ip6.arp"), false},
      {nibbles(32, "in-addr.arpa"), false},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(ReadReverseName(WireName(test.name)).has_value(), test.address) << test.name;
  }
}

TEST(ReverseNameTest, ReadsCapitalNibbles) {
  std::string text;
  for (int i = 0; i < 16; ++i) text += "F.a.";
  const std::optional<ReverseAddress> read = ReadReverseName(WireName(text + "ip6.arpa"));
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(
      std::all_of(read->octets.begin(), read->octets.end(), [](uint8_t octet) { return octet == 0xAF; }));
}

}  // namespace
}  // namespace codec::dns
