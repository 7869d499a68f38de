#include "codec/dns/message.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using std::string_literals::operator""s;
using Section = Message::Section;

// A header with these flags and counts.
std::string Header(std::string_view flags, int questions, int answers, int authorities, int additionals) {
  std::string out = "\x12\x34";
  out += flags;
  for (const int count : {questions, answers, authorities, additionals}) {
    out += static_cast<char>(count >> 8);
    out += static_cast<char>(count);
  }
  return out;
}

const std::string kPlain = "\x84\0"s;      // QR, AA.
const std::string kTruncated = "\x86\0"s;  // The same and TC.
const std::string kQuestion = "\1q\0\0\x0C\0\1"s;
const std::string kRecord = "\xC0\x0C\0\x0C\0\1\0\0\0\x3C\0\3\1t\0"s;  // q PTR t
const std::string kOpt = "\0\0\x29\x04\xD0\0\0\0\0\0\0"s;

struct ParseCase {
  std::string what;
  std::string message;
  ParseError expected;
  std::vector<int> counts = {};  // Of the sections, where it parses.
};

std::vector<ParseCase> HeaderCases() {
  return {
      {"nothing", "", ParseError::kTruncated},
      {"one octet", "\x12"s, ParseError::kTruncated},
      {"eleven octets", Header(kPlain, 0, 0, 0, 0).substr(0, 11), ParseError::kTruncated},
      {"only a header", Header(kPlain, 0, 0, 0, 0), ParseError::kNone, {0, 0, 0}},
      {"a query", Header("\1\0"s, 1, 0, 0, 0) + kQuestion, ParseError::kNotAResponse},
      {"opcode 1", Header("\x8C\0"s, 0, 0, 0, 0), ParseError::kOpcode},
      {"opcode 8", Header("\xC4\0"s, 0, 0, 0, 0), ParseError::kOpcode},
      {"one question", Header(kPlain, 1, 0, 0, 0) + kQuestion, ParseError::kNone, {0, 0, 0}},
      {"two questions", Header(kPlain, 2, 0, 0, 0) + kQuestion + kQuestion, ParseError::kQuestionCount},
      {"65,535 questions", Header(kPlain, 65535, 0, 0, 0), ParseError::kQuestionCount},
      {"no question but a record",
       Header(kPlain, 0, 1, 0, 0) + "\0\0\1\0\1\0\0\0\0\0\0"s,
       ParseError::kNone,
       {1, 0, 0}},
      {"a question less than counted", Header(kPlain, 1, 0, 0, 0), ParseError::kTruncated},
      {"a question more than counted", Header(kPlain, 0, 0, 0, 0) + kQuestion, ParseError::kTrailingOctets},
      {"a question without type", Header(kPlain, 1, 0, 0, 0) + "\1q\0"s, ParseError::kTruncated},
      {"a question with half a class", Header(kPlain, 1, 0, 0, 0) + "\1q\0\0\x0C\0"s, ParseError::kTruncated},
      {"a question that is cut under TC", Header(kTruncated, 1, 0, 0, 0) + "\1q\0\0\x0C\0"s,
       ParseError::kTruncated},
      {"a question of a bad label type", Header(kPlain, 1, 0, 0, 0) + "\x41\0\0\x0C\0\1"s,
       ParseError::kLabelType},
      {"a question that points to itself", Header(kPlain, 1, 0, 0, 0) + "\xC0\x0C\0\x0C\0\1"s,
       ParseError::kForwardPointer},
  };
}

std::vector<ParseCase> RecordCases() {
  const std::string one = Header(kPlain, 1, 1, 0, 0) + kQuestion;
  const std::string tc_one = Header(kTruncated, 1, 1, 0, 0) + kQuestion;
  const std::string tc_two = Header(kTruncated, 1, 2, 1, 1) + kQuestion;
  const std::string long_owner =
      "\x3F"s + std::string(63, 'x') + "\x3F"s + std::string(63, 'x') + "\x3F"s + std::string(63, 'x');
  const std::string fixed = "\0\x0C\0\1\0\0\0\x3C\0\3\1t\0"s;
  return {
      {"one record", one + kRecord, ParseError::kNone, {1, 0, 0}},
      {"a record in each section",
       Header(kPlain, 1, 1, 1, 1) + kQuestion + kRecord + kRecord + kRecord,
       ParseError::kNone,
       {1, 1, 1}},
      {"a record less than counted", one, ParseError::kTruncated},
      {"two records less than counted", Header(kPlain, 1, 3, 0, 0) + kQuestion + kRecord,
       ParseError::kTruncated},
      {"an authority less than counted", Header(kPlain, 1, 1, 1, 0) + kQuestion + kRecord,
       ParseError::kTruncated},
      {"65,535 records less than counted", Header(kPlain, 1, 0, 0, 65535) + kQuestion,
       ParseError::kTruncated},
      {"a record more than counted", one + kRecord + kRecord, ParseError::kTrailingOctets},
      {"one octet more", one + kRecord + "\0"s, ParseError::kTrailingOctets},
      {"RDATA one octet short", one + kRecord.substr(0, kRecord.size() - 1), ParseError::kTruncated},
      {"no RDATA length", one + kRecord.substr(0, 10), ParseError::kTruncated},
      {"only an owner", one + kRecord.substr(0, 2), ParseError::kTruncated},
      {"half a pointer as owner", one + kRecord.substr(0, 1), ParseError::kTruncated},
      {"empty RDATA", one + "\xC0\x0C\0\x0C\0\1\0\0\0\x3C\0\0"s, ParseError::kNone, {1, 0, 0}},
      {"RDATA that is no name", one + "\xC0\x0C\0\x0C\0\1\0\0\0\x3C\0\1\xFF"s, ParseError::kNone, {1, 0, 0}},
      {"an owner of a bad label type", one + "\x80\0"s + fixed, ParseError::kLabelType},
      {"an owner that points to itself", one + "\xC0\x13"s + fixed, ParseError::kForwardPointer},
      {"an owner that points one octet back", one + "\xC0\x12"s + fixed, ParseError::kNone, {1, 0, 0}},
      {"an owner of 255 octets",
       one + long_owner + "\x3D"s + std::string(61, 'y') + "\0"s + fixed,
       ParseError::kNone,
       {1, 0, 0}},
      {"an owner of 256 octets", one + long_owner + "\x3E"s + std::string(62, 'y') + "\0"s + fixed,
       ParseError::kNameTooLong},

      {"TC and all there", tc_one + kRecord, ParseError::kNone, {1, 0, 0}},
      {"TC and no record", tc_one, ParseError::kNone, {0, 0, 0}},
      {"TC inside the first record", tc_one + kRecord.substr(0, 11), ParseError::kNone, {0, 0, 0}},
      {"TC inside an owner", tc_two + kRecord + kRecord.substr(0, 1), ParseError::kNone, {1, 0, 0}},
      {"TC inside the second section",
       tc_two + kRecord + kRecord + kRecord.substr(0, 14),
       ParseError::kNone,
       {2, 0, 0}},
      {"TC before OPT", tc_two + kRecord + kRecord + kRecord, ParseError::kNone, {2, 1, 0}},
      {"TC does not excuse a bad label type", tc_one + "\x80\0"s + fixed, ParseError::kLabelType},
      {"TC does not excuse trailing octets", tc_one + kRecord + "\0"s, ParseError::kTrailingOctets},
  };
}

std::vector<ParseCase> OptCases() {
  const std::string opt_one = Header(kPlain, 1, 0, 0, 1) + kQuestion;
  const std::string head = "\0\0\x29\x04\xD0\0\0\0\0"s;
  return {
      {"OPT", opt_one + kOpt, ParseError::kNone, {0, 0, 0}},
      {"OPT and others",
       Header(kPlain, 1, 0, 0, 3) + kQuestion + kRecord + kOpt + kRecord,
       ParseError::kNone,
       {0, 0, 2}},
      {"OPT twice", Header(kPlain, 1, 0, 0, 2) + kQuestion + kOpt + kOpt, ParseError::kOptMisplaced},
      {"OPT in the answer section", Header(kPlain, 1, 1, 0, 0) + kQuestion + kOpt, ParseError::kOptMisplaced},
      {"OPT in the authority section", Header(kPlain, 1, 0, 1, 0) + kQuestion + kOpt,
       ParseError::kOptMisplaced},
      {"OPT of another owner", opt_one + "\1q"s + kOpt, ParseError::kOptMisplaced},
      {"OPT whose owner is a pointer", opt_one + "\xC0\x0E"s + kOpt.substr(1), ParseError::kOptMisplaced},
      {"an empty option", opt_one + head + "\0\4\0\3\0\0"s, ParseError::kNone, {0, 0, 0}},
      {"half an option code", opt_one + head + "\0\1\0"s, ParseError::kOptionLength},
      {"an option without length", opt_one + head + "\0\2\0\3"s, ParseError::kOptionLength},
      {"half an option length", opt_one + head + "\0\3\0\3\0"s, ParseError::kOptionLength},
      {"an option that fits", opt_one + head + "\0\5\0\3\0\1n"s, ParseError::kNone, {0, 0, 0}},
      {"an option that leaves the RDATA", opt_one + head + "\0\5\0\3\0\2n"s, ParseError::kOptionLength},
      {"an option that leaves it into the next record",
       Header(kPlain, 1, 0, 0, 2) + kQuestion + head + "\0\4\0\3\0\1"s + kRecord, ParseError::kOptionLength},
      {"RDATA longer than the message", opt_one + head + "\0\5\0\3\0\1"s, ParseError::kTruncated},
  };
}

void RunParseCases(const std::vector<ParseCase>& cases) {
  for (const ParseCase& test : cases) {
    SCOPED_TRACE(test.what);
    const std::vector<uint8_t> bytes = Octets(test.message);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), test.expected);
    if (test.expected != ParseError::kNone) continue;
    for (const Section section : {Section::kAnswer, Section::kAuthority, Section::kAdditional}) {
      const int expected = test.counts[static_cast<size_t>(section)];
      EXPECT_EQ(message.count(section), expected);
      int walked = 0;
      Record record;
      for (Message::Cursor cursor = message.records(section); cursor.Next(record);) ++walked;
      EXPECT_EQ(walked, expected);
    }
  }
}

TEST(MessageTest, ParsesHeaders) { RunParseCases(HeaderCases()); }
TEST(MessageTest, ParsesRecords) { RunParseCases(RecordCases()); }
TEST(MessageTest, ParsesOpt) { RunParseCases(OptCases()); }

TEST(MessageTest, EveryPrefixOfAResponseIsTruncated) {
  const std::vector<uint8_t> bytes =
      Octets(Header(kPlain, 1, 1, 1, 2) + kQuestion + kRecord + kRecord + kRecord + kOpt);
  Message message;
  ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(Message::Parse(std::span(bytes).first(length), message), ParseError::kTruncated) << length;
  }
}

TEST(MessageTest, Takes65535OctetsAndNot65536) {
  std::string text = Header(kPlain, 1, 1, 0, 0) + kQuestion + "\xC0\x0C\0\x10\0\1\0\0\0\0"s;
  const size_t rdata = 65535 - text.size() - 2;
  text += static_cast<char>(rdata >> 8);
  text += static_cast<char>(rdata);
  text += std::string(rdata, 'r');
  Message message;
  EXPECT_EQ(Message::Parse(Octets(text), message), ParseError::kNone);
  EXPECT_EQ(Message::Parse(Octets(text + "r"), message), ParseError::kTrailingOctets);
}

TEST(MessageTest, ReadsEachFlag) {
  struct Case {
    uint16_t flags;
    bool aa, tc, ra, ad;
  };
  constexpr Case kCases[] = {
      {0x8000, false, false, false, false}, {0x8400, true, false, false, false},
      {0x8200, false, true, false, false},  {0x8080, false, false, true, false},
      {0x8020, false, false, false, true},  {0x8150, false, false, false, false},
      {0x87F0, true, true, true, true},
  };
  for (const Case& test : kCases) {
    Message message;
    const std::vector<uint8_t> bytes = Response(test.flags).bytes();
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    EXPECT_EQ(message.id(), Response::kId);
    EXPECT_EQ(message.authoritative(), test.aa) << test.flags;
    EXPECT_EQ(message.truncated(), test.tc) << test.flags;
    EXPECT_EQ(message.recursion_available(), test.ra) << test.flags;
    EXPECT_EQ(message.authenticated(), test.ad) << test.flags;
  }
}

TEST(MessageTest, PeeksAtTheId) {
  EXPECT_EQ(Message::PeekId(Octets("")), std::nullopt);
  EXPECT_EQ(Message::PeekId(Octets("\x12")), std::nullopt);
  EXPECT_EQ(Message::PeekId(Octets("\x12\x34")), 0x1234);
  EXPECT_EQ(Message::PeekId(Octets("\xFF\xFE\xFD")), 0xFFFE);
}

TEST(MessageTest, KeepsHeaderFieldsOfABadMessage) {
  Message message;
  ASSERT_EQ(Message::Parse(Octets("\x12\x34\x84\x02\0\1"s), message), ParseError::kTruncated);
  EXPECT_EQ(message.id(), 0x1234);
  EXPECT_EQ(static_cast<int>(message.rcode()), 2);
  EXPECT_FALSE(message.has_question());
  EXPECT_FALSE(message.QuestionIs(WireName("q"), Type::kPtr));
  EXPECT_FALSE(message.QuestionCaseIs(WireName("q")));
}

TEST(MessageTest, ComparesTheQuestion) {
  struct Case {
    std::string_view name;
    Type type;
    uint16_t klass;
    bool equal;
    bool same_case;
  };
  constexpr Case kCases[] = {
      {"Ab.example", Type::kPtr, kClassIn, true, true},  {"ab.example", Type::kPtr, kClassIn, true, false},
      {"AB.EXAMPLE", Type::kPtr, kClassIn, true, false}, {"Ab.example", Type::kA, kClassIn, false, true},
      {"Ab.example", Type::kPtr, 3, false, true},        {"Ac.example", Type::kPtr, kClassIn, false, false},
      {"example", Type::kPtr, kClassIn, false, false},   {"x.Ab.example", Type::kPtr, kClassIn, false, false},
      {".", Type::kPtr, kClassIn, false, false},
  };
  const std::vector<uint8_t> asked = WireName("Ab.example");
  for (const Case& test : kCases) {
    const std::vector<uint8_t> bytes = Response().Question(test.name, test.type, test.klass).bytes();
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    EXPECT_EQ(message.QuestionIs(asked, Type::kPtr), test.equal) << test.name;
    EXPECT_EQ(message.QuestionCaseIs(asked), test.same_case) << test.name;
  }
}

TEST(MessageTest, ReadsRecords) {
  const std::vector<uint8_t> bytes = Response()
                                         .Question("q", Type::kA)
                                         .Add(Section::kAnswer, "q", Type::kA, 0x7FFFFFFF, Octets("\1\2\3\4"))
                                         .Add(Section::kAnswer, "r", Type::kTxt, 0x80000000, Octets("\1t"), 3)
                                         .Add(Section::kAnswer, "s", Type::kA, 0xFFFFFFFF, {})
                                         .bytes();
  Message message;
  ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  Message::Cursor cursor = message.records(Section::kAnswer);
  Record record;
  ASSERT_TRUE(cursor.Next(record));
  EXPECT_TRUE(NameEquals(bytes, record.owner, WireName("q")));
  EXPECT_EQ(record.type, Type::kA);
  EXPECT_EQ(record.klass, kClassIn);
  EXPECT_EQ(record.ttl, 0x7FFFFFFFU);
  EXPECT_EQ(std::vector(message.rdata(record).begin(), message.rdata(record).end()), Octets("\1\2\3\4"));
  ASSERT_TRUE(cursor.Next(record));
  EXPECT_TRUE(NameEquals(bytes, record.owner, WireName("r")));
  EXPECT_EQ(record.type, Type::kTxt);
  EXPECT_EQ(record.klass, 3);
  EXPECT_EQ(record.ttl, 0U);
  ASSERT_TRUE(cursor.Next(record));
  EXPECT_EQ(record.ttl, 0U);
  EXPECT_TRUE(message.rdata(record).empty());
  EXPECT_FALSE(cursor.Next(record));
  EXPECT_FALSE(cursor.Next(record));
}

struct RdataCase {
  std::string_view what;
  std::string rdata;
  ParseError expected;
};

// Reads the RDATA of one record that another record follows.
template <typename Read>
void RunRdataCases(const std::vector<RdataCase>& cases, Type type, const Read& read) {
  for (const RdataCase& test : cases) {
    const std::vector<uint8_t> bytes = Response()
                                           .Question("q", type)
                                           .Add(Section::kAnswer, "q", type, 60, Octets(test.rdata))
                                           .Add(Section::kAnswer, "q", type, 60, Octets("\1n\0"s))
                                           .bytes();
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    Message::Cursor cursor = message.records(Section::kAnswer);
    Record record;
    ASSERT_TRUE(cursor.Next(record));
    EXPECT_EQ(read(message, record), test.expected) << test.what;
    ASSERT_TRUE(cursor.Next(record));
    Name name;
    EXPECT_EQ(message.ReadTarget(record, name), ParseError::kNone) << test.what;
  }
}

TEST(MessageTest, ReadsTargets) {
  const std::vector<RdataCase> cases = {
      {"a name", "\1t\0"s, ParseError::kNone},
      {"the root", "\0"s, ParseError::kNone},
      {"by a pointer", "\1t\xC0\x0C"s, ParseError::kNone},
      {"nothing", "", ParseError::kRdataLength},
      {"a name that leaves the RDATA", "\1t"s, ParseError::kRdataLength},
      {"half a pointer", "\1t\xC0"s, ParseError::kRdataLength},
      {"an octet behind the name", "\1t\0\0"s, ParseError::kRdataLength},
      {"an octet behind a pointer", "\xC0\x0C\0"s, ParseError::kRdataLength},
      {"a pointer forward", "\xC0\xFF"s, ParseError::kForwardPointer},
      {"a pointer to a zero before it", "\xC0\x1E"s, ParseError::kNone},
      {"a pointer to itself", "\xC0\x20"s, ParseError::kForwardPointer},
      {"a label of type 10", "\x81\0"s, ParseError::kLabelType},
  };
  RunRdataCases(cases, Type::kPtr, [](const Message& message, const Record& record) {
    Name name;
    return message.ReadTarget(record, name);
  });
}

TEST(MessageTest, ReadsSoa) {
  const std::string numbers = "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\xFF\0\0\5"s;
  const std::vector<RdataCase> cases = {
      {"whole", "\1m\0\1r\0"s + numbers, ParseError::kNone},
      {"compressed", "\xC0\x0C\1r\xC0\x0C"s + numbers, ParseError::kNone},
      {"one octet short", "\1m\0\1r\0"s + numbers.substr(1), ParseError::kRdataLength},
      {"a number short", "\1m\0\1r\0"s + numbers.substr(4), ParseError::kRdataLength},
      {"one octet more", "\1m\0\1r\0"s + numbers + "\0"s, ParseError::kRdataLength},
      {"no numbers", "\1m\0\1r\0"s, ParseError::kRdataLength},
      {"one name", "\1m\0"s, ParseError::kRdataLength},
      {"nothing", "", ParseError::kRdataLength},
      {"a bad first name", "\x40\0\1r\0"s + numbers, ParseError::kLabelType},
      {"a bad second name", "\1m\0\xFF\xFF"s + numbers, ParseError::kForwardPointer},
  };
  RunRdataCases(cases, Type::kSoa, [](const Message& message, const Record& record) {
    Message::Soa soa;
    const ParseError fault = message.ReadSoa(record, soa);
    if (fault == ParseError::kNone) {
      EXPECT_EQ(soa.serial, 1U);
      EXPECT_EQ(soa.refresh, 2U);
      EXPECT_EQ(soa.retry, 3U);
      EXPECT_EQ(soa.expire, 4U);
      EXPECT_EQ(soa.minimum, 0xFF000005U);
      EXPECT_EQ(soa.mname.length, 3);
    }
    return fault;
  });
}

}  // namespace
}  // namespace codec::dns
