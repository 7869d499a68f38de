#include "codec/dns/answer.h"

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using Section = Message::Section;

constexpr uint16_t kTc = 0x0200;

// One line a record: `answer OWNER TTL TYPE TARGET`; for an SOA the MINIMUM in place of the target; `CH-PTR`
// is a PTR of class CH; `BAD-PTR` has an octet behind its target; `A` counts, its address is always the same.
std::vector<uint8_t> Build(uint16_t flags, std::string_view question, Type type, const std::string& records) {
  Response response(flags);
  response.Question(question, type);
  std::istringstream in(records);
  std::string section_name;
  std::string owner;
  uint32_t ttl = 0;
  std::string type_name;
  std::string data;
  while (in >> section_name >> owner >> ttl >> type_name >> data) {
    const Section section = section_name == "answer"      ? Section::kAnswer
                            : section_name == "authority" ? Section::kAuthority
                                                          : Section::kAdditional;
    const bool bad = type_name.starts_with("BAD-");
    const uint16_t klass = type_name.starts_with("CH-") ? 3 : kClassIn;
    const std::string bare = type_name.substr(bad ? 4 : klass == 3 ? 3 : 0);
    std::vector<uint8_t> rdata =
        bare == "A"     ? Octets("\1\2\3\4")
        : bare == "SOA" ? SoaRdata("ns.test", "who.test", static_cast<uint32_t>(std::stoul(data)))
                        : WireName(data);
    if (bad) rdata.push_back(0);
    const Type record_type = bare == "A"       ? Type::kA
                             : bare == "SOA"   ? Type::kSoa
                             : bare == "CNAME" ? Type::kCname
                             : bare == "DNAME" ? Type::kDname
                             : bare == "NS"    ? Type::kNs
                                               : Type::kPtr;
    response.Add(section, owner, record_type, ttl, rdata, klass);
  }
  EXPECT_TRUE(in.eof()) << records;
  return response.bytes();
}

constexpr std::array<std::string_view, 10> kKinds = {
    "data", "alias", "nxdomain", "nodata", "referral", "error", "truncated", "loop", "toolong", "malformed"};

// `KIND OWNER aliases=N records=N ttl=N zone=NAME`, what is absent left out.
std::string Describe(const Answer& answer) {
  std::string out(kKinds[static_cast<size_t>(answer.kind)]);
  out += " " + ToString(answer.owner.view());
  if (answer.aliases > 0) out += " aliases=" + std::to_string(answer.aliases);
  if (answer.records > 0) out += " records=" + std::to_string(answer.records);
  if (answer.has_ttl) out += " ttl=" + std::to_string(answer.ttl);
  if (answer.has_zone) out += " zone=" + ToString(answer.zone.view());
  if (answer.fault != ParseError::kNone) out += " fault=" + std::to_string(static_cast<int>(answer.fault));
  return out;
}

struct Case {
  std::string_view what;
  uint16_t flags;
  Type type;
  std::string records;
  std::string_view expected;
};

// The question is always for q.test.
void RunCases(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    SCOPED_TRACE(test.what);
    const std::vector<uint8_t> bytes = Build(test.flags, "q.test", test.type, test.records);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    Answer answer;
    answer.has_zone = true;  // What is left of an earlier use.
    answer.records = 9;
    Interpret(message, WireName("q.test"), test.type, answer);
    EXPECT_EQ(Describe(answer), test.expected);
    uint16_t walked = 0;
    Record record;
    for (DataCursor data(message, answer, test.type);
         answer.kind == AnswerKind::kData && data.Next(record);) {
      EXPECT_EQ(record.type, test.type);
      ++walked;
    }
    EXPECT_EQ(walked, answer.records);
  }
}

TEST(AnswerTest, FindsData) {
  RunCases({
      {"one record", 0, Type::kPtr, "answer q.test 60 PTR t", "data q.test records=1 ttl=60"},
      {"the lowest TTL of several", 0, Type::kPtr,
       "answer q.test 60 PTR t\n answer q.test 30 PTR u\n answer q.test 90 PTR v",
       "data q.test records=3 ttl=30"},
      {"a TTL with the top bit", 0, Type::kPtr, "answer q.test 60 PTR t\n answer q.test 2147483648 PTR u",
       "data q.test records=2 ttl=0"},
      {"an owner in other case", 0, Type::kPtr, "answer Q.TEST 60 PTR t", "data q.test records=1 ttl=60"},
      {"another type at the owner", 0, Type::kPtr, "answer q.test 60 PTR t\n answer q.test 1 A -",
       "data q.test records=1 ttl=60"},
      {"another owner", 0, Type::kPtr, "answer r.test 1 PTR t\n answer q.test 60 PTR t",
       "data q.test records=1 ttl=60"},
      {"another class", 0, Type::kPtr, "answer q.test 1 CH-PTR t\n answer q.test 60 PTR t",
       "data q.test records=1 ttl=60"},
      {"before an alias", 0, Type::kPtr,
       "answer q.test 1 CNAME r.test\n answer q.test 60 PTR t\n"
       "answer r.test 2 PTR u",
       "data q.test records=1 ttl=60"},
      {"before a DNAME", 0, Type::kPtr, "answer test 1 DNAME r\n answer q.test 60 PTR t",
       "data q.test records=1 ttl=60"},
      {"beside an authority", 0, Type::kPtr, "answer q.test 60 PTR t\n authority test 1 NS ns.test",
       "data q.test records=1 ttl=60"},
      {"whatever NXDOMAIN says", 3, Type::kPtr, "answer q.test 60 PTR t", "data q.test records=1 ttl=60"},
      {"RDATA that is for the caller to read", 0, Type::kPtr, "answer q.test 60 BAD-PTR t",
       "data q.test records=1 ttl=60"},
      {"CNAME as data", 0, Type::kCname, "answer q.test 60 CNAME r.test", "data q.test records=1 ttl=60"},
      {"not in other sections", 0, Type::kPtr, "authority q.test 60 PTR t\n additional q.test 60 PTR t",
       "nodata q.test"},
  });
}

TEST(AnswerTest, FollowsAliases) {
  RunCases({
      {"one CNAME", 0, Type::kPtr, "answer q.test 60 CNAME r.test\n answer r.test 30 PTR t",
       "data r.test aliases=1 records=1 ttl=30"},
      {"the lowest TTL is the alias's", 0, Type::kPtr,
       "answer q.test 20 CNAME r.test\n answer r.test 30 PTR t", "data r.test aliases=1 records=1 ttl=20"},
      {"in any order", 0, Type::kPtr,
       "answer s.test 30 PTR t\n answer r.test 50 CNAME s.test\n answer q.test 60 CNAME r.test",
       "data s.test aliases=2 records=1 ttl=30"},
      {"in any case", 0, Type::kPtr,
       "answer Q.test 60 CNAME R.test\n answer r.TEST 60 CNAME s.Test\n answer S.test 30 PTR t",
       "data s.Test aliases=2 records=1 ttl=30"},
      {"not those of another class", 0, Type::kPtr,
       "answer q.test 60 CH-CNAME r.test\n answer r.test 30 PTR t", "nodata q.test"},
      {"not those of another owner", 0, Type::kPtr, "answer p.test 60 CNAME r.test\n answer r.test 30 PTR t",
       "nodata q.test"},
      {"data away from the end", 0, Type::kPtr,
       "answer q.test 60 CNAME r.test\n answer x.test 10 PTR t\n answer r.test 30 PTR t",
       "data r.test aliases=1 records=1 ttl=30"},
      {"only a CNAME", 0, Type::kPtr, "answer q.test 60 CNAME r.test", "alias r.test aliases=1 ttl=60"},
      {"only a CNAME, and data of nobody", 0, Type::kPtr,
       "answer q.test 60 CNAME r.test\n answer x.test 30 PTR t", "alias r.test aliases=1 ttl=60"},
      {"a CNAME and a delegation", 0, Type::kPtr,
       "answer q.test 60 CNAME r.test\n authority test 10 NS ns.test", "alias r.test aliases=1 ttl=60"},
      {"a CNAME and the SOA of another zone", 0, Type::kPtr,
       "answer q.test 60 CNAME r.example\n authority test 10 SOA 10", "alias r.example aliases=1 ttl=60"},
      {"a CNAME and no data", 0, Type::kPtr, "answer q.test 60 CNAME r.test\n authority test 50 SOA 40",
       "nodata r.test aliases=1 ttl=40 zone=test"},
      {"a CNAME and no name", 3, Type::kPtr, "answer q.test 30 CNAME r.test\n authority test 50 SOA 40",
       "nxdomain r.test aliases=1 ttl=30 zone=test"},
      {"a CNAME and no name, no SOA", 3, Type::kPtr, "answer q.test 30 CNAME r.test",
       "nxdomain r.test aliases=1 ttl=30"},
      {"the root", 0, Type::kPtr, "answer q.test 30 CNAME .", "alias . aliases=1 ttl=30"},
      {"a target that cannot be read", 0, Type::kPtr, "answer q.test 30 BAD-CNAME r.test",
       "malformed q.test fault=9"},
      {"a bad target of another owner", 0, Type::kPtr,
       "answer x.test 30 BAD-CNAME r.test\n answer q.test 60 CNAME r.test", "alias r.test aliases=1 ttl=60"},
  });
  static_assert(static_cast<int>(ParseError::kRdataLength) == 9);
}

TEST(AnswerTest, SubstitutesDnames) {
  RunCases({
      {"with its CNAME", 0, Type::kPtr,
       "answer test 50 DNAME example\n answer q.test 60 CNAME q.example\n answer q.example 70 PTR t",
       "data q.example aliases=1 records=1 ttl=50"},
      {"without its CNAME", 0, Type::kPtr, "answer test 50 DNAME example\n answer q.example 70 PTR t",
       "data q.example aliases=1 records=1 ttl=50"},
      {"behind its CNAME", 0, Type::kPtr,
       "answer q.example 70 PTR t\n answer q.test 0 CNAME q.example\n answer test 50 DNAME example",
       "data q.example aliases=1 records=1 ttl=0"},
      {"against a CNAME that says otherwise", 0, Type::kPtr,
       "answer q.test 60 CNAME evil.example\n answer test 50 DNAME example",
       "alias q.example aliases=1 ttl=50"},
      {"not of its own owner", 0, Type::kPtr, "answer q.test 50 DNAME example", "nodata q.test"},
      {"not beside", 0, Type::kPtr, "answer est 50 DNAME example", "nodata q.test"},
      {"in other case", 0, Type::kPtr, "answer TEST 50 DNAME example", "alias q.example aliases=1 ttl=50"},
      {"after a CNAME", 0, Type::kPtr,
       "answer q.test 60 CNAME a.b.c\n answer c 50 DNAME d\n answer a.b.c 50 CNAME a.b.d\n answer a.b.d 70 "
       "PTR t",
       "data a.b.d aliases=2 records=1 ttl=50"},
      {"the nearest to the root", 0, Type::kPtr,
       "answer q.test 60 CNAME a.b.c\n answer b.c 50 DNAME wrong\n answer c 50 DNAME right",
       "alias a.b.right aliases=2 ttl=50"},
      {"and no name", 3, Type::kPtr, "answer test 50 DNAME example\n authority example 40 SOA 30",
       "nxdomain q.example aliases=1 ttl=30 zone=example"},
      {"that cannot be read", 0, Type::kPtr, "answer test 50 BAD-DNAME example", "malformed q.test fault=9"},
      {"as data", 0, Type::kDname, "answer q.test 50 DNAME example", "data q.test records=1 ttl=50"},
  });
}

TEST(AnswerTest, ReadsAbsence) {
  RunCases({
      {"no name", 3, Type::kPtr, "authority test 50 SOA 40", "nxdomain q.test ttl=40 zone=test"},
      {"no name, TTL below MINIMUM", 3, Type::kPtr, "authority test 30 SOA 40",
       "nxdomain q.test ttl=30 zone=test"},
      {"no name, no SOA", 3, Type::kPtr, "", "nxdomain q.test"},
      {"no name, and NS", 3, Type::kPtr, "authority test 50 NS ns.test", "nxdomain q.test"},
      {"no data", 0, Type::kPtr, "authority test 50 SOA 40", "nodata q.test ttl=40 zone=test"},
      {"no data, SOA and NS", 0, Type::kPtr, "authority test 50 NS ns.test\n authority test 50 SOA 40",
       "nodata q.test ttl=40 zone=test"},
      {"no data, neither SOA nor NS", 0, Type::kPtr, "", "nodata q.test"},
      {"no data, another type in the answer", 0, Type::kPtr, "answer q.test 10 A -", "nodata q.test"},
      {"no data, SOA at the name", 0, Type::kPtr, "authority q.test 50 SOA 40",
       "nodata q.test ttl=40 zone=q.test"},
      {"no data, SOA of the root", 0, Type::kPtr, "authority . 50 SOA 40", "nodata q.test ttl=40 zone=."},
      {"no name, SOA of another zone", 3, Type::kPtr, "authority example 50 SOA 40", "nxdomain q.test"},
      {"no name, SOA below the name", 3, Type::kPtr, "authority x.q.test 50 SOA 40", "nxdomain q.test"},
      {"no name, second SOA is the zone's", 3, Type::kPtr,
       "authority example 9 SOA 9\n authority test 50 SOA 40", "nxdomain q.test ttl=40 zone=test"},
      {"no name, SOA of another class", 3, Type::kPtr, "authority test 50 CH-SOA 40", "nxdomain q.test"},
      {"no name, SOA in the additional section", 3, Type::kPtr, "additional test 50 SOA 40",
       "nxdomain q.test"},
      {"SOA that cannot be read", 3, Type::kPtr, "authority test 50 BAD-SOA 40", "malformed q.test fault=9"},
      {"SOA TTL with the top bit", 3, Type::kPtr, "authority test 4294967295 SOA 40",
       "nxdomain q.test ttl=0 zone=test"},
      {"referral", 0, Type::kPtr, "authority q.test 50 NS ns.test", "referral q.test"},
      {"referral upward", 0, Type::kPtr, "authority . 50 NS ns.test", "referral q.test"},
      {"referral, SOA of another zone", 0, Type::kPtr,
       "authority test 50 NS ns.test\n authority example 50 SOA 40", "referral q.test"},
      {"NS of another class", 0, Type::kPtr, "authority test 50 CH-NS ns.test", "nodata q.test"},
      {"NS in the additional section", 0, Type::kPtr, "additional test 50 NS ns.test", "nodata q.test"},
  });
}

TEST(AnswerTest, ReadsErrorsAndTruncation) {
  RunCases({
      {"TC", kTc, Type::kPtr, "", "truncated q.test"},
      {"TC and data", kTc, Type::kPtr, "answer q.test 60 PTR t", "truncated q.test"},
      {"TC and NXDOMAIN", kTc | 3, Type::kPtr, "authority test 50 SOA 40", "truncated q.test"},
      {"TC and SERVFAIL", kTc | 2, Type::kPtr, "", "error q.test"},
      {"YXDOMAIN and DNAME", 6, Type::kPtr, "answer test 50 DNAME example", "toolong q.test"},
      {"YXDOMAIN alone", 6, Type::kPtr, "", "error q.test"},
      {"YXDOMAIN and DNAME elsewhere", 6, Type::kPtr, "authority test 50 DNAME example", "error q.test"},
  });
}

TEST(AnswerTest, EveryOtherRcodeIsAnError) {
  for (uint32_t rcode = 0; rcode < 4096; ++rcode) {
    const std::vector<uint8_t> bytes = Response(static_cast<uint16_t>(rcode & 15))
                                           .Question("q.test", Type::kPtr)
                                           .Add(Section::kAnswer, "q.test", Type::kPtr, 60, WireName("t"))
                                           .Opt(rcode >> 4 << 24)
                                           .bytes();
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    Answer answer;
    Interpret(message, WireName("q.test"), Type::kPtr, answer);
    ASSERT_EQ(answer.kind, rcode == 0 || rcode == 3 ? AnswerKind::kData : AnswerKind::kError) << rcode;
  }
}

TEST(AnswerTest, FindsLoops) {
  RunCases({
      {"to itself", 0, Type::kPtr, "answer q.test 60 CNAME q.test", "loop q.test aliases=1 ttl=60"},
      {"to itself in other case", 0, Type::kPtr, "answer q.test 60 CNAME Q.TEST",
       "loop Q.TEST aliases=1 ttl=60"},
      {"of two", 0, Type::kPtr, "answer q.test 60 CNAME r.test\n answer r.test 50 CNAME q.test",
       "loop q.test aliases=2 ttl=50"},
      {"not at the start", 0, Type::kPtr,
       "answer q.test 60 CNAME r.test\n answer r.test 50 CNAME s.test\n answer s.test 50 CNAME r.test",
       "loop r.test aliases=3 ttl=50"},
      {"under NXDOMAIN", 3, Type::kPtr, "answer q.test 60 CNAME q.test", "loop q.test aliases=1 ttl=60"},
      {"of DNAMEs", 0, Type::kPtr, "answer test 60 DNAME example\n answer example 60 DNAME test",
       "loop q.test aliases=2 ttl=60"},
      {"a DNAME to itself", 0, Type::kPtr, "answer test 60 DNAME test", "loop q.test aliases=1 ttl=60"},
  });
}

std::string ChainOf(size_t aliases) {
  std::string out = "answer q.test 60 CNAME n1.test";
  for (size_t i = 1; i < aliases; ++i) {
    out += "\nanswer n" + std::to_string(i) + ".test 60 CNAME n" + std::to_string(i + 1) + ".test";
  }
  return out;
}

TEST(AnswerTest, BoundsAliasesAndLengths) {
  RunCases({
      {"sixteen aliases", 0, Type::kPtr, ChainOf(16) + "\nanswer n16.test 60 PTR t",
       "data n16.test aliases=16 records=1 ttl=60"},
      {"sixteen aliases and no more", 0, Type::kPtr, ChainOf(16), "alias n16.test aliases=16 ttl=60"},
      {"seventeen aliases", 0, Type::kPtr, ChainOf(17) + "\nanswer n17.test 60 PTR t",
       "toolong n16.test aliases=16 ttl=60"},
      {"a DNAME that grows", 0, Type::kPtr, "answer test 60 DNAME x.test",
       "toolong q.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.x.test aliases=16 ttl=60"},
  });
  // `q.` takes two octets of the 255.
  const std::string label(63, 'x');
  const std::string three = label + "." + label + "." + label + ".";
  const std::string fits = three + std::string(59, 'y');
  const std::string expected_fit = "data q." + fits + " aliases=1 records=1 ttl=50";
  RunCases({
      {"DNAME to 255 octets", 0, Type::kPtr,
       "answer test 60 DNAME " + fits + "\nanswer q." + fits + " 50 PTR t", expected_fit},
      {"DNAME to 256 octets", 0, Type::kPtr, "answer test 60 DNAME " + fits + "y", "toolong q.test ttl=60"},
  });
}

// A server of one zone is not believed about another.
TEST(AnswerTest, FollowsAliasesInsideItsZoneOnly) {
  struct ZoneCase {
    std::string_view what;
    std::string_view zone;
    std::string records;
    std::string_view expected;
  };
  const ZoneCase kCases[] = {
      {"inside", "test", "answer q.test 60 CNAME r.test\nanswer r.test 50 PTR t",
       "data r.test aliases=1 records=1 ttl=50"},
      {"into another zone", "test", "answer q.test 60 CNAME r.else\nanswer r.else 50 PTR t",
       "alias r.else aliases=1 ttl=60"},
      {"through another zone and back", "test",
       "answer q.test 60 CNAME r.else\nanswer r.else 60 CNAME s.test\nanswer s.test 50 PTR t",
       "alias r.else aliases=1 ttl=60"},
      {"a DNAME into another zone", "test", "answer test 60 DNAME else\nanswer q.else 50 PTR t",
       "alias q.else aliases=1 ttl=60"},
      {"absence in another zone", "test", "answer q.test 60 CNAME r.else\nauthority else 60 SOA 60",
       "alias r.else aliases=1 ttl=60"},
      {"the root holds all", ".", "answer q.test 60 CNAME r.else\nanswer r.else 50 PTR t",
       "data r.else aliases=1 records=1 ttl=50"},
  };
  for (const ZoneCase& test : kCases) {
    const std::vector<uint8_t> bytes = Build(0, "q.test", Type::kPtr, test.records);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone) << test.what;
    Answer answer;
    Interpret(message, WireName("q.test"), Type::kPtr, answer, WireName(test.zone));
    EXPECT_EQ(Describe(answer), test.expected) << test.what;
  }
}

// An owner that leads forward behind a pointer passes Parse, which does not look there.
TEST(AnswerTest, AnOwnerThatCannotBeReadIsNeverAbsence) {
  struct PointerCase {
    Type type;
    AnswerKind expected;
  };
  constexpr PointerCase kCases[] = {
      {Type::kPtr, AnswerKind::kMalformed},
      {Type::kCname, AnswerKind::kMalformed},
      {Type::kDname, AnswerKind::kMalformed},
      {Type::kTxt, AnswerKind::kNodata},
  };
  for (const PointerCase& test : kCases) {
    Response response;
    response.Question("q.test", Type::kPtr);
    response.Add(Section::kAnswer, "x", Type::kTxt, 60, Octets("\xC0\xFF"));
    response.Add(Section::kAnswer, "x", test.type, 60, WireName("t"));
    std::vector<uint8_t> bytes = response.bytes();
    // The owner of the second record becomes a pointer to the forward one in the RDATA of the first.
    const size_t rdata = 12 + 8 + 4 + 3 + 10;
    const std::vector<uint8_t> pointer = {0xC0, static_cast<uint8_t>(rdata)};
    bytes.erase(bytes.begin() + rdata + 2, bytes.begin() + rdata + 5);
    bytes.insert(bytes.begin() + rdata + 2, pointer.begin(), pointer.end());
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone);
    Answer answer;
    Interpret(message, WireName("q.test"), Type::kPtr, answer);
    EXPECT_EQ(answer.kind, test.expected) << static_cast<int>(test.type);
    EXPECT_EQ(answer.fault,
              test.expected == AnswerKind::kMalformed ? ParseError::kForwardPointer : ParseError::kNone);
  }
}

}  // namespace
}  // namespace codec::dns
