#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dns/name.h"
#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using std::string_literals::operator""s;

bool IsPlain(int octet) {
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         octet == '-' || octet == '_' || octet == '/';
}

std::string Escape(int octet) {
  std::array<char, 8> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "\\%03d", octet));
  return text.data();
}

TEST(PresentTest, WritesEveryOctetAtEveryPlace) {
  for (int octet = 0; octet < 256; ++octet) {
    const std::string self(1, static_cast<char>(octet));
    const std::string written = IsPlain(octet) ? self : Escape(octet);
    const std::string first = octet == '-' ? Escape('-') : written;
    EXPECT_EQ(ToString(Octets("\1"s + self + "\0"s)), first);
    EXPECT_EQ(ToString(Octets("\2"s + self + "a\0"s)), first + "a");
    EXPECT_EQ(ToString(Octets("\2a"s + self + "\0"s)), "a" + written);
    EXPECT_EQ(ToString(Octets("\1a\1"s + self + "\0"s)), "a." + written);
    EXPECT_EQ(ToString(Octets("\1a\2"s + self + self + "\1b\0"s)), "a." + written + written + ".b");
  }
}

TEST(PresentTest, WritesWholeNames) {
  struct Case {
    std::string wire;
    std::string_view text;
  };
  const std::vector<Case> cases = {
      {"\0"s, "."},
      {"\3www\7example\3net\0"s, "www.example.net"},
      {"\3WwW\0"s, "WwW"},
      {"\3a.b\1c\0"s, R"(a\046b.c)"},
      {"\1\\\0"s, R"(\092)"},
      {"\6=1+1()\0"s, R"(\0611\0431\040\041)"},
      {"\1-\1-\0"s, R"(\045.-)"},
      {"\x03-a-\0"s, R"(\045a-)"},
      {"\x05"
       "0/127\2in\0"s,
       "0/127.in"},
  };
  for (const Case& test : cases) EXPECT_EQ(ToString(Octets(test.wire)), test.text);
}

TEST(PresentTest, FindsOneOctetInNamesOfEveryLength) {
  // The length of the second label is from 1 to 63, of which some are octets that a label may hold as they
  // are.
  for (size_t length = 1; length <= 63; ++length) {
    const std::string label(length, 'b');
    for (size_t place = 0; place <= length; ++place) {
      for (const char octet : {'a', '-', '.', '=', '\xE1'}) {
        std::string first = "a";
        std::string second = label;
        (place == length ? first[0] : second[place]) = octet;
        const auto text = [](const std::string& octets, bool start) {
          std::string out;
          for (size_t i = 0; i < octets.size(); ++i) {
            const auto c = static_cast<unsigned char>(octets[i]);
            const bool plain = IsPlain(c) && (c != '-' || !start || i != 0);
            out += plain ? std::string(1, octets[i]) : Escape(c);
          }
          return out;
        };
        const std::string wire = "\1"s + first + static_cast<char>(length) + second + "\0"s;
        ASSERT_EQ(ToString(Octets(wire)), text(first, true) + "." + text(second, false));
      }
    }
  }
}

TEST(PresentTest, LongestNameFits) {
  const std::string label = "\x3F"s + std::string(63, '\xFF');
  const std::string wire = label + label + label + "\x3D"s + std::string(61, '\xFF') + "\0"s;
  const std::string text = ToString(Octets(wire));
  EXPECT_EQ(text.size(), 4U * 250 + 3);
  EXPECT_LE(text.size(), kMaxPresentationLength);
  EXPECT_EQ(ParseName(text)->length, 255);
}

std::string LabelsOf(size_t octets, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += std::string(octets, 'x') + ".";
  return out;
}

TEST(ParseNameTest, ReadsPresentationForm) {
  struct Case {
    std::string_view what;
    std::string text;
    std::string wire;  // Empty: refused.
  };
  const std::vector<Case> cases = {
      {"the root", ".", "\0"s},
      {"nothing", "", ""},
      {"two dots", "..", ""},
      {"no final dot", "a.b", "\1a\1b\0"s},
      {"final dot", "a.b.", "\1a\1b\0"s},
      {"two final dots", "a.b..", ""},
      {"dot at the start", ".a", ""},
      {"empty label", "a..b", ""},
      {"decimal escape", R"(\000\255)", "\2\0\xFF\0"s},
      {"decimal escape above 255", R"(\256)", ""},
      {"decimal escape of two digits", R"(\25)", ""},
      {"decimal escape with a letter", R"(\25a)", ""},
      {"decimal escape with a letter second", R"(\2a5)", ""},
      {"character escape", R"(a\.b\\)", "\4a.b\\\0"s},
      {"lone backslash", R"(a\)", ""},
      {"an escaped dot is no final dot", R"(a\.)", "\2a.\0"s},
      {"any octet as it stands", "a b\xFF", "\4a b\xFF\0"s},
      {"label of 63", LabelsOf(63, 1), "\x3F"s + std::string(63, 'x') + "\0"s},
      {"label of 64", LabelsOf(64, 1), ""},
      {"label of 63 in escapes",
       [] {
         std::string s;
         for (int i = 0; i < 63; ++i) s += R"(\120)";
         return s;
       }(),
       "\x3F"s + std::string(63, 'x') + "\0"s},
  };
  for (const Case& test : cases) {
    const std::optional<Name> name = ParseName(test.text);
    EXPECT_EQ(name.has_value(), !test.wire.empty()) << test.what;
    if (name.has_value()) {
      EXPECT_EQ(std::vector(name->view().begin(), name->view().end()), Octets(test.wire)) << test.what;
    }
  }
}

TEST(ParseNameTest, Reads255OctetsAndNot256) {
  const std::string three = LabelsOf(63, 3);
  EXPECT_EQ(ParseName(three + std::string(61, 'y'))->length, 255);
  EXPECT_EQ(ParseName(three + std::string(61, 'y') + ".")->length, 255);
  EXPECT_FALSE(ParseName(three + std::string(62, 'y')).has_value());
  EXPECT_FALSE(ParseName(three + std::string(62, 'y') + ".").has_value());
  EXPECT_EQ(ParseName(LabelsOf(1, 127))->length, 255);
  EXPECT_FALSE(ParseName(LabelsOf(1, 128)).has_value());
  EXPECT_FALSE(ParseName(LabelsOf(1, 127) + "x").has_value());
}

TEST(ParseNameTest, ReadsBackWhatPresentWrites) {
  std::mt19937 random(20);
  for (int i = 0; i < 20000; ++i) {
    std::vector<uint8_t> wire;
    const size_t target = random() % 255;
    while (wire.size() < target) {
      const size_t octets = std::min<size_t>(1 + random() % 63, 253 - std::min<size_t>(253, wire.size()));
      if (octets == 0) break;
      wire.push_back(static_cast<uint8_t>(octets));
      for (size_t k = 0; k < octets; ++k) wire.push_back(static_cast<uint8_t>(random()));
    }
    wire.push_back(0);
    ASSERT_LE(wire.size(), 255U);
    const std::optional<Name> name = ParseName(ToString(wire));
    ASSERT_TRUE(name.has_value()) << ToString(wire);
    ASSERT_EQ(std::vector(name->view().begin(), name->view().end()), wire);
  }
}

}  // namespace
}  // namespace codec::dns
