#include "netio/socket_transport.h"

#include <algorithm>

#include "netio/clock.h"

namespace netio {

// Each datagram may bring a kDrops event with it, each burst may fail.
SocketTransport::SocketTransport(const TransportOptions& options, SocketSet& sockets, size_t datagram_events)
    : Transport(Outbox(options.arena_bytes, options.max_bursts, options.max_streams)),
      sockets_(sockets),
      events_(2 * datagram_events + options.max_bursts + StreamTable::MaxEvents(outbox_)),
      sender_(outbox_, sockets, events_, stats_),
      streams_(outbox_, sockets, events_, stats_) {
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

void SocketTransport::Received(SocketSet::Socket& socket, const Endpoint& server,
                               std::span<const uint8_t> bytes, const ReceiveControl& control) {
  if (control.drops.has_value() && *control.drops != socket.drops_seen) CountDrops(socket, *control.drops);
  const size_t segment = control.segment != 0 ? control.segment : bytes.size();
  stats_.datagrams_received += segment == 0 ? 1 : (bytes.size() + segment - 1) / segment;
  events_.Add({.kind = Event::Kind::kMessage,
               .local_port = socket.port,
               .segment = static_cast<uint16_t>(segment),
               .server = server,
               .bytes = bytes,
               .error = 0});
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
