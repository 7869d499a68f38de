#include "scanner/core/judge.h"

namespace scanner {
namespace {

using codec::dns::AnswerKind;
using codec::dns::Rcode;

bool IsFiltered(const codec::dns::Message& message) {
  constexpr uint16_t kBlocked = 15;
  constexpr uint16_t kProhibited = 18;
  if (!message.edns() || !message.edns()->ede) return false;
  const uint16_t ede = *message.edns()->ede;
  return ede >= kBlocked && ede <= kProhibited;
}

Judgement JudgeError(Rcode rcode, QueryManner manner) {
  const auto status = static_cast<Status>(rcode);
  if (rcode == Rcode::kBadcookie && manner.edns && !manner.over_tcp) return {NextStep::kNewCookie, status};
  // It will not speak for the zone.
  if (rcode == Rcode::kRefused && manner.iterating) return {NextStep::kElsewhere, Status::kLame};
  const bool edns_refused = rcode == Rcode::kFormerr || rcode == Rcode::kNotimp || rcode == Rcode::kBadvers;
  if (edns_refused && manner.edns) return {NextStep::kWithoutEdns, status};
  return {NextStep::kElsewhere, status};
}

}  // namespace

Judgement Judge(const codec::dns::Message& message, const codec::dns::Answer& answer, QueryManner manner) {
  const bool filtered = IsFiltered(message);
  // Absence counts only from a server that speaks for the name: its owner's, or a resolver.
  const bool speaks = message.authoritative() || (message.recursion_available() && !manner.iterating);
  // Nothing that a server of another zone remembers is taken from it (RFC 2181 section 5.4.1).
  if (manner.iterating && !speaks &&
      (answer.kind == AnswerKind::kData || answer.kind == AnswerKind::kAlias)) {
    return {NextStep::kElsewhere, Status::kLame};
  }
  switch (answer.kind) {
    case AnswerKind::kData:
      return {filtered ? NextStep::kElsewhere : NextStep::kDone, Status::kNoError, filtered};
    case AnswerKind::kNxdomain:
      if (filtered) return {NextStep::kElsewhere, Status::kNxdomain, true};
      return speaks ? Judgement{NextStep::kDone, Status::kNxdomain}
                    : Judgement{NextStep::kElsewhere, Status::kLame};
    case AnswerKind::kNodata:
      if (filtered) return {NextStep::kElsewhere, Status::kNodata, true};
      return speaks ? Judgement{NextStep::kDone, Status::kNodata}
                    : Judgement{NextStep::kElsewhere, Status::kLame};
    case AnswerKind::kAlias:
      return {filtered ? NextStep::kElsewhere : NextStep::kFollowAlias, Status::kNoError, filtered};
    case AnswerKind::kReferral:
      return {manner.iterating ? NextStep::kDescend : NextStep::kElsewhere, Status::kLame};
    case AnswerKind::kError:
      return JudgeError(message.rcode(), manner);
    case AnswerKind::kTruncated:
      return manner.over_tcp ? Judgement{NextStep::kElsewhere, Status::kMalformed}
                             : Judgement{NextStep::kOverTcp, Status::kTruncated};
    case AnswerKind::kLoop:
      return {NextStep::kDone, Status::kLoop};
    case AnswerKind::kTooLong:
      return {NextStep::kDone,
              message.rcode() == Rcode::kNoError ? Status::kLoop : static_cast<Status>(message.rcode())};
    case AnswerKind::kMalformed:
      return {NextStep::kElsewhere, Status::kMalformed};
  }
  return {NextStep::kElsewhere, Status::kMalformed};
}

}  // namespace scanner
