#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "codec/dns/name.h"
#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using std::string_literals::operator""s;

std::string Label(size_t octets) { return static_cast<char>(octets) + std::string(octets, 'x'); }

// 192 octets, to which a root label is missing.
std::string ThreeLongLabels() { return Label(63) + Label(63) + Label(63); }

// The root, and `count` pointers each to the one before.
std::string Pointers(size_t count) {
  std::string out(1, '\0');
  for (size_t i = 0; i < count; ++i) {
    const size_t target = i == 0 ? 0 : out.size() - 2;
    out += static_cast<char>(0xC0 | target >> 8);
    out += static_cast<char>(target);
  }
  return out;
}

constexpr ParseError kNone = ParseError::kNone;
constexpr ParseError kTruncated = ParseError::kTruncated;
constexpr ParseError kForward = ParseError::kForwardPointer;
constexpr ParseError kTooLong = ParseError::kNameTooLong;
constexpr ParseError kLabelType = ParseError::kLabelType;
constexpr ParseError kPointers = ParseError::kPointerCount;

struct NameCase {
  std::string what;
  std::string message;
  size_t offset;
  ParseError read;
  ParseError skip;  // Does not look behind pointers.
  size_t end;       // Of the name, where both succeed.
  size_t octets;    // Of the name without compression.
};

std::vector<NameCase> NameCases() {
  const std::string base = ThreeLongLabels() + "\0"s;  // 193 octets.
  const std::string to_base = "\xC0\0"s;
  return {
      {"the root", "\0"s, 0, kNone, kNone, 1, 1},
      {"one label", "\1a\0"s, 0, kNone, kNone, 3, 3},
      {"octets follow", "\1a\0zz"s, 0, kNone, kNone, 3, 3},
      {"nothing at all", "", 0, kTruncated, kTruncated, 0, 0},
      {"offset at the end", "\0"s, 1, kTruncated, kTruncated, 0, 0},
      {"offset behind the end", "\0"s, 9, kTruncated, kTruncated, 0, 0},
      {"no root label", "\1a"s, 0, kTruncated, kTruncated, 0, 0},
      {"half a label", "\2a"s, 0, kTruncated, kTruncated, 0, 0},
      {"a label as long as the rest", "\2a\0"s, 0, kTruncated, kTruncated, 0, 0},

      {"a label of 63", Label(63) + "\0"s, 0, kNone, kNone, 65, 65},
      {"a label of 64 is type 01", "\x40" + std::string(64, 'x') + "\0"s, 0, kLabelType, kLabelType, 0, 0},
      {"type 01, highest", "\x7F\0\0"s, 0, kLabelType, kLabelType, 0, 0},
      {"type 10", "\x80\0"s, 0, kLabelType, kLabelType, 0, 0},
      {"type 10, highest", "\xBF\0"s, 0, kLabelType, kLabelType, 0, 0},
      {"type 01 behind a label", "\1a\x41\0"s, 0, kLabelType, kLabelType, 0, 0},

      {"pointer to the octet before", "\0\xC0\0"s, 1, kNone, kNone, 3, 1},
      {"labels and a pointer", "\1a\0\1b\xC0\0"s, 3, kNone, kNone, 7, 5},
      {"pointer into a name", "\1a\1b\0\xC0\2"s, 5, kNone, kNone, 7, 3},
      {"pointer to a pointer", "\0\xC0\0\xC0\1"s, 3, kNone, kNone, 5, 1},
      {"pointer to itself", "\xC0\0"s, 0, kForward, kForward, 0, 0},
      {"pointer to itself, later", "\0\0\xC0\2"s, 2, kForward, kForward, 0, 0},
      {"half a pointer", "\xC0"s, 0, kTruncated, kTruncated, 0, 0},
      {"half a pointer behind a label", "\0\1a\xC0"s, 1, kTruncated, kTruncated, 0, 0},
      {"pointer forward", "\xC0\2\0"s, 0, kForward, kForward, 0, 0},
      {"pointer behind the end", "\xFF\xFF"s, 0, kForward, kForward, 0, 0},
      {"pointer to its own labels", "\1a\xC0\0"s, 0, kForward, kForward, 0, 0},
      {"pointer into its own labels", "\0\1a\1b\xC0\3"s, 1, kForward, kForward, 0, 0},
      {"pointer before its own labels", "\0\1a\1b\xC0\0"s, 1, kNone, kNone, 7, 5},
      {"two pointers to each other", "\xC0\2\xC0\0"s, 2, kForward, kNone, 0, 0},
      {"a bad type behind a pointer", "\x80\xC0\0"s, 1, kLabelType, kNone, 0, 0},
      {"labels behind a pointer that run into it again", "\1a\xC0\0"s, 2, kForward, kNone, 0, 0},
      {"labels behind a pointer that run over it", "\3a\xC0\0\0"s, 2, kNone, kNone, 4, 5},
      {"127 pointers", Pointers(127), 253, kNone, kNone, 255, 1},
      {"128 pointers", Pointers(128), 255, kPointers, kNone, 0, 0},

      {"255 octets", ThreeLongLabels() + Label(61) + "\0"s, 0, kNone, kNone, 255, 255},
      {"256 octets", ThreeLongLabels() + Label(62) + "\0"s, 0, kTooLong, kTooLong, 0, 0},
      {"255 octets in labels of one",
       [] {
         std::string s;
         for (int i = 0; i < 127; ++i) s += "\1x";
         return s;
       }() +
           "\0"s,
       0, kNone, kNone, 255, 255},
      {"257 octets in labels of one",
       [] {
         std::string s;
         for (int i = 0; i < 128; ++i) s += "\1x";
         return s;
       }() +
           "\0"s,
       0, kTooLong, kTooLong, 0, 0},
      {"255 octets by a pointer", base + Label(61) + to_base, 193, kNone, kNone, 257, 255},
      {"256 octets by a pointer", base + Label(62) + to_base, 193, kTooLong, kNone, 0, 0},
      {"254 octets and a pointer to the root", "\0"s + ThreeLongLabels() + Label(61) + to_base, 1, kNone,
       kNone, 257, 255},
      {"255 octets and a pointer to the root", "\0"s + ThreeLongLabels() + Label(62) + to_base, 1, kTooLong,
       kTooLong, 0, 0},
  };
}

TEST(NameReaderTest, ReadsAndSkips) {
  for (const NameCase& test : NameCases()) {
    SCOPED_TRACE(test.what);
    const std::vector<uint8_t> message = Octets(test.message);
    size_t offset = test.offset;
    Name name;
    name.Assign(WireName("before"));
    EXPECT_EQ(ReadName(message, offset, name), test.read);
    if (test.read == kNone) {
      EXPECT_EQ(offset, test.end);
      EXPECT_EQ(name.length, test.octets);
      EXPECT_TRUE(NameEquals(message, test.offset, name.view()));
    } else {
      EXPECT_EQ(offset, test.offset);
      EXPECT_EQ(name.length, 0);
      EXPECT_FALSE(NameEquals(message, test.offset, WireName("a")));
    }
    offset = test.offset;
    EXPECT_EQ(SkipName(message, offset), test.skip);
    if (test.skip != kNone) {
      EXPECT_EQ(offset, test.offset);
    } else if (test.read == kNone) {
      EXPECT_EQ(offset, test.end);
    }
  }
}

TEST(NameReaderTest, KeepsCase) {
  const std::vector<uint8_t> message = Octets("\4aRpA\0\2In\xC0\0"s);
  size_t offset = 6;
  Name name;
  ASSERT_EQ(ReadName(message, offset, name), kNone);
  EXPECT_EQ(ToString(name.view()), "In.aRpA");
}

struct EqualCase {
  std::string_view what;
  std::string message;
  size_t offset;
  std::string_view name;
  bool equal;
};

TEST(NameReaderTest, ComparesWithoutCopying) {
  const std::vector<EqualCase> cases = {
      {"the same", "\1a\1b\0"s, 0, "a.b", true},
      {"other case in the message", "\1A\1B\0"s, 0, "a.b", true},
      {"other case in the name", "\1a\1b\0"s, 0, "A.b", true},
      {"by a pointer", "\1b\0\1a\xC0\0"s, 3, "a.b", true},
      {"by a pointer, other case", "\1b\0\1a\xC0\0"s, 3, "A.B", true},
      {"only a pointer", "\1a\1b\0\xC0\0"s, 5, "a.b", true},
      {"only a pointer to a part", "\1a\1b\0\xC0\2"s, 5, "a.b", false},
      {"a pointer to a pointer", "\1a\0\xC0\0\xC0\3"s, 5, "a", true},
      {"longer", "\1a\1b\0"s, 0, "a", false},
      {"shorter", "\1a\0"s, 0, "a.b", false},
      {"another octet", "\1a\1c\0"s, 0, "a.b", false},
      {"the same octets, other labels", "\3a\1b\0"s, 0, "a.b", false},
      {"a letter against what only differs in that bit", "\1[\0"s, 0, "{", false},
      {"the root", "\0"s, 0, ".", true},
      {"not the root", "\1a\0"s, 0, ".", false},
      {"not whole", "\1a\1b"s, 0, "a.b", false},
      {"a forward pointer to equal octets", "\xC0\2\1a\0"s, 0, "a", false},
  };
  for (const EqualCase& test : cases) {
    EXPECT_EQ(NameEquals(Octets(test.message), test.offset, WireName(test.name)), test.equal) << test.what;
  }
}

}  // namespace
}  // namespace codec::dns
