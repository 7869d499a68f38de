#include "scanner/core/verdict.h"

#include <algorithm>
#include <cstdint>

namespace scanner {
namespace {

// What one name says of the target; the better it decides, the higher. Transients are above failures.
enum class Standing : uint8_t {
  kUnusable,
  kMissing,
  kMismatch,
  kError,
  kLame,
  kRefused,
  kServfail,
  kTimeout,
  kConfirms,
};

bool IsTransient(Standing standing) {
  return standing > Standing::kMismatch && standing < Standing::kConfirms;
}

Standing StandingOf(const ForwardOutcome& outcome) {
  if (!outcome.usable) return Standing::kUnusable;
  if (outcome.filtered) return Standing::kError;
  switch (outcome.status) {
    case Status::kNoError:
      if (!outcome.has_addresses) return Standing::kError;
      return outcome.confirms ? Standing::kConfirms : Standing::kMismatch;
    case Status::kNxdomain:
    case Status::kNodata:
      return Standing::kMissing;
    case Status::kTimeout:
    case Status::kUnreachable:
      return Standing::kTimeout;
    case Status::kServfail:
      return Standing::kServfail;
    case Status::kRefused:
      return Standing::kRefused;
    case Status::kLame:
      return Standing::kLame;
    case Status::kFormerr:
    case Status::kNotimp:
    case Status::kTruncated:
    case Status::kMalformed:
    case Status::kLoop:
      return Standing::kError;
  }
  return Standing::kError;  // Status holds every other RCODE too.
}

Decision OfStanding(Standing standing) {
  switch (standing) {
    case Standing::kConfirms:
      return {Verdict::kPass, Reason::kConfirmed};
    case Standing::kTimeout:
      return {Verdict::kTemperror, Reason::kForwardTimeout};
    case Standing::kServfail:
      return {Verdict::kTemperror, Reason::kForwardServfail};
    case Standing::kRefused:
      return {Verdict::kTemperror, Reason::kForwardRefused};
    case Standing::kLame:
      return {Verdict::kTemperror, Reason::kForwardLame};
    case Standing::kError:
      return {Verdict::kTemperror, Reason::kForwardError};
    case Standing::kMismatch:
      return {Verdict::kFail, Reason::kForwardMismatch};
    case Standing::kMissing:
      return {Verdict::kFail, Reason::kForwardMissing};
    case Standing::kUnusable:
      return {Verdict::kFail, Reason::kUnusableName};
  }
  __builtin_unreachable();  // Every Standing is above.
}

Decision DecideNames(const Outcomes& outcomes) {
  if (outcomes.forward.empty()) return OfStanding(Standing::kError);
  if (!outcomes.forward_made) return {Verdict::kNone, Reason::kNone};
  Standing best = Standing::kUnusable;
  std::optional<size_t> telling;  // Whose status is told.
  for (size_t i = 0; i < outcomes.forward.size(); ++i) {
    const Standing standing = StandingOf(outcomes.forward[i]);
    const bool decides = standing > best && (IsTransient(standing) || standing == Standing::kConfirms);
    if (decides || (!telling && outcomes.forward[i].usable)) telling = i;
    best = std::max(best, standing);
  }
  if (outcomes.names_truncated && best != Standing::kConfirms) best = Standing::kError;
  Decision decision = OfStanding(best);
  if (telling) {
    decision.forward_status = outcomes.forward[*telling].status;
    decision.forward_index = *telling;
  }
  return decision;
}

}  // namespace

Decision Decide(const Outcomes& outcomes) {
  if (outcomes.ptr_filtered) return {Verdict::kTemperror, Reason::kPtrError};
  switch (outcomes.ptr_status) {
    case Status::kNoError:
      return DecideNames(outcomes);
    case Status::kNxdomain:
    case Status::kNodata:
      return {Verdict::kPermerror, Reason::kNoPtr};
    case Status::kTimeout:
    case Status::kUnreachable:
      return {Verdict::kTemperror, Reason::kPtrTimeout};
    case Status::kServfail:
      return {Verdict::kTemperror, Reason::kPtrServfail};
    case Status::kRefused:
      return {Verdict::kTemperror, Reason::kPtrRefused};
    case Status::kLame:
      return {Verdict::kTemperror, Reason::kPtrLame};
    case Status::kFormerr:
    case Status::kNotimp:
    case Status::kTruncated:
    case Status::kMalformed:
    case Status::kLoop:
      break;
  }
  return {Verdict::kTemperror, Reason::kPtrError};  // Status holds every other RCODE too.
}

}  // namespace scanner
