// Asking: whom, and what is noted of it.
#include <algorithm>

#include "scanner/core/lookups.h"

namespace scanner {

void Lookups::AskReady(Instant now) {
  constexpr uint32_t kMostRefusals = 8;
  uint32_t refusals = 0;
  if (iterating() && !primed_) Prime();
  for (uint32_t left = ready_.size(); left > 0 && refusals < kMostRefusals; --left) {
    if (sender_.window_full() || sender_.transport_full() || sender_.in_flight().full()) return;
    const LookupIndex index{ready_.PopFront()};
    if (Ask(index, now) == Asked::kNotNow) {
      ready_.PushBack(static_cast<uint32_t>(index));
      ++refusals;
    }
  }
  if (iterating()) ServeZones(now);
}

std::span<const FailedServer> Lookups::FailedOf(LookupIndex index) const {
  const uint32_t problems = lookups_[static_cast<uint32_t>(index)].problems;
  return std::span(failed_[static_cast<uint32_t>(index)]).first(std::min(problems, kFailedServers));
}

bool Lookups::MayAsk(std::span<const FailedServer> failed, ServerIndex server, Instant now) {
  return std::ranges::none_of(
      failed, [server, now](const FailedServer& one) { return one.server == server && one.until > now; });
}

bool Lookups::OthersUsable(ServerIndex last, std::span<const FailedServer> failed, Instant now) const {
  for (uint32_t i = 0; i < servers_.size(); ++i) {
    const ServerIndex server{i};
    if (server == last || servers_.pace(server).Resting(now)) continue;
    if (MayAsk(failed, server, now)) return true;
  }
  return false;
}

// What a limit cost says no more of the question than a first packet does, for a while.
bool Lookups::Telling(const Lookup& lookup) {
  constexpr uint8_t kMostAsks = 4;
  return lookup.asks == 0 || (lookup.limited && lookup.asks < kMostAsks);
}

std::optional<ServerIndex> Lookups::PickServer(ServerIndex last, std::span<const FailedServer> failed,
                                               Instant now) {
  const uint32_t servers = servers_.size();
  constexpr uint32_t kMostLooks = 64;
  for (uint32_t look = 0; look < std::min(servers, kMostLooks); ++look) {
    const uint32_t at = next_server_ + look < servers ? next_server_ + look : (next_server_ + look) % servers;
    const ServerIndex server{at};
    if (server == last || !MayAsk(failed, server, now) || !sender_.MaySend(server, now)) continue;
    return server;
  }
  // Another server comes first, but not one that rests.
  if (last == ServerIndex::kNone || !MayAsk(failed, last, now) || OthersUsable(last, failed, now))
    return std::nullopt;
  if (!sender_.MaySend(last, now)) return std::nullopt;
  return last;
}

void Lookups::NextServerAfter(ServerIndex server) {
  const uint32_t next = static_cast<uint32_t>(server) + 1;
  next_server_ = next == servers_.size() ? 0 : next;
  next_server_used_ = false;
}

Lookups::Asked Lookups::Ask(LookupIndex index, Instant now) {
  Lookup& lookup = At(index);
  if (lookup.over_tcp) return AskOverStream(index, now);
  if (iterating() && !Place(index, now)) return Asked::kWaits;
  std::optional<ServerIndex> server;
  if (lookup.stay && !servers_.pace(lookup.last_server).Resting(now)) {
    if (sender_.MaySend(lookup.last_server, now)) server = lookup.last_server;
  } else {
    server =
        iterating() ? PickServerOfZone(index, now) : PickServer(lookup.last_server, FailedOf(index), now);
  }
  if (!server && iterating()) {
    Enqueue(index, now);
    return Asked::kWaits;
  }
  if (!server) return Asked::kNotNow;
  // What one server cannot do says nothing of another.
  if (*server != lookup.last_server) lookup.plain = false;
  Peer& peer = peers_[static_cast<uint32_t>(*server)];
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  const QueryIndex query = sender_.SendDatagram(*server, peer,
                                                {.lookup = index,
                                                 .name = NameOf(lookup, scratch),
                                                 .type = lookup.type,
                                                 .edns = !lookup.plain && !peer.edns_fails,
                                                 .mix_case = policy_.mix_case,
                                                 .again = lookup.asks != 0,
                                                 .telling = Telling(lookup)},
                                                now);
  if (query == QueryIndex::kNone) return Asked::kNotNow;
  Sent(index, query, *server, now);
  return Asked::kSent;
}

Lookups::Asked Lookups::AskOverStream(LookupIndex index, Instant now) {
  Lookup& lookup = At(index);
  const ServerIndex server = lookup.last_server;
  Peer& peer = peers_[static_cast<uint32_t>(server)];
  if (peer.stream_state == StreamState::kNone && !OpenStream(server, now)) return Asked::kNotNow;
  if (peer.stream_state == StreamState::kClosing) return Asked::kNotNow;
  if (peer.stream_state == StreamState::kOpening) {
    lookup.state = LookupState::kParked;
    parked_.PushBack(static_cast<uint32_t>(index));
    timers_.Set(static_cast<uint32_t>(index), now + kStreamPatience);
    return Asked::kWaits;
  }
  if (!sender_.MaySend(server, now)) return Asked::kNotNow;
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  const QueryIndex query = sender_.SendOnStream(server, peer,
                                                {.lookup = index,
                                                 .name = NameOf(lookup, scratch),
                                                 .type = lookup.type,
                                                 .edns = !lookup.plain && !peer.edns_fails,
                                                 .mix_case = false,
                                                 .again = lookup.asks != 0,
                                                 .telling = false},
                                                now);
  if (query == QueryIndex::kNone) return Asked::kNotNow;
  Sent(index, query, server, now);
  return Asked::kSent;
}

Duration Lookups::PatienceFor(const Lookup& lookup, ServerIndex server) const {
  if (lookup.over_tcp) return kStreamPatience;
  if (policy_.timeout) return *policy_.timeout;
  // A server that limits loses packets because of the speed, which the pace mends; waiting longer does not.
  const bool limiting = servers_.pace(server).Limiting(lookup.first_ask);
  return peers_[static_cast<uint32_t>(server)].rtt.Patience(limiting ? std::min<uint32_t>(lookup.asks_here, 2)
                                                                     : lookup.asks_here);
}

void Lookups::Sent(LookupIndex index, QueryIndex query, ServerIndex server, Instant now) {
  Lookup& lookup = At(index);
  if (lookup.asks_here == 0) lookup.first_ask = now;
  if (first_ask_ == Instant::max()) first_ask_ = now;
  if (lookup.live_queries == kLiveQueries) {
    QueryIndex oldest = lookup.newest;
    while (sender_.in_flight()[oldest].next != QueryIndex::kNone) oldest = sender_.in_flight()[oldest].next;
    ForgetQuery(index, oldest);
  }
  sender_.in_flight()[query].next = lookup.newest;
  lookup.newest = query;
  ++lookup.live_queries;
  timers_.Set(static_cast<uint32_t>(index), now + PatienceFor(lookup, server));
  ++lookup.asks;
  ++lookup.asks_here;
  if (iterating()) NoteAsked(lookup, server);
  lookup.last_server = server;
  // The servers take turns by bursts, since packets to one can share a send.
  next_server_ = static_cast<uint32_t>(server);
  next_server_used_ = true;
  if (sender_.permits(server) == 0) NextServerAfter(server);
  lookup.stay = false;
  lookup.state = LookupState::kWaiting;
}

}  // namespace scanner
