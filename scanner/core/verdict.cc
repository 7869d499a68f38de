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

Decision DecideForward(Standing standing, std::optional<Status> status) {
  switch (standing) {
    case Standing::kConfirms:
      return {Verdict::kPass, Reason::kConfirmed, status};
    case Standing::kTimeout:
      return {Verdict::kTemperror, Reason::kForwardTimeout, status};
    case Standing::kServfail:
      return {Verdict::kTemperror, Reason::kForwardServfail, status};
    case Standing::kRefused:
      return {Verdict::kTemperror, Reason::kForwardRefused, status};
    case Standing::kLame:
      return {Verdict::kTemperror, Reason::kForwardLame, status};
    case Standing::kError:
      return {Verdict::kTemperror, Reason::kForwardError, status};
    case Standing::kMismatch:
      return {Verdict::kFail, Reason::kForwardMismatch, status};
    case Standing::kMissing:
      return {Verdict::kFail, Reason::kForwardMissing, status};
    case Standing::kUnusable:
      return {Verdict::kFail, Reason::kUnusableName, status};
  }
  __builtin_unreachable();  // Every Standing is above.
}

Decision DecideNames(const Outcomes& outcomes) {
  if (outcomes.forward.empty()) return DecideForward(Standing::kError, std::nullopt);
  Standing best = Standing::kUnusable;
  std::optional<Status> status;
  for (const ForwardOutcome& outcome : outcomes.forward) {
    const Standing standing = StandingOf(outcome);
    const bool decides = standing > best && (IsTransient(standing) || standing == Standing::kConfirms);
    if (decides || (!status && outcome.usable)) status = outcome.status;
    best = std::max(best, standing);
  }
  if (outcomes.names_truncated && best != Standing::kConfirms) best = Standing::kError;
  return DecideForward(best, status);
}

}  // namespace

Decision Decide(const Outcomes& outcomes) {
  switch (outcomes.ptr_status) {
    case Status::kNoError:
      return DecideNames(outcomes);
    case Status::kNxdomain:
    case Status::kNodata:
      return {Verdict::kPermerror, Reason::kNoPtr, std::nullopt};
    case Status::kTimeout:
    case Status::kUnreachable:
      return {Verdict::kTemperror, Reason::kPtrTimeout, std::nullopt};
    case Status::kServfail:
      return {Verdict::kTemperror, Reason::kPtrServfail, std::nullopt};
    case Status::kRefused:
      return {Verdict::kTemperror, Reason::kPtrRefused, std::nullopt};
    case Status::kLame:
      return {Verdict::kTemperror, Reason::kPtrLame, std::nullopt};
    case Status::kFormerr:
    case Status::kNotimp:
    case Status::kTruncated:
    case Status::kMalformed:
    case Status::kLoop:
      break;
  }
  return {Verdict::kTemperror, Reason::kPtrError, std::nullopt};  // Status holds every other RCODE too.
}

}  // namespace scanner
