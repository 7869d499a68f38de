#include "scanner/sink/text_check.h"

#include <string_view>

#include "gtest/gtest.h"

namespace scanner {
namespace {

TEST(TextCheck, KnowsUtf8FromItsNeighbours) {
  const struct {
    std::string_view text;
    bool legal;
  } cases[] = {
      {"", true},
      {"a\x7F", true},      // A control, which TextTraits tells.
      {"\x80", false},      // No lead octet.
      {"\xC1\xBF", false},  // U+007F in two octets.
      {"\xC2\x9F", false},  // U+009F, a control.
      {"\xC2\xA0", true},   // U+00A0
      {"\xDF\xBF", true},   // U+07FF
      {"\xDF", false},
      {"\xDF\x7F", false},
      {"\xE0\x9F\xBF", false},  // U+07FF in three octets.
      {"\xE0\xA0\x80", true},   // U+0800
      {"\xE0\xA0", false},
      {"\xED\x9F\xBF", true},       // U+D7FF
      {"\xED\xA0\x80", false},      // A surrogate.
      {"\xEF\xBF\xBF", true},       // U+FFFF
      {"\xF0\x8F\xBF\xBF", false},  // U+FFFF in four octets.
      {"\xF0\x90\x80\x80", true},   // U+10000
      {"\xF0\x90\x80", false},
      {"\xF4\x8F\xBF\xBF", true},  // U+10FFFF
      {"\xF4\x90\x80\x80", false},
      {"\xF5\x80\x80\x80", false},
      {"a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z", true},
      {"a\xC3\xA4\xE2\x82", false},
  };
  for (const auto& c : cases) EXPECT_EQ(IsUtf8(c.text), c.legal) << c.text;
}

TEST(TextCheck, KnowsEachOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    const TextTraits traits = LookAt(std::string_view(&c, 1));
    EXPECT_EQ(traits.ascii, octet < 128) << octet;
    EXPECT_EQ(traits.control, octet < 32 || octet == 127) << octet;
    EXPECT_EQ(traits.space, c == ' ') << octet;
    EXPECT_EQ(traits.plain, !traits.control && c != '"' && c != ',' && c != '\\') << octet;
  }
}

}  // namespace
}  // namespace scanner
