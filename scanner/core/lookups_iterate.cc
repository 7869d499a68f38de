// Iteration (RFC 1034 section 5.3.3): from the root down to the zone of each name.
#include <algorithm>
#include <cassert>

#include "scanner/core/lookups.h"

namespace scanner {

using codec::dns::NameView;
using codec::dns::ReferralKind;
using codec::dns::Type;

bool Lookups::Place(LookupIndex index, Instant now) {
  return (RouteOf(At(index)).zone != ZoneIndex::kNone || FindZone(index, now)) && ZoneCanBeAsked(index, now);
}

bool Lookups::FindZone(LookupIndex index, Instant now) {
  Lookup& lookup = At(index);
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  codec::dns::Name name;
  name.Assign(NameOf(lookup, scratch));
  codec::dns::LowerCase(name);
  const Delegations::Place place = delegations_->Find(name.view(), now);
  if (place.seek != NodeIndex::kNone) {
    ZoneTree::Node& node = delegations_->tree()[place.seek];
    RouteOf(lookup).node = place.seek;
    delegations_->tree().Pin(place.seek);
    if (node.sought) {
      lookup.state = LookupState::kSeeking;
      waiting_.PushBack(node.waiters, static_cast<uint32_t>(index));
      if (RouteOf(lookup).purpose != LookupPurpose::kOwner)
        timers_.Set(static_cast<uint32_t>(index), now + kRingPatience);
      return false;
    }
    node.sought = true;
  }
  RouteOf(lookup).zone = place.zone;
  delegations_->Hold(place.zone);
  return true;
}

void Lookups::Descend(LookupIndex index, const codec::dns::Message& message, const Reply& reply, bool may_ask,
                      Instant now, Done done) {
  Lookup& lookup = At(index);
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  const codec::dns::Name zone = delegations_->NameOf(RouteOf(lookup).zone);
  const ReferralKind kind =
      codec::dns::ReadReferral(message, NameOf(lookup, scratch), zone.view(), referral_);
  if (kind != ReferralKind::kDown) {
    lookup.provenance = ProvenanceOf(message, reply);
    const Status status = kind == ReferralKind::kMalformed ? Status::kMalformed : Status::kLame;
    if (status == Status::kLame) NoteZoneAnswer(lookup, reply.server, true, now);
    OnProblem(index, {.status = status, .filtered = false, .may_ask = may_ask, .server = reply.server}, now,
              done);
    return;
  }
  NoteZoneAnswer(lookup, reply.server, false, now);
  if (delegations_->Learn(referral_, RouteOf(lookup).zone, now) == ZoneIndex::kNone) {
    PutBack(index, now, done);
    return;
  }
  MeetServers();
  ForgetQueries(index);
  LeaveZone(index);
  BeginQuestion(lookup);
  if (lookup.asks >= LookupPolicy::kMaxAsks) {
    lookup.problem = Status::kLoop;
    GiveUp(index, now, done);
  } else {
    MakeReady(index);
  }
}

void Lookups::LeaveZone(LookupIndex index) {
  Lookup& lookup = At(index);
  assert(lookup.state != LookupState::kSeeking);
  EndSeek(index);
  if (lookup.state == LookupState::kQueued) {
    waiting_.Remove((*delegations_)[RouteOf(lookup).zone].queue, static_cast<uint32_t>(index));
    lookup.state = LookupState::kFree;  // In no list.
  }
  if (RouteOf(lookup).zone == ZoneIndex::kNone) return;
  delegations_->Release(RouteOf(lookup).zone);
  RouteOf(lookup).zone = ZoneIndex::kNone;
}

void Lookups::EndSeek(LookupIndex index) {
  const Lookup& lookup = At(index);
  if (RouteOf(lookup).node == NodeIndex::kNone) return;
  ZoneTree::Node& node = delegations_->tree()[RouteOf(lookup).node];
  node.sought = false;
  while (!node.waiters.empty()) {
    const uint32_t waiter = waiting_.PopFront(node.waiters);
    Lookup& other = At(LookupIndex{waiter});
    delegations_->tree().Unpin(RouteOf(other).node);
    RouteOf(other).node = NodeIndex::kNone;
    other.state = LookupState::kReady;
    timers_.Cancel(waiter);
    ready_.PushBack(waiter);
  }
  delegations_->tree().Unpin(RouteOf(lookup).node);
  RouteOf(lookup).node = NodeIndex::kNone;
}

void Lookups::SettleSeek(LookupIndex index, Status status, Instant now) {
  // A zone cut that comes later is found by the referral that its parent's servers give.
  constexpr Duration kInside = std::chrono::hours(1);
  constexpr Duration kNotKnown = std::chrono::seconds(30);
  const Lookup& lookup = At(index);
  if (RouteOf(lookup).node == NodeIndex::kNone || lookup.state == LookupState::kSeeking) return;
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  codec::dns::Name name;
  name.Assign(NameOf(lookup, scratch));
  codec::dns::LowerCase(name);
  const bool answered =
      status == Status::kNoError || status == Status::kNxdomain || status == Status::kNodata;
  delegations_->LearnInside(name.view(), RouteOf(lookup).zone, answered ? kInside : kNotKnown, now);
  EndSeek(index);
}

// It no longer waits for the one that seeks.
void Lookups::StopSeeking(LookupIndex index) {
  const Lookup& lookup = At(index);
  waiting_.Remove(delegations_->tree()[RouteOf(lookup).node].waiters, static_cast<uint32_t>(index));
  delegations_->tree().Unpin(RouteOf(lookup).node);
  RouteOf(lookup).node = NodeIndex::kNone;
}

void Lookups::LeaveIteration(LookupIndex index) {
  LeaveZone(index);
  const Lookup& lookup = At(index);
  for (ZoneIndex* held : {&RouteOf(lookup).resolves, &RouteOf(lookup).work}) {
    if (*held != ZoneIndex::kNone) delegations_->Release(*held);
    *held = ZoneIndex::kNone;
  }
}

void Lookups::Doom(LookupIndex index, Status status) {
  Lookup& lookup = At(index);
  if (lookup.problem == Status::kTimeout || status != Status::kTimeout) lookup.problem = status;
  lookup.state = LookupState::kDoomed;
  timers_.Cancel(static_cast<uint32_t>(index));
  doomed_.PushBack(static_cast<uint32_t>(index));
}

void Lookups::EndDoomed(Instant now, Done done) {
  for (uint32_t left = doomed_.size(); left > 0 && !doomed_.empty(); --left) {
    const LookupIndex index{doomed_.front()};
    Finish(index, At(index).problem, false, nullptr, nullptr, now, done);
  }
}

bool Lookups::FindMoreServers(const Lookup& lookup) {
  const ZoneIndex zone = RouteOf(lookup).zone;
  if (zone == ZoneIndex::kNone) return false;
  if (RouteOf(lookup).depth < IterationPolicy::kMaxDepth) {
    constexpr size_t kFamilies = 2;
    while (free_.size() >= kFamilies && names_.free() >= kFamilies * kNameChunks &&
           delegations_->HasNameServer(zone)) {
      StartInternal(lookup, delegations_->NextNameServer(zone)->view());
    }
  }
  return (*delegations_)[zone].resolving != 0 ||
         (RouteOf(lookup).depth < IterationPolicy::kMaxDepth && delegations_->HasNameServer(zone));
}

void Lookups::StartInternal(const Lookup& asking, NameView name) {
  const ZoneIndex zone = RouteOf(asking).zone;
  const ZoneIndex work = RouteOf(asking).work == ZoneIndex::kNone ? zone : RouteOf(asking).work;
  const auto depth = static_cast<uint8_t>(RouteOf(asking).depth + 1);
  const auto start = [&](Type type) {
    const uint32_t index = free_.Take();
    Lookup& lookup = At(LookupIndex{index});
    lookup = Lookup{};
    RouteOf(lookup) = LookupRoute{};
    lookup.name = *names_.Store(name);
    lookup.name_length = static_cast<uint8_t>(name.size());
    lookup.type = type;
    RouteOf(lookup).purpose = LookupPurpose::kAddress;
    RouteOf(lookup).depth = depth;
    RouteOf(lookup).resolves = zone;
    RouteOf(lookup).work = work;
    delegations_->Hold(zone);
    delegations_->Hold(work);
    ++(*delegations_)[zone].resolving;
    lookup.state = LookupState::kReady;
    ready_.PushBack(index);
  };
  if (delegations_->policy().ipv4) start(Type::kA);
  if (delegations_->policy().ipv6) start(Type::kAaaa);
}

void Lookups::Prime() {
  primed_ = true;
  const uint32_t index = free_.Take();
  Lookup& lookup = At(LookupIndex{index});
  lookup = Lookup{};
  RouteOf(lookup) = LookupRoute{};
  constexpr std::array<uint8_t, 1> kRootName{0};
  lookup.name = *names_.Store(kRootName);
  lookup.name_length = 1;
  lookup.type = Type::kNs;
  RouteOf(lookup).purpose = LookupPurpose::kPriming;
  lookup.state = LookupState::kReady;
  ready_.PushBack(index);
}

void Lookups::FinishInternal(LookupIndex index, Status status, const codec::dns::Message* message,
                             const codec::dns::Answer* answer, Instant now) {
  const Lookup& lookup = At(index);
  const ZoneIndex zone = RouteOf(lookup).resolves;
  if (RouteOf(lookup).purpose == LookupPurpose::kPriming) {
    const codec::dns::Name root = delegations_->NameOf(delegations_->root());
    if (status == Status::kNoError && codec::dns::ReadNameServers(*message, root.view(), referral_)) {
      delegations_->LearnRoot(referral_);
    }
  } else if (status == Status::kNoError) {
    codec::dns::DataCursor cursor(*message, *answer, lookup.type);
    codec::dns::Record record;
    while (cursor.Next(record)) {
      const std::span<const uint8_t> address = message->rdata(record);
      if (address.size() == (lookup.type == Type::kA ? 4U : 16U)) delegations_->AddAddress(zone, address);
    }
  }
  MeetServers();
  if (zone != ZoneIndex::kNone) {
    --(*delegations_)[zone].resolving;
    WakeZone(zone);
  }
  Free(index);
  if (zone == ZoneIndex::kNone) return;
  Zone& resolved = (*delegations_)[zone];
  const bool in_vain =
      resolved.found().empty() && resolved.resolving == 0 && !delegations_->HasNameServer(zone);
  if (in_vain && !resolved.queue.empty()) FailZone(zone, Status::kServfail, now);
}

// Where the answer does not tell, the zone whose servers were asked.
codec::dns::Name Lookups::ZoneOf(const Lookup& lookup, const codec::dns::Message* message,
                                 const codec::dns::Answer* answer) const {
  codec::dns::Name zone;
  if (answer != nullptr && answer->has_zone) {
    zone.Assign(answer->zone.view());
    return zone;
  }
  if (RouteOf(lookup).zone == ZoneIndex::kNone) return zone;
  const codec::dns::Name asked = delegations_->NameOf(RouteOf(lookup).zone);
  const bool told = message != nullptr && answer != nullptr &&
                    codec::dns::ReadDataZone(*message, answer->owner.view(), asked.view(), zone);
  return told ? zone : asked;
}

}  // namespace scanner
