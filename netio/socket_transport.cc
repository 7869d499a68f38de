#include "netio/socket_transport.h"

#include <algorithm>

#include "netio/clock.h"

namespace netio {

// Each receive may bring a kDrops event with it, each burst may fail.
SocketTransport::SocketTransport(const TransportOptions& options, SocketSet& sockets, size_t receives)
    : Transport(Outbox(options.arena_bytes, options.max_bursts, options.max_streams)),
      sockets_(sockets),
      events_(2 * receives + options.max_bursts + StreamTable::MaxEvents(outbox_)),
      sender_(outbox_, sockets, events_, stats_),
      streams_(outbox_, sockets, events_, stats_),
      policies_(sockets.sockets().size()) {
  stats_.fallbacks.Add(sockets.fallbacks());
  if (!options.features.coalescing) {
    for (CoalescingPolicy& policy : policies_) policy.GiveUp();
    stats_.fallbacks.Add(Fallback::kSingleReceives);
  }
  for (size_t i = 0; i < policies_.size(); ++i) {
    if (SwitchDue(i)) Switch(i);
  }
  failed_on_streams_.reserve(options.max_bursts);
}

void SocketTransport::BeginWait() {
  events_.Clear();
  sender_.GiveBackFailed();
  for (const Outbox::Ticket ticket : failed_on_streams_) outbox_.GiveBack(ticket);
  failed_on_streams_.clear();
  streams_.BeginWait();
  streams_.Open();
}

void SocketTransport::SendOnStream(Outbox::Ticket ticket) {
  if (streams_.Send(outbox_.burst(ticket))) {
    outbox_.GiveBack(ticket);
  } else {
    failed_on_streams_.push_back(ticket);
  }
}

void SocketTransport::Received(size_t index, const Endpoint& server, std::span<const uint8_t> bytes,
                               const ReceiveControl& control) {
  SocketSet::Socket& socket = sockets_.sockets()[index];
  if (control.drops.has_value() && *control.drops != socket.drops_seen) CountDrops(socket, *control.drops);
  const size_t segment = control.segment != 0 ? control.segment : bytes.size();
  const size_t datagrams = segment == 0 ? 1 : (bytes.size() + segment - 1) / segment;
  stats_.datagrams_received += datagrams;
  policies_[index].Count(static_cast<uint32_t>(datagrams));
  switches_due_ = switches_due_ || SwitchDue(index);
  events_.Add({.kind = Event::Kind::kMessage,
               .local_port = socket.port,
               .segment = static_cast<uint16_t>(segment),
               .server = server,
               .bytes = bytes,
               .error = 0});
}

void SocketTransport::Switch(size_t index) {
  SocketSet::Socket& socket = sockets_.sockets()[index];
  if (!policies_[index].wanted()) {
    SocketSet::StopCoalescing(socket);
  } else if (!SocketSet::StartCoalescing(socket)) {
    policies_[index].GiveUp();
    stats_.fallbacks.Add(Fallback::kSingleReceives);
  }
}

void SocketTransport::CountDrops(SocketSet::Socket& socket, uint32_t total) {
  const uint32_t dropped = total - socket.drops_seen;
  socket.drops_seen = total;
  stats_.receive_drops += dropped;
  events_.Add({.kind = Event::Kind::kDrops,
               .local_port = socket.port,
               .server = {.family = socket.family},
               .count = dropped});
}

bool SocketTransport::Done(Instant deadline) {
  const bool room_made = outbox_.queued() == 0 && !sender_.waiting() && outbox_.TakeRefused();
  return room_made || !events_.empty() || streams_.backlog() || MonotonicNow() >= deadline;
}

Instant SocketTransport::WakeAt(Instant deadline) const {
  return sender_.waiting() ? std::min(deadline, MonotonicNow() + kRetryInterval) : deadline;
}

}  // namespace netio
