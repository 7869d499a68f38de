#include "codec/dns/name.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

struct PairCase {
  std::string_view a;
  std::string_view b;
  bool equal;
  bool a_below_b;  // Or equal.
};

constexpr PairCase kPairs[] = {
    {".", ".", true, true},
    {"a", ".", false, true},
    {".", "a", false, false},
    {"a.b", "A.B", true, true},
    {"a.b", "b", false, true},
    {"a.b", "a", false, false},
    {"ab", "b", false, false},
    {"x.ab", "b", false, false},
    {"c.a.b", "A.b", false, true},
    {"x.y.example.net", "example.net", false, true},
    {"x.y.example.net", "example.com", false, false},
    {R"(\005a.b)", R"(\005A.b)", true, true},
    {"[.net", "{.net", false, false},
    {"@.net", "`.net", false, false},
    {R"(\193)", R"(\225)", false, false},  // Letters of Latin-1 are no ASCII letters.
    {R"(\001b)", "b", false, false},       // The octets `\1b\0` at its end are no label.
    {"host-1-2-3-4.pool.example.net", "host-1-2-3-4.POOL.example.net", true, true},
    {"host-1-2-3-4.pool.example.net", "host-1-2-3-4.pool.example.org", false, false},
};

TEST(NameTest, ComparesNamesAndSuffixes) {
  for (const PairCase& test : kPairs) {
    EXPECT_EQ(EqualNames(WireName(test.a), WireName(test.b)), test.equal) << test.a << " " << test.b;
    EXPECT_EQ(EqualNames(WireName(test.b), WireName(test.a)), test.equal) << test.b << " " << test.a;
    EXPECT_EQ(IsSubdomain(WireName(test.a), WireName(test.b)), test.a_below_b) << test.a << " " << test.b;
  }
}

TEST(NameTest, EveryOctetEqualsItselfAndItsCase) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      // Nine octets: one in a word, one behind it.
      const std::array<uint8_t, 10> left = {8, static_cast<uint8_t>(a), 1, 2, 3, 4, 5,
                                            6, static_cast<uint8_t>(a), 0};
      const std::array<uint8_t, 10> right = {8, static_cast<uint8_t>(b), 1, 2, 3, 4, 5,
                                             6, static_cast<uint8_t>(b), 0};
      const auto lower = [](int c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
      ASSERT_EQ(EqualNames(left, right), lower(a) == lower(b)) << a << " " << b;
      ASSERT_EQ(NameEquals(left, 0, right), lower(a) == lower(b)) << a << " " << b;
    }
  }
}

TEST(NameTest, LowersEveryLetterAndNothingElse) {
  for (int octet = 0; octet < 256; ++octet) {
    for (size_t length = 1; length <= 63; ++length) {
      std::vector<uint8_t> wire(length + 1, static_cast<uint8_t>(octet));
      wire[0] = static_cast<uint8_t>(length);
      wire.push_back(0);
      Name name;
      name.Assign(wire);
      LowerCase(name);
      const int expected = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
      std::vector<uint8_t> lowered(length + 1, static_cast<uint8_t>(expected));
      lowered[0] = static_cast<uint8_t>(length);
      lowered.push_back(0);
      ASSERT_EQ(std::vector(name.view().begin(), name.view().end()), lowered) << octet << " " << length;
    }
  }
}

TEST(NameTest, SubstitutesSuffixes) {
  struct Case {
    std::string_view name, owner, target;
    std::string_view result;  // Empty: none.
  };
  constexpr Case kCases[] = {
      // The examples of RFC 6672 section 2.2, table 1.
      {"com.", "example.com.", "example.net.", ""},
      {"example.com.", "example.com.", "example.net.", ""},
      {"a.example.com.", "example.com.", "example.net.", "a.example.net"},
      {"a.b.example.com.", "example.com.", "example.net.", "a.b.example.net"},
      {"ab.example.com.", "b.example.com.", "example.net.", ""},
      {"foo.example.com.", "example.com.", "example.net.", "foo.example.net"},
      {"a.x.example.com.", "x.example.com.", "example.net.", "a.example.net"},
      {"a.example.com.", "example.com.", "y.example.net.", "a.y.example.net"},
      {"cyc.example.com.", "example.com.", "example.com.", "cyc.example.com"},
      {"cyc.example.com.", "example.com.", "c.example.com.", "cyc.c.example.com"},
      {"shortloop.x.x.", "x.", ".", "shortloop.x"},
      {"shortloop.x.", "x.", ".", "shortloop"},
      {"a.EXAMPLE.com.", "example.COM.", "example.net.", "a.example.net"},
      {"a", ".", "b", "a.b"},
  };
  for (const Case& test : kCases) {
    const std::optional<Name> result =
        SubstituteSuffix(WireName(test.name), WireName(test.owner), WireName(test.target));
    EXPECT_EQ(result.has_value() ? ToString(result->view()) : "", test.result)
        << test.name << " " << test.owner;
  }
}

TEST(NameTest, SubstitutesTo255OctetsAndNotTo256) {
  const std::string label(63, 'x');
  const std::string three = label + "." + label + "." + label;  // 192 octets and the root label.
  // The prefix `p` of two octets takes the place of the last two that are free.
  const std::vector<uint8_t> name = WireName("p.from");
  const std::vector<uint8_t> owner = WireName("from");
  const std::optional<Name> fits =
      SubstituteSuffix(name, owner, WireName(three + "." + std::string(59, 'y')));
  ASSERT_TRUE(fits.has_value());
  EXPECT_EQ(fits->length, 255);
  EXPECT_EQ(ToString(fits->view()), "p." + three + "." + std::string(59, 'y'));
  EXPECT_FALSE(SubstituteSuffix(name, owner, WireName(three + "." + std::string(60, 'y'))).has_value());
}

}  // namespace
}  // namespace codec::dns
