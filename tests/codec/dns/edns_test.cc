#include "codec/dns/edns.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dns/message.h"
#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using std::string_literals::operator""s;

TEST(EdnsTest, IsAbsentWithoutOpt) {
  const std::vector<uint8_t> bytes = Response().bytes();
  Message message;
  ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  EXPECT_FALSE(message.edns().has_value());
  // A Message that is used again forgets.
  const std::vector<uint8_t> with_opt = Response(5).Opt(0xFF000000).bytes();
  ASSERT_EQ(Message::Parse(with_opt, message), ParseError::kNone);
  EXPECT_TRUE(message.edns().has_value());
  ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  EXPECT_FALSE(message.edns().has_value());
  EXPECT_EQ(message.rcode(), Rcode::kNoError);
}

TEST(EdnsTest, ReadsEveryRcode) {
  for (uint32_t rcode = 0; rcode < 4096; ++rcode) {
    const std::vector<uint8_t> bytes =
        Response(static_cast<uint16_t>(rcode & 15)).Opt(rcode >> 4 << 24).bytes();
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    ASSERT_EQ(static_cast<uint32_t>(message.rcode()), rcode);
  }
}

TEST(EdnsTest, ReadsTheFixedFields) {
  const std::vector<uint8_t> bytes =
      Response().Add(Message::Section::kAdditional, ".", Type::kOpt, 0x00FE8000, {}, 65535).bytes();
  Message message;
  ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  ASSERT_TRUE(message.edns().has_value());
  EXPECT_EQ(message.edns()->udp_size, 65535);
  EXPECT_EQ(message.edns()->version, 0xFE);
  EXPECT_TRUE(message.edns()->dnssec_ok);
  const std::vector<uint8_t> others = Response().Opt(0xFF017FFF).bytes();
  ASSERT_EQ(Message::Parse(others, message), ParseError::kNone);
  EXPECT_EQ(message.edns()->udp_size, 1232);
  EXPECT_EQ(message.edns()->version, 1);
  EXPECT_FALSE(message.edns()->dnssec_ok);
}

std::string MakeOption(Option code, std::string_view data) {
  std::string out = {'\0', static_cast<char>(code), static_cast<char>(data.size() >> 8),
                     static_cast<char>(data.size())};
  return out.append(data);
}

struct OptionCase {
  std::string what;
  std::string options;
  std::optional<uint16_t> ede = std::nullopt;
  std::string cookie = "";
  std::string nsid = "";
};

std::vector<OptionCase> OptionCases() {
  const std::string cookie(40, 'c');
  std::vector<OptionCase> cases = {
      {"none", ""},
      {"EDE", MakeOption(Option::kEde, "\0\x0F"s), 15},
      {"EDE with text", MakeOption(Option::kEde, "\xFF\xFFtext"), 65535},
      {"EDE of one octet", MakeOption(Option::kEde, "\1")},
      {"EDE of no octets", MakeOption(Option::kEde, "")},
      {"the first of two EDE", MakeOption(Option::kEde, "\0\1"s) + MakeOption(Option::kEde, "\0\2"s), 1},
      {"a short EDE before a whole one", MakeOption(Option::kEde, "\1") + MakeOption(Option::kEde, "\0\2"s),
       2},
      {"NSID", MakeOption(Option::kNsid, "ns1"), std::nullopt, "", "ns1"},
      {"empty NSID", MakeOption(Option::kNsid, "")},
      {"a long NSID", MakeOption(Option::kNsid, std::string(300, 'n')), std::nullopt, "",
       std::string(300, 'n')},
      {"the first of two cookies",
       MakeOption(Option::kCookie, "12345678") + MakeOption(Option::kCookie, "abcdefgh"), std::nullopt,
       "12345678"},
      {"all, between unknown ones",
       MakeOption(static_cast<Option>(77), "?") + MakeOption(Option::kNsid, "n") +
           MakeOption(Option::kCookie, "12345678") + MakeOption(static_cast<Option>(12), "\0\0"s) +
           MakeOption(Option::kEde, "\0\3"s) + MakeOption(static_cast<Option>(0), ""),
       3, "12345678", "n"},
  };
  for (size_t length = 0; length <= cookie.size() + 1; ++length) {
    const std::string data(length, 'c');
    const bool valid = length == 8 || (length >= 16 && length <= 40);
    cases.push_back({"a cookie of " + std::to_string(length), MakeOption(Option::kCookie, data), std::nullopt,
                     valid ? data : ""});
  }
  return cases;
}

TEST(EdnsTest, ReadsOptions) {
  for (const OptionCase& test : OptionCases()) {
    SCOPED_TRACE(test.what);
    const std::vector<uint8_t> bytes = Response().Opt(0, Octets(test.options)).bytes();
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    ASSERT_TRUE(message.edns().has_value());
    const Edns& edns = *message.edns();
    EXPECT_EQ(edns.ede, test.ede);
    EXPECT_EQ(std::string(edns.cookie.begin(), edns.cookie.end()), test.cookie);
    EXPECT_EQ(std::string(edns.nsid.begin(), edns.nsid.end()), test.nsid);
  }
}

}  // namespace
}  // namespace codec::dns
