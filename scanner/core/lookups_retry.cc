// Problems: what they cost, when to ask again, and when to give up.
#include <algorithm>
#include <cassert>

#include "scanner/core/lookups.h"

namespace scanner {

void Lookups::Charge(Lookup& lookup, uint32_t charges) {
  lookup.charges = static_cast<uint8_t>(std::min<uint32_t>(lookup.charges + charges, UINT8_MAX));
}

bool Lookups::Exhausted(const Lookup& lookup) const {
  if (lookup.asks >= LookupPolicy::kMaxAsks) return true;
  if (lookup.charges <= 2 * policy_.retries + 1) return false;
  return !iterating() || AllTried(lookup, lookup.first_ask);
}

void Lookups::OnPatienceOver(LookupIndex index, Instant now, Done done) {
  Lookup& lookup = At(index);
  assert(lookup.newest != QueryIndex::kNone);
  InFlightQuery& query = sender_.in_flight()[lookup.newest];
  const ServerIndex server{query.server};
  ServerPace& pace = servers_.pace(server);
  sender_.LeaveWindow(query);
  if (lookup.over_tcp) {
    CloseStream(peers_[query.server]);  // Its other queries are asked again when it has closed.
    OnStreamFailed(index, now, done);
    return;
  }
  const bool silent = pace.last_answer() < query.sent_at;
  pace.OnLoss(now, query.telling);
  const bool dropped_here = query.sent_at <= dropped_at_;
  if (dropped_here) {
    ++stats_.put_back;
  } else if (silent || lookup.problem != Status::kTimeout) {
    Charge(lookup, kChargeSilent);
  } else if (pace.Limiting(now)) {
    lookup.limited = true;
    ++stats_.put_back;
  } else {
    Charge(lookup, kChargeLost);
  }
  lookup.unheard = true;
  if (lookup.problem == Status::kUnreachable) lookup.problem = Status::kTimeout;
  if (Exhausted(lookup)) {
    GiveUp(index, now, done);
  } else {
    MakeReady(index);
  }
}

void Lookups::OnProblem(LookupIndex index, const Problem& problem, Instant now, Done done) {
  sender_.tally().Tell();  // An answer ends its server's rest.
  Lookup& lookup = At(index);
  lookup.problem = problem.status;
  lookup.filtered = problem.filtered;
  lookup.over_tcp = false;
  // Of an answer that could not be used, nothing is told.
  if (problem.status == Status::kMalformed || problem.status == Status::kTruncated) lookup.provenance = {};
  constexpr uint32_t kAsksWhileLimited = 16;
  const bool may_be_limit = problem.status == Status::kServfail || problem.status == Status::kRefused ||
                            problem.status == Status::kTruncated;
  const bool limiting =
      lookup.last_server != ServerIndex::kNone && servers_.pace(lookup.last_server).Limiting(now);
  if (may_be_limit && limiting && lookup.asks < kAsksWhileLimited) {
    lookup.limited = true;
    ++stats_.put_back;
  } else {
    Charge(lookup, policy_.retries + 1 + (policy_.retries == 0 ? 1 : 0));
  }
  if (Exhausted(lookup)) {
    if (problem.may_ask || lookup.state != LookupState::kWaiting) GiveUp(index, now, done);
    return;
  }
  // At least a second, and longer each time (RFC 9520 section 3.2).
  constexpr Duration kNotTheSame = std::chrono::seconds(1);
  constexpr uint32_t kMostDoublings = 3;
  const Instant until = now + kNotTheSame * (1U << std::min<uint32_t>(lookup.problems, kMostDoublings));
  const ServerIndex server = problem.server == ServerIndex::kNone ? lookup.last_server : problem.server;
  FailedServers& failed = failed_[static_cast<uint32_t>(index)];
  failed[lookup.problems % failed.size()] = {.until = until, .server = server};
  lookup.problems = static_cast<uint8_t>(lookup.problems + 1);
  if (!problem.may_ask) return;
  const bool others =
      iterating() ? !AllTried(lookup, now) : OthersUsable(lookup.last_server, FailedOf(index), now);
  if (others) {
    MakeReady(index);
    return;
  }
  Instant earliest = until;
  for (const FailedServer& one : FailedOf(index)) {
    const bool counts = one.server != ServerIndex::kNone && !servers_.pace(one.server).Resting(now);
    if (counts) earliest = std::min(earliest, one.until);
  }
  if (earliest <= now) {
    MakeReady(index);
  } else {
    RestUntil(index, earliest);
  }
}

void Lookups::PutBack(LookupIndex index, Instant now, Done done) {
  if (At(index).asks >= LookupPolicy::kMaxAsks) {
    GiveUp(index, now, done);
    return;
  }
  constexpr Duration kUntilThereIsRoom = std::chrono::milliseconds(100);
  ++stats_.put_back;
  ForgetQueries(index);
  RestUntil(index, now + kUntilThereIsRoom);
}

void Lookups::GiveUp(LookupIndex index, Instant now, Done done) {
  Lookup& lookup = At(index);
  if (iterating() && lookup.asks < LookupPolicy::kMaxAsks && FindMoreServers(lookup)) {
    Unlink(index);
    Enqueue(index, now);
    return;
  }
  const Instant horizon = lookup.first_ask + policy_.horizon;
  if (lookup.problem == Status::kTimeout && now < horizon && lookup.live_queries != 0) {
    Unlink(index);
    lookup.state = LookupState::kLate;
    timers_.Set(static_cast<uint32_t>(index), horizon);
    return;
  }
  Finish(index, lookup.problem, lookup.filtered, nullptr, nullptr, now, done);
}

void Lookups::Finish(LookupIndex index, Status status, bool filtered, const codec::dns::Message* message,
                     const codec::dns::Answer* answer, Instant now, Done done) {
  codec::dns::Name zone;
  if (iterating()) {
    // Where it lies is known now, or each has to find out for itself.
    SettleSeek(index, status, now);
    if (RouteOf(At(index)).purpose != LookupPurpose::kOwner) {
      FinishInternal(index, status, message, answer, now);
      return;
    }
    zone = ZoneOf(At(index), message, answer);
  }
  switch (done({.index = index,
                .lookup = At(index),
                .status = status,
                .filtered = filtered,
                .message = message,
                .answer = answer,
                .zone = zone.view()})) {
    case Taken::kYes:
      Free(index);
      return;
    case Taken::kMalformed:
      OnProblem(index, {.status = Status::kMalformed, .filtered = false, .may_ask = true}, now, done);
      return;
    case Taken::kNoRoom:
      PutBack(index, now, done);
      return;
  }
}

void Lookups::ForgetQuery(LookupIndex index, QueryIndex query) {
  Lookup& lookup = At(index);
  InFlight& in_flight = sender_.in_flight();
  if (lookup.newest == query) {
    lookup.newest = in_flight[query].next;
  } else {
    QueryIndex before = lookup.newest;
    while (in_flight[before].next != query) before = in_flight[before].next;
    in_flight[before].next = in_flight[query].next;
  }
  --lookup.live_queries;
  const InFlightQuery& slot = in_flight[query];
  if (slot.channel().is_stream()) --peers_[slot.server].on_stream;
  sender_.Forget(query);
}

void Lookups::ForgetQueries(LookupIndex index) {
  while (At(index).newest != QueryIndex::kNone) ForgetQuery(index, At(index).newest);
}

void Lookups::Unlink(LookupIndex index) {
  const auto plain = static_cast<uint32_t>(index);
  const Lookup& lookup = At(index);
  // Nobody waits for its last query any more, which may be why it asks again: its place is for others.
  if (lookup.newest != QueryIndex::kNone) sender_.LeaveWindow(sender_.in_flight()[lookup.newest]);
  if (lookup.state == LookupState::kReady) ready_.Remove(plain);
  if (lookup.state == LookupState::kParked) parked_.Remove(plain);
  if (lookup.state == LookupState::kDoomed) doomed_.Remove(plain);
  if (lookup.state == LookupState::kQueued)
    waiting_.Remove((*delegations_)[RouteOf(lookup).zone].queue, plain);
  if (lookup.state == LookupState::kSeeking) StopSeeking(index);
  timers_.Cancel(plain);
}

void Lookups::MakeReady(LookupIndex index) {
  Lookup& lookup = At(index);
  if (lookup.state == LookupState::kReady) return;
  Unlink(index);
  lookup.state = LookupState::kReady;
  ready_.PushBack(static_cast<uint32_t>(index));
}

void Lookups::RestUntil(LookupIndex index, Instant when) {
  Unlink(index);
  At(index).state = LookupState::kResting;
  timers_.Set(static_cast<uint32_t>(index), when);
}

void Lookups::Free(LookupIndex index) {
  ForgetQueries(index);
  Unlink(index);
  Lookup& lookup = At(index);
  lookup.state = LookupState::kFree;
  if (iterating()) LeaveIteration(index);
  names_.Free(lookup.name);
  free_.GiveBack(static_cast<uint32_t>(index));
}

}  // namespace scanner
