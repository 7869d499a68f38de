// Streams: one TCP connection a server, opened when an answer needs it, pipelined, closed when idle (RFC
// 7766).
#include "scanner/core/lookups.h"

namespace scanner {

bool Lookups::OpenStream(ServerIndex server, Instant now) {
  const netio::StreamIndex stream = outbox_.OpenStream(servers_.endpoint(server));
  if (stream == netio::StreamIndex::kNone) return false;
  stream_servers_[static_cast<size_t>(stream)] = server;
  Peer& peer = peers_[static_cast<uint32_t>(server)];
  peer.stream = stream;
  peer.stream_state = StreamState::kOpening;
  peer.stream_used = now;
  return true;
}

void Lookups::CloseStream(Peer& peer) {
  if (peer.stream_state == StreamState::kNone || peer.stream_state == StreamState::kClosing) return;
  peer.stream_state = StreamState::kClosing;
  outbox_.CloseStream(peer.stream);
}

void Lookups::OnStreamOpen(const netio::Event& event) {
  const ServerIndex server = stream_servers_[static_cast<size_t>(event.stream)];
  if (server == ServerIndex::kNone) return;
  Peer& peer = peers_[static_cast<uint32_t>(server)];
  if (peer.stream_state != StreamState::kOpening) return;
  peer.stream_state = StreamState::kOpen;
  for (uint32_t left = parked_.size(); left > 0; --left) {
    const LookupIndex index{parked_.front()};
    if (At(index).last_server == server) {
      MakeReady(index);
    } else {
      parked_.PushBack(parked_.PopFront());
    }
  }
}

void Lookups::OnStreamTooSlow(LookupIndex index, Instant now, Done done) {
  CloseStream(peers_[static_cast<uint32_t>(At(index).last_server)]);
  OnStreamFailed(index, now, done);
}

void Lookups::OnStreamFailed(LookupIndex index, Instant now, Done done) {
  Lookup& lookup = At(index);
  constexpr Duration kNoTcp = std::chrono::minutes(1);
  if (lookup.last_server != ServerIndex::kNone) {
    peers_[static_cast<uint32_t>(lookup.last_server)].no_tcp_until = now + kNoTcp;
  }
  if (lookup.was_truncated) {
    OnProblem(index, {.status = Status::kTruncated, .filtered = false, .may_ask = true}, now, done);
    return;
  }
  // TCP was tried for the sake of trust only; without it nothing has been answered.
  lookup.over_tcp = false;
  lookup.stay = false;
  Charge(lookup, kChargeSilent);
  if (Exhausted(lookup)) {
    GiveUp(index, now, done);
  } else {
    MakeReady(index);
  }
}

void Lookups::OnStreamClosed(const netio::Event& event, Instant now, Done done) {
  ServerIndex& slot = stream_servers_[static_cast<size_t>(event.stream)];
  const ServerIndex server = slot;
  if (server == ServerIndex::kNone) return;
  slot = ServerIndex::kNone;
  Peer& peer = peers_[static_cast<uint32_t>(server)];
  const uint32_t owed = peer.on_stream;
  peer.stream = netio::StreamIndex::kNone;
  peer.stream_state = StreamState::kNone;
  for (uint32_t left = parked_.size(); left > 0; --left) {
    const LookupIndex index{parked_.front()};
    if (At(index).last_server == server) {
      OnStreamFailed(index, now, done);
    } else {
      parked_.PushBack(parked_.PopFront());
    }
  }
  if (owed == 0) return;
  const uint16_t channel = Channel::Stream(event.stream).value();
  InFlight& in_flight = sender_.in_flight();
  for (uint32_t i = 0; i < in_flight.capacity() && peer.on_stream != 0; ++i) {
    const QueryIndex query{i};
    if (!in_flight[query].used || in_flight[query].channel().value() != channel) continue;
    const LookupIndex index{in_flight[query].lookup};
    Lookup& lookup = At(index);
    const bool waiting = lookup.newest == query && lookup.state == LookupState::kWaiting;
    ForgetQuery(index, query);
    if (!waiting) continue;
    if (lookup.stream_requeued) {
      OnStreamFailed(index, now, done);
    } else {
      lookup.stream_requeued = true;
      MakeReady(index);
    }
  }
}

void Lookups::CloseIdleStreams(Instant now) {
  constexpr Duration kIdle = std::chrono::seconds(5);
  for (const ServerIndex server : stream_servers_) {
    if (server == ServerIndex::kNone) continue;
    Peer& peer = peers_[static_cast<uint32_t>(server)];
    if (peer.stream_state == StreamState::kOpen && peer.on_stream == 0 && now - peer.stream_used > kIdle) {
      CloseStream(peer);
    }
  }
}

}  // namespace scanner
