#include "scanner/core/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace scanner {
namespace {

std::string Text(Status status) {
  std::array<char, 16> scratch;
  return std::string(ToString(status, scratch));
}

std::string Text(const Decision& decision) {
  std::string text(ToString(decision.verdict));
  text.append(" ").append(ToString(decision.reason)).append(" ");
  return text.append(decision.forward_status ? Text(*decision.forward_status) : "null");
}

constexpr auto kRcode9 = static_cast<Status>(9);
constexpr auto kLastRcode = static_cast<Status>(4095);

constexpr ForwardOutcome kConfirms = {.status = Status::kNoError, .has_addresses = true, .confirms = true};
constexpr ForwardOutcome kMismatch = {.status = Status::kNoError, .has_addresses = true};
constexpr ForwardOutcome kHalf = {.status = Status::kNoError};
constexpr ForwardOutcome kUnusable = {.usable = false};
constexpr ForwardOutcome Of(Status status) { return {.status = status}; }
constexpr ForwardOutcome Filtered(ForwardOutcome outcome) {
  outcome.filtered = true;
  return outcome;
}

TEST(VerdictTest, WithoutNames) {
  struct Case {
    Status ptr_status;
    std::string_view expected;
  };
  constexpr std::array kCases = {
      Case{Status::kNxdomain, "permerror no_ptr null"},
      Case{Status::kNodata, "permerror no_ptr null"},
      Case{Status::kTimeout, "temperror ptr_timeout null"},
      Case{Status::kUnreachable, "temperror ptr_timeout null"},
      Case{Status::kServfail, "temperror ptr_servfail null"},
      Case{Status::kRefused, "temperror ptr_refused null"},
      Case{Status::kLame, "temperror ptr_lame null"},
      Case{Status::kFormerr, "temperror ptr_error null"},
      Case{Status::kNotimp, "temperror ptr_error null"},
      Case{Status::kTruncated, "temperror ptr_error null"},
      Case{Status::kMalformed, "temperror ptr_error null"},
      Case{Status::kLoop, "temperror ptr_error null"},
      Case{kRcode9, "temperror ptr_error null"},
      Case{kLastRcode, "temperror ptr_error null"},
      Case{Status::kNoError, "temperror forward_error null"},  // Names were promised and none came.
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Text(Decide({.ptr_status = c.ptr_status})), c.expected) << Text(c.ptr_status);
    if (c.ptr_status == Status::kNoError) continue;
    // Names of a lookup that did not succeed decide nothing.
    EXPECT_EQ(Text(Decide({.ptr_status = c.ptr_status, .forward = std::array{kConfirms}})), c.expected);
  }
}

TEST(VerdictTest, OneName) {
  struct Case {
    ForwardOutcome outcome;
    std::string_view expected;
  };
  constexpr std::array kCases = {
      Case{kConfirms, "pass confirmed NOERROR"},
      Case{kMismatch, "fail forward_mismatch NOERROR"},
      Case{Of(Status::kNxdomain), "fail forward_missing NXDOMAIN"},
      Case{Of(Status::kNodata), "fail forward_missing NODATA"},
      Case{kUnusable, "fail unusable_name null"},
      Case{Of(Status::kTimeout), "temperror forward_timeout TIMEOUT"},
      Case{Of(Status::kUnreachable), "temperror forward_timeout UNREACHABLE"},
      Case{Of(Status::kServfail), "temperror forward_servfail SERVFAIL"},
      Case{Of(Status::kRefused), "temperror forward_refused REFUSED"},
      Case{Of(Status::kLame), "temperror forward_lame LAME"},
      Case{Of(Status::kFormerr), "temperror forward_error FORMERR"},
      Case{Of(Status::kNotimp), "temperror forward_error NOTIMP"},
      Case{Of(Status::kTruncated), "temperror forward_error TRUNCATED"},
      Case{Of(Status::kMalformed), "temperror forward_error MALFORMED"},
      Case{Of(Status::kLoop), "temperror forward_error LOOP"},
      Case{Of(kRcode9), "temperror forward_error NOTAUTH"},
      Case{kHalf, "temperror forward_error NOERROR"},
      Case{Filtered(kConfirms), "temperror forward_error NOERROR"},
      Case{Filtered(kMismatch), "temperror forward_error NOERROR"},
      Case{Filtered(Of(Status::kNxdomain)), "temperror forward_error NXDOMAIN"},
      Case{Filtered(Of(Status::kNodata)), "temperror forward_error NODATA"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Text(Decide({.ptr_status = Status::kNoError, .forward = std::array{c.outcome}})), c.expected);
  }
}

TEST(VerdictTest, AFilteredPtrAnswerIsAnError) {
  for (const Status status : {Status::kNoError, Status::kNxdomain, Status::kNodata, Status::kServfail}) {
    const Decision decision =
        Decide({.ptr_status = status, .ptr_filtered = true, .forward = std::array{kConfirms}});
    EXPECT_EQ(Text(decision), "temperror ptr_error null") << Text(status);
  }
}

// With --no-forward names have no verdict; everything else is decided as always.
TEST(VerdictTest, WithoutForwardLookups) {
  const Decision names =
      Decide({.ptr_status = Status::kNoError, .forward = std::array{kConfirms}, .forward_made = false});
  EXPECT_EQ(names, (Decision{.verdict = Verdict::kNone, .reason = Reason::kNone}));
  EXPECT_EQ(Text(Decide({.ptr_status = Status::kNxdomain, .forward_made = false})), "permerror no_ptr null");
  EXPECT_EQ(Text(Decide({.ptr_status = Status::kTimeout, .forward_made = false})),
            "temperror ptr_timeout null");
}

TEST(VerdictTest, SeveralNames) {
  struct Case {
    std::string_view why;
    std::vector<ForwardOutcome> forward;
    std::string_view expected;
  };
  const std::vector<Case> cases = {
      {"any name confirms", {kMismatch, Of(Status::kTimeout), kConfirms}, "pass confirmed NOERROR"},
      {"a transient hides every failure",
       {kMismatch, Of(Status::kNxdomain), kUnusable, Of(Status::kLoop)},
       "temperror forward_error LOOP"},
      {"timeout before servfail",
       {Of(Status::kServfail), Of(Status::kTimeout)},
       "temperror forward_timeout TIMEOUT"},
      {"servfail before refused",
       {Of(Status::kRefused), Of(Status::kServfail)},
       "temperror forward_servfail SERVFAIL"},
      {"refused before lame", {Of(Status::kLame), Of(Status::kRefused)}, "temperror forward_refused REFUSED"},
      {"lame before error", {Of(Status::kTruncated), Of(Status::kLame)}, "temperror forward_lame LAME"},
      {"the first of equals",
       {Of(Status::kUnreachable), Of(Status::kTimeout)},
       "temperror forward_timeout UNREACHABLE"},
      {"mismatch before missing", {Of(Status::kNxdomain), kMismatch}, "fail forward_mismatch NXDOMAIN"},
      {"missing before unusable", {kUnusable, Of(Status::kNodata)}, "fail forward_missing NODATA"},
      {"mismatch before unusable", {kUnusable, kMismatch}, "fail forward_mismatch NOERROR"},
      {"all unusable", {kUnusable, kUnusable}, "fail unusable_name null"},
      {"status of the first that was asked",
       {kUnusable, Of(Status::kNodata), Of(Status::kNxdomain)},
       "fail forward_missing NODATA"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Text(Decide({.ptr_status = Status::kNoError, .forward = c.forward})), c.expected) << c.why;
  }
}

TEST(VerdictTest, TruncatedNames) {
  struct Case {
    std::vector<ForwardOutcome> forward;
    std::string_view expected;
  };
  const std::vector<Case> cases = {
      {{kMismatch, kConfirms}, "pass confirmed NOERROR"},
      {{kMismatch}, "temperror forward_error NOERROR"},
      {{Of(Status::kNxdomain)}, "temperror forward_error NXDOMAIN"},
      {{kUnusable}, "temperror forward_error null"},
      {{Of(Status::kNxdomain), Of(Status::kTimeout)}, "temperror forward_error TIMEOUT"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Text(Decide({.ptr_status = Status::kNoError, .forward = c.forward, .names_truncated = true})),
              c.expected);
  }
}

// Everything that up to three names can do, against the rules of SPEC section 2 read as sentences.
TEST(VerdictTest, NoTransientIsEverAFailure) {
  const std::vector<Status> statuses = {
      Status::kNoError,     Status::kFormerr, Status::kServfail,  Status::kNxdomain,
      Status::kNotimp,      Status::kRefused, Status::kNodata,    Status::kTimeout,
      Status::kUnreachable, Status::kLame,    Status::kTruncated, Status::kMalformed,
      Status::kLoop,        kRcode9};
  std::vector<ForwardOutcome> choices;
  for (const Status status : statuses) {
    for (const bool usable : {false, true}) {
      for (const bool has_addresses : {false, true}) {
        for (const bool confirms : {false, true}) {
          choices.push_back(
              {.status = status, .has_addresses = has_addresses, .confirms = confirms, .usable = usable});
        }
      }
    }
  }
  for (const Status status : {Status::kNoError, Status::kNxdomain, Status::kNodata}) {
    choices.push_back({.status = status, .filtered = true, .has_addresses = true, .confirms = true});
  }
  const auto confirms = [](const ForwardOutcome& o) {
    return o.usable && !o.filtered && o.status == Status::kNoError && o.has_addresses && o.confirms;
  };
  const auto fails = [](const ForwardOutcome& o) {
    if (!o.usable) return true;
    if (o.filtered) return false;
    return o.status == Status::kNxdomain || o.status == Status::kNodata ||
           (o.status == Status::kNoError && o.has_addresses && !o.confirms);
  };
  std::set<Reason> reasons;
  std::vector<ForwardOutcome> forward;
  const auto check = [&](bool truncated) {
    const Decision d =
        Decide({.ptr_status = Status::kNoError, .forward = forward, .names_truncated = truncated});
    reasons.insert(d.reason);
    const bool passes = std::ranges::any_of(forward, confirms);
    const bool failed = !truncated && std::ranges::all_of(forward, fails);
    ASSERT_EQ(d.verdict, passes ? Verdict::kPass : failed ? Verdict::kFail : Verdict::kTemperror) << Text(d);
    ASSERT_EQ(d.forward_status.has_value(), std::ranges::any_of(forward, &ForwardOutcome::usable));
    if (!d.forward_status) return;
    ASSERT_LT(d.forward_index, forward.size());
    ASSERT_TRUE(forward[d.forward_index].usable);
    ASSERT_EQ(forward[d.forward_index].status, *d.forward_status);
    // What confirmed, else a transient where there was one.
    ASSERT_EQ(confirms(forward[d.forward_index]), passes);
    ASSERT_EQ(fails(forward[d.forward_index]), !passes && std::ranges::all_of(forward, fails));
  };
  // Every triple would be 11 million; a third name out of those that differ in standing is enough.
  const std::vector<ForwardOutcome> thirds = {
      kConfirms,           kMismatch, Of(Status::kNxdomain), Of(Status::kTimeout), Of(Status::kRefused),
      Filtered(kMismatch), kUnusable};
  for (const ForwardOutcome& first : choices) {
    forward = {first};
    check(false);
    check(true);
    for (const ForwardOutcome& second : choices) {
      forward = {first, second};
      check(false);
      check(true);
      for (const ForwardOutcome& third : thirds) {
        forward = {first, second, third};
        check(false);
        check(true);
      }
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(reasons,
            (std::set<Reason>{Reason::kConfirmed, Reason::kForwardMismatch, Reason::kForwardMissing,
                              Reason::kUnusableName, Reason::kForwardTimeout, Reason::kForwardServfail,
                              Reason::kForwardRefused, Reason::kForwardLame, Reason::kForwardError}));
}

TEST(VerdictTest, EveryRcodeIsDecided) {
  for (uint16_t rcode = 0; rcode < 4096; ++rcode) {
    const Decision decision = Decide({.ptr_status = static_cast<Status>(rcode)});
    const bool absent = rcode == 3;
    EXPECT_EQ(decision.verdict, absent ? Verdict::kPermerror : Verdict::kTemperror) << rcode;
  }
}

}  // namespace
}  // namespace scanner
