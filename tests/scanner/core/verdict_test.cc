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
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Text(Decide({.ptr_status = Status::kNoError, .forward = std::array{c.outcome}})), c.expected);
  }
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
          choices.push_back({status, has_addresses, confirms, usable});
        }
      }
    }
  }
  const auto confirms = [](const ForwardOutcome& o) {
    return o.usable && o.status == Status::kNoError && o.has_addresses && o.confirms;
  };
  const auto fails = [](const ForwardOutcome& o) {
    return !o.usable || o.status == Status::kNxdomain || o.status == Status::kNodata ||
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
    ASSERT_TRUE(std::ranges::any_of(
        forward, [&d](const ForwardOutcome& o) { return o.usable && o.status == *d.forward_status; }));
  };
  for (const ForwardOutcome& first : choices) {
    for (const ForwardOutcome& second : choices) {
      for (const ForwardOutcome& third : choices) {
        for (const size_t names : {size_t{1}, size_t{2}, size_t{3}}) {
          forward = {first, second, third};
          forward.resize(names);
          check(false);
          check(true);
          if (HasFatalFailure()) return;
        }
      }
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
