// Iteration: which of a zone's servers is asked, who waits for them, and zones that cannot be asked.
#include <algorithm>
#include <utility>

#include "codec/dns/reverse_name.h"
#include "scanner/core/lookups.h"

namespace scanner {

bool Lookups::Admits(const IpAddress& base, Instant now) {
  if (!iterating()) return true;
  std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name;
  const size_t length = codec::dns::WriteReverseName(base.significant(), name);
  const Delegations::Place place = delegations_->Find(std::span(name).first(length), now);
  if (delegations_->Failed(place.zone, now)) return true;
  // All that wait share a part of the room, however many zones they are of.
  constexpr uint32_t kLeast = 16;
  const uint32_t zones = std::max(1U, zone_timers_.size() + hungry_.size());
  const uint32_t share = std::max(kLeast, capacity_ / 4 / zones);
  const uint32_t seeking = place.seek == NodeIndex::kNone ? 0 : delegations_->tree()[place.seek].waiters.size;
  return (*delegations_)[place.zone].queue.size + seeking < share;
}

bool Lookups::ZoneCanBeAsked(LookupIndex index, Instant now) {
  const Lookup& lookup = At(index);
  const ZoneIndex zone = RouteOf(lookup).zone;
  if (delegations_->Failed(zone, now)) {
    Doom(index, (*delegations_)[zone].failure);
    return false;
  }
  if (RouteOf(lookup).work != ZoneIndex::kNone &&
      (*delegations_)[RouteOf(lookup).work].work >= IterationPolicy::kMaxWork) {
    Doom(index, Status::kServfail);
    return false;
  }
  const bool nobody = (*delegations_)[zone].found().empty();
  if ((nobody || delegations_->AllLame(zone, now) || ZoneIsSilent(zone, now)) && !FindMoreServers(lookup)) {
    const Status status = StatusOfFailed(zone, now);
    FailZone(zone, status, now);
    Doom(index, status);
    return false;
  }
  const bool others_first = !(*delegations_)[zone].queue.empty() && serving_ != zone;
  if (!nobody && !others_first) return true;
  Enqueue(index, now);
  return false;
}

// Why a zone without a server that may be asked cannot be asked.
Status Lookups::StatusOfFailed(ZoneIndex zone, Instant now) const {
  const std::span<const Zone::Server> found = (*delegations_)[zone].found();
  if (found.empty()) return Status::kServfail;  // No name server has an address: what a resolver would say.
  const auto is_lame = [now](const Zone::Server& server) { return server.lame_until > now; };
  if (std::ranges::any_of(found, is_lame)) return Status::kLame;
  const bool unreachable = std::ranges::all_of(found, [this](const Zone::Server& server) {
    return servers_.pace(server.index).counts().unreachable != 0;
  });
  return unreachable ? Status::kUnreachable : Status::kTimeout;
}

// Whether all of its servers have been silent for as long as a lookup waits.
bool Lookups::ZoneIsSilent(ZoneIndex index, Instant now) {
  Zone& zone = (*delegations_)[index];
  const bool resting =
      !zone.found().empty() && std::ranges::all_of(zone.found(), [&](const Zone::Server& server) {
        return server.lame_until > now || servers_.pace(server.index).Silent(now);
      });
  if (!resting) {
    zone.silent_since = Instant::max();
  } else if (zone.silent_since == Instant::max()) {
    zone.silent_since = now;
  }
  return resting && now - zone.silent_since >= policy_.horizon;
}

void Lookups::Enqueue(LookupIndex index, Instant now) {
  Lookup& lookup = At(index);
  Zone& zone = (*delegations_)[RouteOf(lookup).zone];
  lookup.state = LookupState::kQueued;
  if (serving_ == RouteOf(lookup).zone) {
    waiting_.PushFront(zone.queue, static_cast<uint32_t>(index));
  } else {
    waiting_.PushBack(zone.queue, static_cast<uint32_t>(index));
  }
  const bool waits_for_addresses = zone.found().empty();
  if (waits_for_addresses && RouteOf(lookup).purpose != LookupPurpose::kOwner) {
    timers_.Set(static_cast<uint32_t>(index), now + kRingPatience);
  } else {
    timers_.Cancel(static_cast<uint32_t>(index));
  }
  ScheduleZone(RouteOf(lookup).zone, now);
}

// When one of its servers may be asked, as far as time decides; new addresses wake it besides.
void Lookups::ScheduleZone(ZoneIndex index, Instant now) {
  constexpr Duration kSoon = std::chrono::milliseconds(1);
  constexpr Duration kWindowFull = std::chrono::milliseconds(5);
  constexpr Duration kNoServer = std::chrono::milliseconds(100);
  const auto plain = static_cast<uint32_t>(index);
  if (zone_timers_.IsSet(plain) || hungry_.Contains(plain)) return;
  Instant wake = now + kNoServer;
  for (const Zone::Server& server : (*delegations_)[index].found()) {
    if (server.lame_until > now) continue;
    const ServerPace& pace = servers_.pace(server.index);
    wake = std::min(wake, pace.WindowFull() ? now + kWindowFull : pace.NextAllowed(now));
  }
  wake = std::max({wake, servers_.total().NextAllowed(now), now + kSoon});
  zone_timers_.Set(plain, wake);
}

void Lookups::WakeZone(ZoneIndex zone) {
  const auto plain = static_cast<uint32_t>(zone);
  zone_timers_.Cancel(plain);
  if (!hungry_.Contains(plain)) hungry_.PushBack(plain);
}

void Lookups::ServeZones(Instant now) {
  for (uint32_t zone = zone_timers_.PopExpired(now); zone != TimerWheel::kNone;
       zone = zone_timers_.PopExpired(now)) {
    WakeZone(ZoneIndex{zone});
  }
  for (uint32_t left = hungry_.size(); left > 0; --left) {
    if (sender_.window_full() || sender_.transport_full() || sender_.in_flight().full()) return;
    ServeZone(ZoneIndex{hungry_.PopFront()}, now);
  }
}

// A few of its queue, then others have their turn.
void Lookups::ServeZone(ZoneIndex zone, Instant now) {
  constexpr uint32_t kAtOnce = 64;
  serving_ = zone;
  ListSet::List& queue = (*delegations_)[zone].queue;
  for (uint32_t asked = 0; asked < kAtOnce && !queue.empty(); ++asked) {
    const LookupIndex index{waiting_.PopFront(queue)};
    At(index).state = LookupState::kReady;
    const Asked outcome = Ask(index, now);
    if (outcome == Asked::kNotNow) Enqueue(index, now);
    if (outcome == Asked::kNotNow || At(index).state == LookupState::kQueued) break;
  }
  serving_ = ZoneIndex::kNone;
  if (!queue.empty() && !zone_timers_.IsSet(static_cast<uint32_t>(zone))) WakeZone(zone);
}

std::optional<ServerIndex> Lookups::PickServerOfZone(LookupIndex index, Instant now) {
  const Lookup& lookup = At(index);
  // Untried servers come before tried ones, then the quickest; now and then another one has its chance, so
  // that what is known of it does not grow old (as unbound and BIND do).
  constexpr uint64_t kExplore = 32;
  const bool explore = sender_.Random() % kExplore == 0;
  const std::span<const Zone::Server> found = (*delegations_)[RouteOf(lookup).zone].found();
  std::optional<ServerIndex> best;
  std::pair<bool, Duration> best_rank{true, Duration::max()};
  for (size_t i = 0; i < found.size(); ++i) {
    const ServerIndex server = found[i].index;
    if (found[i].lame_until > now || !MayAsk(FailedOf(index), server, now)) continue;
    const bool tried = (RouteOf(lookup).tried & (1U << i)) != 0;
    if (tried && server == lookup.last_server && !AllTried(lookup, now)) continue;
    Duration rtt = peers_[static_cast<uint32_t>(server)].rtt.smoothed();
    if (explore) rtt = Duration(static_cast<int64_t>(sender_.Random() >> 1));
    const std::pair<bool, Duration> rank{tried, rtt};
    if (best && rank >= best_rank) continue;
    if (!sender_.MaySend(server, now)) continue;
    best = server;
    best_rank = rank;
  }
  return best;
}

void Lookups::NoteAsked(const Lookup& lookup, ServerIndex server) {
  if (RouteOf(lookup).work != ZoneIndex::kNone) ++(*delegations_)[RouteOf(lookup).work].work;
  if (RouteOf(lookup).zone == ZoneIndex::kNone) return;
  const std::span<const Zone::Server> found = (*delegations_)[RouteOf(lookup).zone].found();
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i].index == server)
      RouteOf(lookup).tried = static_cast<uint16_t>(RouteOf(lookup).tried | (1U << i));
  }
}

bool Lookups::AllTried(const Lookup& lookup, Instant now) const {
  if (RouteOf(lookup).zone == ZoneIndex::kNone) return true;
  const std::span<const Zone::Server> found = (*delegations_)[RouteOf(lookup).zone].found();
  for (size_t i = 0; i < found.size(); ++i) {
    const bool tried = (RouteOf(lookup).tried & (1U << i)) != 0;
    if (!tried && found[i].lame_until <= now && !servers_.pace(found[i].index).Silent(now)) return false;
  }
  return true;
}

void Lookups::NoteZoneAnswer(const Lookup& lookup, ServerIndex server, bool lame, Instant now) {
  if (RouteOf(lookup).zone == ZoneIndex::kNone) return;
  delegations_->NoteAnswer(RouteOf(lookup).zone, server, lame, now);
}

void Lookups::FailZone(ZoneIndex index, Status status, Instant now) {
  delegations_->Fail(index, status, now);
  ListSet::List& queue = (*delegations_)[index].queue;
  while (!queue.empty()) Doom(LookupIndex{waiting_.PopFront(queue)}, status);
  zone_timers_.Cancel(static_cast<uint32_t>(index));
}

}  // namespace scanner
