// Sends bursts and reports what came back. Implementations: UringTransport, MmsgTransport, SimTransport.
#ifndef NETIO_TRANSPORT_H_
#define NETIO_TRANSPORT_H_

#include <cstdint>
#include <span>

#include "netio/endpoint.h"
#include "netio/fallback.h"
#include "netio/instant.h"
#include "netio/outbox.h"

namespace netio {

struct Event {
  enum class Kind : uint8_t {
    kMessage,     // `bytes` came from `server` to `local_port`, or on `stream`.
    kSendFailed,  // `bytes` were not sent: `error` (no route, permission, ...). The engine decides what next.
    kUnreachable,  // ICMP said that what was sent to `server` did not arrive; `bytes`: its beginning, perhaps
                   // empty.
    kStreamOpen,   // `stream` is connected.
    kStreamClosed,  // `stream` ended or could not be connected: `error`, 0 for an orderly end.
    kDrops,  // The kernel dropped `count` datagrams because a receive queue was full (SO_RXQ_OVFL, which
             // counts coalesced ones as one).
  };

  Kind kind;
  LocalPort local_port{};
  StreamIndex stream = StreamIndex::kNone;
  uint16_t segment = 0;  // kMessage, datagrams: octets of each of those in `bytes`; the last may be shorter.
  Endpoint server{};
  std::span<const uint8_t> bytes{};  // Valid until the next call of Wait.
  union {
    int error = 0;   // errno.
    uint32_t count;  // kDrops.
  };
};
static_assert(sizeof(Event) <= 64, "one cache line");

// Counted since the start.
struct TransportStats {
  uint64_t datagrams_sent = 0;
  uint64_t datagrams_received = 0;
  uint64_t stream_messages_sent = 0;
  uint64_t stream_messages_received = 0;
  uint64_t streams_opened = 0;
  uint64_t send_calls = 0;      // Submissions or system calls that carried bursts.
  uint64_t sends_repeated = 0;  // Sent again because an earlier ICMP error had failed the call.
  uint64_t send_failures = 0;   // kSendFailed events.
  uint64_t unreachable = 0;     // kUnreachable events.
  uint64_t receive_drops = 0;   // Sum of kDrops.
  uint64_t buffers_exhausted =
      0;  // ENOBUFS: the provided-buffer ring was empty and the receive was armed again.
  uint64_t truncated_datagrams = 0;  // Longer than a receive buffer; not delivered.
  FallbackSet fallbacks;             // What the transport does without.
};

// One thread owns a Transport and its Outbox.
class Transport {
 public:
  virtual ~Transport() = default;

  Outbox& outbox() { return outbox_; }

  // How many local UDP ports there are for a family; at least 1 for each family that was asked for.
  virtual uint16_t local_ports(Family family) const = 0;

  // Hands over everything in the outbox, then waits until something has arrived or `deadline` has passed (a
  // deadline in the past does not wait; a simulated transport never does). Everything that the returned
  // events point to stays valid until the next call. A real transport may also return earlier and without
  // events: on a signal, and when it has made room after a Reserve that failed.
  virtual std::span<const Event> Wait(Instant deadline) = 0;

  virtual const TransportStats& stats() const = 0;

 protected:
  explicit Transport(Outbox outbox) : outbox_(std::move(outbox)) {}

  Outbox outbox_;
};

}  // namespace netio

#endif  // NETIO_TRANSPORT_H_
