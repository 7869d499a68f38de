#include "netio/endpoint.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include <string>

#include "netio/sockaddr.h"

namespace netio {
namespace {

struct LegalCase {
  const char* text;
  const char* formatted;  // With default port 53.
};

constexpr LegalCase kLegal[] = {
    {"192.0.2.1", "192.0.2.1:53"},
    {"192.0.2.1:1", "192.0.2.1:1"},
    {"192.0.2.1:65535", "192.0.2.1:65535"},
    {"0.0.0.0", "0.0.0.0:53"},
    {"255.255.255.255", "255.255.255.255:53"},
    {"::", "[::]:53"},
    {"::1", "[::1]:53"},
    {"[::1]", "[::1]:53"},
    {"[::1]:5353", "[::1]:5353"},
    {"[2001:DB8::1]:65535", "[2001:db8::1]:65535"},
    // RFC 5952 section 4: no leading zeros; the longest run of zeros, the first of equals, never one group
    // alone.
    {"2001:0db8:0000:0000:0001:0000:0000:0001", "[2001:db8::1:0:0:1]:53"},
    {"2001:db8:0:1:1:1:1:1", "[2001:db8:0:1:1:1:1:1]:53"},
    {"2001:db8:0:0:1:0:0:0", "[2001:db8:0:0:1::]:53"},
    {"0:0:1::", "[0:0:1::]:53"},
    {"1:0:0:0:0:0:0:0", "[1::]:53"},
    {"1:2:3:4:5:6:7:0", "[1:2:3:4:5:6:7:0]:53"},
    {"1:2:3:4:5:6:0:0", "[1:2:3:4:5:6::]:53"},
    {"::1:2", "[::1:2]:53"},
    {"::ffff:192.0.2.1", "[::ffff:192.0.2.1]:53"},
    {"64:ff9b::192.0.2.1", "[64:ff9b::c000:201]:53"},
    {"fe80::1", "[fe80::1]:53"},
    {"fe80::1%lo", "[fe80::1%lo]:53"},
    {"[fe80::1%lo]:99", "[fe80::1%lo]:99"},
    {"febf::1%1", "[febf::1%lo]:53"},
    {"fe80::1%4294967295", "[fe80::1%4294967295]:53"},
};

TEST(EndpointTest, ReadsAndWritesLegalForms) {
  for (const LegalCase& test : kLegal) {
    SCOPED_TRACE(test.text);
    const std::optional<Endpoint> endpoint = ParseEndpoint(test.text, 53);
    ASSERT_TRUE(endpoint.has_value());
    EXPECT_EQ(ToString(*endpoint), test.formatted);
    EXPECT_EQ(ParseEndpoint(ToString(*endpoint), 9), endpoint);
  }
}

TEST(EndpointTest, RefusesEverythingElse) {
  constexpr const char* kIllegal[] = {"",
                                      " ",
                                      "192.0.2",
                                      "192.0.2.256",
                                      "192.0.2.1.1",
                                      "192.0.2.01",
                                      " 192.0.2.1",
                                      "192.0.2.1 ",
                                      "192.0.2.1:",
                                      "192.0.2.1:0",
                                      "192.0.2.1:65536",
                                      "192.0.2.1:053",
                                      "192.0.2.1:+53",
                                      "192.0.2.1:53 ",
                                      "192.0.2.1:domain",
                                      "192.0.2.1%lo",
                                      "[192.0.2.1]:53",
                                      "192.0.2.0/24",
                                      "ns.example",
                                      "::1::",
                                      ":::",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "12345::",
                                      "[::1",
                                      "::1]",
                                      "[]",
                                      "[::1]53",
                                      "[::1]:",
                                      "[::1]:0",
                                      "[::1]:65536",
                                      "[[::1]]:53",
                                      "2001:db8::1%lo",
                                      "fec0::1%lo",
                                      "fe80::1%",
                                      "fe80::1%0",
                                      "fe80::1%4294967296",
                                      "fe80::1%no-such-interface"};
  for (const char* text : kIllegal) EXPECT_EQ(ParseEndpoint(text, 53), std::nullopt) << text;
  EXPECT_EQ(ParseEndpoint(std::string_view("192.0.2.1\0", 10), 53), std::nullopt);
  EXPECT_EQ(ParseEndpoint("192.0.2.1", 0), std::nullopt);
}

TEST(EndpointTest, KeepsEveryPart) {
  const Endpoint ipv4{.address = {192, 0, 2, 1}, .port = 5300, .family = Family::kIpv4};
  EXPECT_EQ(ParseEndpoint("192.0.2.1:5300", 53), ipv4);
  Endpoint ipv6{
      .address = {0xFE, 0x80}, .scope_id = if_nametoindex("lo"), .port = 53, .family = Family::kIpv6};
  ipv6.address[15] = 7;
  EXPECT_EQ(ParseEndpoint("fe80::7%lo", 53), ipv6);
  EXPECT_EQ(ipv4.octets().size(), 4U);
  EXPECT_EQ(ipv6.octets().size(), 16U);
}

TEST(EndpointTest, SurvivesTheKernelsForm) {
  for (const LegalCase& test : kLegal) {
    SCOPED_TRACE(test.text);
    const Endpoint endpoint = ParseEndpoint(test.text, 53).value();
    SocketAddress address;
    const socklen_t size = ToSocketAddress(endpoint, address);
    EXPECT_EQ(FromSocketAddress(address, size), endpoint);
    EXPECT_EQ(FromSocketAddress(address, size - 1), std::nullopt);
  }
  SocketAddress unknown{};
  unknown.any.sa_family = AF_UNIX;
  EXPECT_EQ(FromSocketAddress(unknown, sizeof(unknown)), std::nullopt);
}

}  // namespace
}  // namespace netio
