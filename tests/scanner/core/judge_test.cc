#include "scanner/core/judge.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tests/codec/dns/response.h"

namespace scanner {
namespace {

using codec::dns::Answer;
using codec::dns::AnswerKind;
using codec::dns::Message;
using codec::dns::ParseError;
using codec::dns::Rcode;
using codec::dns::Response;
using codec::dns::Type;

constexpr AnswerKind kKinds[] = {AnswerKind::kData,      AnswerKind::kAlias,    AnswerKind::kNxdomain,
                                 AnswerKind::kNodata,    AnswerKind::kReferral, AnswerKind::kError,
                                 AnswerKind::kTruncated, AnswerKind::kLoop,     AnswerKind::kTooLong,
                                 AnswerKind::kMalformed};

struct Given {
  AnswerKind kind = AnswerKind::kData;
  Rcode rcode = Rcode::kNoError;
  bool aa = true;
  bool ra = false;
  std::optional<uint16_t> ede = std::nullopt;
  QueryManner manner = {.edns = true, .over_tcp = false};
};

Judgement JudgeOf(const Given& given) {
  const auto rcode = static_cast<uint16_t>(given.rcode);
  Response response(static_cast<uint16_t>((given.aa ? 0x0400 : 0) | (given.ra ? 0x0080 : 0) | (rcode & 15)));
  response.Question("1.2.0.192.in-addr.arpa.", Type::kPtr);
  std::vector<uint8_t> options;
  if (given.ede) {
    codec::dns::Append16(options, 15);
    codec::dns::Append16(options, 2);
    codec::dns::Append16(options, *given.ede);
  }
  if (given.ede || rcode > 15) response.Opt(static_cast<uint32_t>(rcode >> 4) << 24, options);
  const std::vector<uint8_t> bytes = response.bytes();
  Message message;
  EXPECT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  EXPECT_EQ(message.rcode(), given.rcode);
  Answer answer;
  answer.kind = given.kind;
  return Judge(message, answer, given.manner);
}

TEST(JudgeTest, Table) {
  constexpr QueryManner kPlain = {.edns = false, .over_tcp = false};
  constexpr QueryManner kTcp = {.edns = true, .over_tcp = true};
  constexpr QueryManner kPlainTcp = {.edns = false, .over_tcp = true};
  const struct {
    const char* name;
    Given given;
    Judgement expected;
  } cases[] = {
      {"data of the owner", {}, {NextStep::kDone, Status::kNoError}},
      {"data of a resolver", {.aa = false, .ra = true}, {NextStep::kDone, Status::kNoError}},
      {"data of somebody's cache", {.aa = false}, {NextStep::kDone, Status::kNoError}},
      {"NXDOMAIN of the owner",
       {.kind = AnswerKind::kNxdomain, .rcode = Rcode::kNxdomain},
       {NextStep::kDone, Status::kNxdomain}},
      {"NXDOMAIN of a resolver",
       {.kind = AnswerKind::kNxdomain, .rcode = Rcode::kNxdomain, .aa = false, .ra = true},
       {NextStep::kDone, Status::kNxdomain}},
      {"NXDOMAIN of a stranger",
       {.kind = AnswerKind::kNxdomain, .rcode = Rcode::kNxdomain, .aa = false},
       {NextStep::kElsewhere, Status::kLame}},
      {"NODATA of the owner", {.kind = AnswerKind::kNodata}, {NextStep::kDone, Status::kNodata}},
      {"NODATA of a resolver",
       {.kind = AnswerKind::kNodata, .aa = false, .ra = true},
       {NextStep::kDone, Status::kNodata}},
      {"NODATA of a stranger",
       {.kind = AnswerKind::kNodata, .aa = false},
       {NextStep::kElsewhere, Status::kLame}},
      {"a referral", {.kind = AnswerKind::kReferral, .aa = false}, {NextStep::kElsewhere, Status::kLame}},
      {"a referral that claims AA", {.kind = AnswerKind::kReferral}, {NextStep::kElsewhere, Status::kLame}},
      {"a referral from a resolver",
       {.kind = AnswerKind::kReferral, .aa = false, .ra = true},
       {NextStep::kElsewhere, Status::kLame}},
      {"not filtered, EDE 14", {.ede = 14}, {NextStep::kDone, Status::kNoError}},
      {"blocked, EDE 15", {.ede = 15}, {NextStep::kElsewhere, Status::kNoError, true}},
      {"censored, EDE 16",
       {.kind = AnswerKind::kNxdomain, .rcode = Rcode::kNxdomain, .ede = 16},
       {NextStep::kElsewhere, Status::kNxdomain, true}},
      {"filtered, EDE 17",
       {.kind = AnswerKind::kNodata, .ede = 17},
       {NextStep::kElsewhere, Status::kNodata, true}},
      {"prohibited, EDE 18", {.ede = 18}, {NextStep::kElsewhere, Status::kNoError, true}},
      {"stale NXDOMAIN, EDE 19",
       {.kind = AnswerKind::kNxdomain, .rcode = Rcode::kNxdomain, .ede = 19},
       {NextStep::kDone, Status::kNxdomain}},
      {"TC over UDP", {.kind = AnswerKind::kTruncated}, {NextStep::kOverTcp, Status::kTruncated}},
      {"TC over UDP, without EDNS",
       {.kind = AnswerKind::kTruncated, .manner = kPlain},
       {NextStep::kOverTcp, Status::kTruncated}},
      {"TC over TCP",
       {.kind = AnswerKind::kTruncated, .manner = kTcp},
       {NextStep::kElsewhere, Status::kMalformed}},
      {"FORMERR with EDNS",
       {.kind = AnswerKind::kError, .rcode = Rcode::kFormerr},
       {NextStep::kWithoutEdns, Status::kFormerr}},
      {"FORMERR without EDNS",
       {.kind = AnswerKind::kError, .rcode = Rcode::kFormerr, .manner = kPlain},
       {NextStep::kElsewhere, Status::kFormerr}},
      {"NOTIMP with EDNS",
       {.kind = AnswerKind::kError, .rcode = Rcode::kNotimp},
       {NextStep::kWithoutEdns, Status::kNotimp}},
      {"NOTIMP without EDNS",
       {.kind = AnswerKind::kError, .rcode = Rcode::kNotimp, .manner = kPlainTcp},
       {NextStep::kElsewhere, Status::kNotimp}},
      {"BADVERS with EDNS",
       {.kind = AnswerKind::kError, .rcode = Rcode::kBadvers},
       {NextStep::kWithoutEdns, static_cast<Status>(16)}},
      {"SERVFAIL",
       {.kind = AnswerKind::kError, .rcode = Rcode::kServfail},
       {NextStep::kElsewhere, Status::kServfail}},
      {"REFUSED",
       {.kind = AnswerKind::kError, .rcode = Rcode::kRefused},
       {NextStep::kElsewhere, Status::kRefused}},
      {"BADCOOKIE over UDP",
       {.kind = AnswerKind::kError, .rcode = Rcode::kBadcookie},
       {NextStep::kNewCookie, static_cast<Status>(23)}},
      {"BADCOOKIE over TCP",
       {.kind = AnswerKind::kError, .rcode = Rcode::kBadcookie, .manner = kTcp},
       {NextStep::kElsewhere, static_cast<Status>(23)}},
      {"BADCOOKIE to a query without EDNS",
       {.kind = AnswerKind::kError, .rcode = Rcode::kBadcookie, .manner = kPlain},
       {NextStep::kElsewhere, static_cast<Status>(23)}},
      {"an RCODE without a name",
       {.kind = AnswerKind::kError, .rcode = Rcode{11}},
       {NextStep::kElsewhere, static_cast<Status>(11)}},
      {"an alias", {.kind = AnswerKind::kAlias}, {NextStep::kFollowAlias, Status::kNoError}},
      {"an alias that a filter made",
       {.kind = AnswerKind::kAlias, .ede = 15},
       {NextStep::kElsewhere, Status::kNoError, true}},
      {"aliases in a circle", {.kind = AnswerKind::kLoop}, {NextStep::kDone, Status::kLoop}},
      {"too many aliases", {.kind = AnswerKind::kTooLong}, {NextStep::kDone, Status::kLoop}},
      {"a name that a DNAME makes too long",
       {.kind = AnswerKind::kTooLong, .rcode = Rcode::kYxdomain},
       {NextStep::kDone, static_cast<Status>(6)}},
      {"records that cannot be read",
       {.kind = AnswerKind::kMalformed},
       {NextStep::kElsewhere, Status::kMalformed}},
  };
  for (const auto& test : cases) {
    const Judgement judgement = JudgeOf(test.given);
    EXPECT_EQ(judgement, test.expected) << test.name << ": step " << static_cast<int>(judgement.step)
                                        << ", status " << static_cast<int>(judgement.status);
  }
}

// What SPEC sections 2 and 3 rule out, over everything that can be given.
void ExpectWithinTheRules(const Given& given, const Judgement& judgement) {
  const bool absence = judgement.status == Status::kNxdomain || judgement.status == Status::kNodata;
  const bool done = judgement.step == NextStep::kDone;
  if (done && absence) {
    EXPECT_TRUE(given.aa || given.ra) << "absence from one who does not speak for the name";
    EXPECT_TRUE(given.kind == AnswerKind::kNxdomain || given.kind == AnswerKind::kNodata);
  }
  const bool disowned = given.ede >= 15 && given.ede <= 18;
  const bool used = given.kind == AnswerKind::kData || given.kind == AnswerKind::kNxdomain ||
                    given.kind == AnswerKind::kNodata || given.kind == AnswerKind::kAlias;
  EXPECT_EQ(judgement.filtered, disowned && used);
  if (judgement.filtered) {
    EXPECT_EQ(judgement.step, NextStep::kElsewhere);
  }
  if (done && judgement.status == Status::kNoError) {
    EXPECT_EQ(given.kind, AnswerKind::kData);
  }
  if (given.manner.over_tcp) {
    EXPECT_NE(judgement.step, NextStep::kOverTcp);
  }
  if (!given.manner.edns) {
    EXPECT_NE(judgement.step, NextStep::kWithoutEdns);
    EXPECT_NE(judgement.step, NextStep::kNewCookie);
  }
}

TEST(JudgeTest, EveryCombinationKeepsTheRules) {
  constexpr Rcode kErrors[] = {Rcode::kFormerr, Rcode::kServfail, Rcode::kNotimp,
                               Rcode::kRefused, Rcode::kBadvers,  Rcode::kBadcookie};
  for (const AnswerKind kind : kKinds) {
    for (const Rcode error : kErrors) {
      for (uint32_t bits = 0; bits < 16; ++bits) {
        for (const std::optional<uint16_t> ede :
             {std::optional<uint16_t>(), std::optional<uint16_t>(0), std::optional<uint16_t>(14),
              std::optional<uint16_t>(15), std::optional<uint16_t>(18), std::optional<uint16_t>(19)}) {
          Given given{.kind = kind,
                      .rcode = Rcode::kNoError,
                      .aa = (bits & 1) != 0,
                      .ra = (bits & 2) != 0,
                      .ede = ede,
                      .manner = {.edns = (bits & 4) != 0, .over_tcp = (bits & 8) != 0}};
          if (kind == AnswerKind::kError) given.rcode = error;
          if (kind == AnswerKind::kNxdomain) given.rcode = Rcode::kNxdomain;
          ExpectWithinTheRules(given, JudgeOf(given));
          if (HasFailure()) {
            FAIL() << "kind " << static_cast<int>(kind) << " rcode " << static_cast<int>(given.rcode)
                   << " bits " << bits << " EDE " << ede.value_or(999);
          }
        }
      }
    }
  }
}

// Authoritative servers: what they say counts with AA only, whatever RA says.
TEST(JudgeTest, OfAuthoritativeServers) {
  constexpr QueryManner kIterating = {.edns = true, .over_tcp = false, .iterating = true};
  const struct {
    const char* name;
    Given given;
    Judgement expected;
  } cases[] = {
      {"data", {.manner = kIterating}, {NextStep::kDone, Status::kNoError}},
      {"data without AA", {.aa = false, .manner = kIterating}, {NextStep::kElsewhere, Status::kLame}},
      {"data of a cache",
       {.aa = false, .ra = true, .manner = kIterating},
       {NextStep::kElsewhere, Status::kLame}},
      {"an alias",
       {.kind = AnswerKind::kAlias, .manner = kIterating},
       {NextStep::kFollowAlias, Status::kNoError}},
      {"an alias without AA",
       {.kind = AnswerKind::kAlias, .aa = false, .manner = kIterating},
       {NextStep::kElsewhere, Status::kLame}},
      {"NXDOMAIN",
       {.kind = AnswerKind::kNxdomain, .manner = kIterating},
       {NextStep::kDone, Status::kNxdomain}},
      {"NXDOMAIN of a cache",
       {.kind = AnswerKind::kNxdomain, .aa = false, .ra = true, .manner = kIterating},
       {NextStep::kElsewhere, Status::kLame}},
      {"NODATA of a cache",
       {.kind = AnswerKind::kNodata, .aa = false, .ra = true, .manner = kIterating},
       {NextStep::kElsewhere, Status::kLame}},
      {"a referral",
       {.kind = AnswerKind::kReferral, .aa = false, .manner = kIterating},
       {NextStep::kDescend, Status::kLame}},
      {"REFUSED",
       {.kind = AnswerKind::kError, .rcode = Rcode::kRefused, .aa = false, .manner = kIterating},
       {NextStep::kElsewhere, Status::kLame}},
      {"SERVFAIL",
       {.kind = AnswerKind::kError, .rcode = Rcode::kServfail, .aa = false, .manner = kIterating},
       {NextStep::kElsewhere, Status::kServfail}},
  };
  for (const auto& test : cases) EXPECT_EQ(JudgeOf(test.given), test.expected) << test.name;
}

}  // namespace
}  // namespace scanner
