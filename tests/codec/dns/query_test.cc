#include "codec/dns/query.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using std::string_literals::operator""s;

std::vector<uint8_t> Written(const QueryOptions& options, uint16_t id, std::string_view name, Type type) {
  const QueryTemplate query(options);
  const std::vector<uint8_t> wire = WireName(name);
  // An octet more than is needed must stay as it is.
  std::vector<uint8_t> out(query.length(wire.size()) + 1, 0xEE);
  EXPECT_EQ(query.Write(out, id, wire, type), out.size() - 1);
  EXPECT_EQ(out.back(), 0xEE);
  out.pop_back();
  return out;
}

ServerCookie MakeServerCookie(uint8_t length) {
  ServerCookie cookie;
  cookie.length = length;
  for (uint8_t i = 0; i < length; ++i) cookie.octets[i] = static_cast<uint8_t>('A' + i);
  return cookie;
}

TEST(QueryTest, WritesTheExpectedOctets) {
  constexpr ClientCookie kCookie = {'c', 'o', 'o', 'k', 'i', 'e', '!', '!'};
  const std::string name =
      "\1"
      "4\1"
      "3\1"
      "2\1"
      "1\7in-addr\4arpa\0"s;
  struct Case {
    std::string_view what;
    QueryOptions options;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {"as by default",
       {},
       "\xAB\xCD\1\0\0\1\0\0\0\0\0\1"s + name + "\0\x0C\0\1"s + "\0\0\x29\x04\xD0\0\0\0\0\0\0"s},
      {"without EDNS", {.edns = false}, "\xAB\xCD\1\0\0\1\0\0\0\0\0\0"s + name + "\0\x0C\0\1"s},
      {"without RD",
       {.recursion_desired = false, .edns = false},
       "\xAB\xCD\0\0\0\1\0\0\0\0\0\0"s + name + "\0\x0C\0\1"s},
      {"another size",
       {.edns_size = 4096},
       "\xAB\xCD\1\0\0\1\0\0\0\0\0\1"s + name + "\0\x0C\0\1"s + "\0\0\x29\x10\0\0\0\0\0\0\0"s},
      {"with a client cookie",
       {.client_cookie = kCookie},
       "\xAB\xCD\1\0\0\1\0\0\0\0\0\1"s + name + "\0\x0C\0\1"s +
           "\0\0\x29\x04\xD0\0\0\0\0\0\x0C\0\x0A\0\x08"
           "cookie!!"s},
      {"with the shortest server cookie",
       {.client_cookie = kCookie, .server_cookie = MakeServerCookie(8)},
       "\xAB\xCD\1\0\0\1\0\0\0\0\0\1"s + name + "\0\x0C\0\1"s +
           "\0\0\x29\x04\xD0\0\0\0\0\0\x14\0\x0A\0\x10"
           "cookie!!ABCDEFGH"s},
      {"with the longest server cookie",
       {.client_cookie = kCookie, .server_cookie = MakeServerCookie(32)},
       "\xAB\xCD\1\0\0\1\0\0\0\0\0\1"s + name + "\0\x0C\0\1"s +
           "\0\0\x29\x04\xD0\0\0\0\0\0\x2C\0\x0A\0\x28"
           "cookie!!ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"s},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(Written(test.options, 0xABCD, "4.3.2.1.in-addr.arpa", Type::kPtr), Octets(test.expected))
        << test.what;
  }
}

TEST(QueryTest, PatchesTypeAndNameOfAnyLength) {
  for (const Type type : {Type::kA, Type::kAaaa, Type::kPtr, Type::kSoa, static_cast<Type>(0xFFFE)}) {
    for (size_t octets = 0; octets <= 250; ++octets) {
      std::string text;
      for (size_t i = 0; i < octets; ++i) text += i % 40 == 39 ? '.' : 'n';
      if (text.empty()) text = ".";
      const std::vector<uint8_t> wire = WireName(text);
      std::vector<uint8_t> expected = Octets("\0\7\1\0\0\1\0\0\0\0\0\0"s);
      Append(expected, wire);
      Append16(expected, static_cast<uint16_t>(type));
      Append16(expected, 1);
      ASSERT_EQ(Written({.edns = false}, 7, text, type), expected) << octets;
    }
  }
}

TEST(QueryTest, LongestQueryFits) {
  const std::string label(63, 'x');
  const std::string name = label + "." + label + "." + label + "." + std::string(61, 'y');
  const QueryOptions options{.client_cookie = ClientCookie{}, .server_cookie = MakeServerCookie(32)};
  EXPECT_EQ(Written(options, 1, name, Type::kA).size(), QueryTemplate::kMaxOctets);
}

TEST(QueryTest, OneTemplateWritesManyQueries) {
  const QueryTemplate query({});
  std::array<uint8_t, QueryTemplate::kMaxOctets> out;
  const std::vector<uint8_t> first = WireName("a.example");
  const std::vector<uint8_t> second = WireName("longer.example");
  const size_t length = query.Write(out, 1, first, Type::kA);
  const std::vector<uint8_t> before(out.begin(), out.begin() + static_cast<ptrdiff_t>(length));
  query.Write(out, 2, second, Type::kAaaa);
  ASSERT_EQ(query.Write(out, 1, first, Type::kA), length);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), out.begin()));
}

TEST(RandomizeCaseTest, SetsLettersByBits) {
  struct Case {
    std::string_view name;
    uint64_t bits;
    std::string_view expected;
  };
  constexpr Case kCases[] = {
      {"abcd.efgh", 0, "abcd.efgh"},
      {"ABCD.EFGH", 0, "abcd.efgh"},
      {"abcd.efgh", ~uint64_t{0}, "ABCD.EFGH"},
      {"abcd.efgh", 0b10000101, "AbCd.efgH"},
      {"a1-2_b", 0b10, "a1-2_B"},
      {R"(\064\091\096\123az)", ~uint64_t{0}, R"(\064\091\096\123AZ)"},
      {R"(\193\225z)", 1, R"(\193\225Z)"},
  };
  for (const Case& test : kCases) {
    std::vector<uint8_t> name = WireName(test.name);
    RandomizeCase(name, test.bits);
    EXPECT_EQ(ToString(name), test.expected);
  }
}

TEST(RandomizeCaseTest, UsesTheBitsAgainAfter64Letters) {
  const std::string label(60, 'a');
  std::vector<uint8_t> name = WireName(label + "." + label);
  RandomizeCase(name, 0b0010);
  std::string expected = label + "." + label;
  expected[1] = 'A';
  expected[1 + 64 + 1] = 'A';  // The dot is no letter.
  EXPECT_EQ(ToString(name), expected);
}

}  // namespace
}  // namespace codec::dns
