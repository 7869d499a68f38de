#include "scanner/sink/record_filler.h"

#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "netio/sim_random.h"
#include "scanner/sink/time_text.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

constexpr std::string_view kNumber32 = "a number from 0 to 2147483647";
constexpr std::string_view kAsNumber = "a number from 0 to 4294967295";
constexpr std::string_view kCode = "a number from 0 to 65535";
constexpr std::string_view kBoolean = "true or false";
constexpr std::string_view kTime = "a time such as 2026-01-31T23:59:59.123456Z";
constexpr std::string_view kExpectAddress = "an IPv4 or IPv6 address";
constexpr std::string_view kExpectVerdict = "a verdict: pass, fail, temperror or permerror";
constexpr std::string_view kExpectReason = "a reason such as confirmed or no_ptr";
constexpr std::string_view kNoControl = "text without a control character";
constexpr std::string_view kUtf8 = "text in UTF-8 without a control character";
constexpr std::string_view kItem = "text without a space";

struct Case {
  Column column;
  std::string_view text;
  std::string_view value;     // As it is written as CSV.
  std::string_view expected;  // What it should have been; empty: it is legal.
};

TEST(RecordFiller, TakesWhatIsLegalAndSaysWhatItWouldTake) {
  using enum Column;
  const Case cases[] = {
      {kPtrTtl, "", "", ""},
      {kPtrTtl, "0", "0", ""},
      {kPtrTtl, "-1", "", kNumber32},
      {kPtrTtl, "2147483647", "2147483647", ""},
      {kPtrTtl, "2147483648", "", kNumber32},
      {kPtrTtl, "1e3", "", kNumber32},
      {kPtrTtl, " 1", "", kNumber32},
      {kPtrTtl, "+1", "", kNumber32},
      {kPtrTtl, "1.0", "", kNumber32},
      {kEde, "65535", "65535", ""},
      {kEde, "65536", "", kCode},
      {kIpv4, "4294967295", "4294967295", ""},
      {kIpv4, "4294967296", "", kAsNumber},
      {kAsn, "4294967295", "4294967295", ""},
      {kAsn, "18446744073709551616", "", kAsNumber},
      {kAuthoritative, "true", "true", ""},
      {kAuthoritative, "false", "false", ""},
      {kAuthoritative, "True", "", kBoolean},
      {kAuthoritative, "1", "", kBoolean},
      {kObservedAt, "2026-01-31T23:59:59.123456Z", "2026-01-31T23:59:59.123456Z", ""},
      {kObservedAt, "2026-01-31T23:59:59Z", "2026-01-31T23:59:59.000000Z", ""},
      {kObservedAt, "2026-01-31T23:59:59.1Z", "2026-01-31T23:59:59.100000Z", ""},
      {kObservedAt, "2026-01-31T23:59:59.Z", "", kTime},
      {kObservedAt, "2026-01-31T23:59:59.1234567Z", "", kTime},
      {kObservedAt, "2026-01-31T23:59:60Z", "", kTime},
      {kObservedAt, "2026-01-31T23:60:59Z", "", kTime},
      {kObservedAt, "2026-01-31T24:00:00Z", "", kTime},
      {kObservedAt, "2026-02-28T00:00:00Z", "2026-02-28T00:00:00.000000Z", ""},
      {kObservedAt, "2026-02-29T00:00:00Z", "", kTime},
      {kObservedAt, "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z", ""},
      {kObservedAt, "2026-00-01T00:00:00Z", "", kTime},
      {kObservedAt, "2026-13-01T00:00:00Z", "", kTime},
      {kObservedAt, "2026-01-31 23:59:59Z", "", kTime},
      {kObservedAt, "2026-01-31T23:59:59", "", kTime},
      {kObservedAt, "2026-01-31T23:59:59+00:00", "", kTime},
      {kObservedAt, "2026-01-31T23:59:59Z ", "", kTime},
      {kObservedAt, "0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000000Z", ""},
      {kObservedAt, "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", ""},
      {kAddress, "192.0.2.1", "192.0.2.1", ""},
      {kAddress, "192.0.2.01", "", kExpectAddress},
      {kAddress, "192.0.2", "", kExpectAddress},
      {kAddress, "192.0.2.256", "", kExpectAddress},
      {kAddress, "192.0.2.1 ", "", kExpectAddress},
      {kAddress, std::string_view("192.0.2.1\0", 10), "", kExpectAddress},
      {kAddress, "2001:DB8:0:0::1", "2001:db8::1", ""},
      {kAddress, "2001:db8::1%lo", "", kExpectAddress},
      {kAddress, "::FFFF:c000:201", "::ffff:192.0.2.1", ""},
      {kAddress, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
      {kAddress, "0000:0000:0000:0000:0000:0000:0000:00000000000000000001", "", kExpectAddress},
      {kServer, "2001:db8:0::53", "2001:db8::53", ""},
      {kServer, "ns.example", "", kExpectAddress},
      {kForwardAddresses, "2001:DB8::1", "2001:db8::1", ""},
      {kForwardAddresses, "", "", kExpectAddress},
      {kVerdict, "pass", "pass", ""},
      {kVerdict, "none", "", kExpectVerdict},
      {kVerdict, "PASS", "", kExpectVerdict},
      {kReason, "forward_lame", "forward_lame", ""},
      {kReason, "none", "", kExpectReason},
      {kTemplate, "a b", "a b", ""},
      {kTemplate, "a\tb", "", kNoControl},
      {kTemplate, "\x7F", "", kNoControl},
      {kTemplate, "\xC3\xA4", "\xC3\xA4", ""},
      {kTemplate, "\xC3", "", kUtf8},
      {kTemplate, "\xC2\xA0", "\xC2\xA0", ""},
      {kTemplate, "\xC2\x9B", "", kUtf8},
      {kNames, "a.example", "a.example", ""},
      {kNames, "", "", kItem},
      {kNames, "a b", "", kItem},
      {kNames, "a\nb", "", kNoControl},
  };
  for (const Case& c : cases) {
    RecordFiller filler;
    Record record;
    filler.Begin(record);
    const bool list = Info(c.column).kind == ColumnKind::kList;
    const Objection objection =
        list ? filler.AppendItem(c.column, c.text) : filler.SetFromText(c.column, c.text);
    EXPECT_EQ(objection.value_or(""), c.expected) << Info(c.column).name << " " << c.text;
    EXPECT_EQ(WriteRecords({}, {c.column}, std::span(&record, 1)),
              std::string(Info(c.column).name) + "\r\n" + std::string(c.value) + "\r\n");
  }
}

TEST(RecordFiller, SetsTheKeyOfTheAddressAndKnowsPlainText) {
  const struct {
    std::string_view address;
    std::string_view name;
    AddressKey key;
    bool plain;
  } cases[] = {
      {"192.0.2.1", "a.example", {.ipv6 = false, .high = 0, .low = 0xC0000201}, true},
      {"2001:db8::1", "a_b", {.ipv6 = true, .high = 0x20010DB8'00000000, .low = 1}, true},
      {"::", "\\044", {.ipv6 = true, .high = 0, .low = 0}, false},
      {"::1", "a\"b", {.ipv6 = true, .high = 0, .low = 1}, false},
      {"::2", "a,b", {.ipv6 = true, .high = 0, .low = 2}, false},
  };
  RecordFiller filler;
  Record record;
  for (const auto& c : cases) {
    filler.Begin(record);
    EXPECT_FALSE(filler.HasAddress());
    EXPECT_FALSE(filler.SetText(Column::kAddress, c.address));
    EXPECT_FALSE(filler.AppendItem(Column::kNames, c.name));
    EXPECT_TRUE(filler.HasAddress());
    EXPECT_EQ(record.key, c.key);
    EXPECT_EQ(record.plain, c.plain) << c.name;
  }
}

TEST(RecordFiller, NumbersOfTimesAreThoseThatCanBeWritten) {
  RecordFiller filler;
  Record record;
  filler.Begin(record);
  EXPECT_FALSE(filler.SetNumber(Column::kObservedAt, kLeastTime));
  EXPECT_TRUE(filler.SetNumber(Column::kObservedAt, kLeastTime - 1));
  EXPECT_FALSE(filler.SetNumber(Column::kObservedAt, kMostTime));
  EXPECT_TRUE(filler.SetNumber(Column::kObservedAt, kMostTime + 1));
  EXPECT_FALSE(filler.SetNumber(Column::kAuthoritative, 1));
  EXPECT_TRUE(filler.SetNumber(Column::kAuthoritative, 2));
}

TEST(ParseTime, ReadsWhatIsWritten) {
  netio::SimRandom random(1);
  TimeText writer;
  for (int i = 0; i < 20'000; ++i) {
    const int64_t time =
        kLeastTime + static_cast<int64_t>(random.Below(static_cast<uint64_t>(kMostTime) -
                                                       static_cast<uint64_t>(kLeastTime) + 1));
    std::string text(TimeText::kLength, ' ');
    writer.Write(time, text.data());
    ASSERT_EQ(ParseTime(text), time) << text;
  }
}

TEST(QuotedValue, IsShortAndPrintable) {
  EXPECT_EQ(QuotedValue("a\nb'\\\xFF"), R"('a\010b\039\092\255')");
  EXPECT_EQ(QuotedValue(std::string(64, 'x')), "'" + std::string(64, 'x') + "'");
  EXPECT_EQ(QuotedValue(std::string(65, 'x')), "'" + std::string(64, 'x') + "...'");
}

}  // namespace
}  // namespace scanner
