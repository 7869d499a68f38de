// What goes wrong in a simulated network: how often it should, and how often it did.
#ifndef NETIO_SIM_FAULTS_H_
#define NETIO_SIM_FAULTS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "netio/endpoint.h"
#include "netio/instant.h"
#include "netio/sim_random.h"

namespace netio {

// Of the path between transports and one host. Probabilities are per datagram, stream or message, from 0 to
// 1; a default-constructed path has a fixed delay of 1 ms each way and no fault.
struct SimFaults {
  // Each way, uniform between the two; differing delays reorder datagrams. A slow one takes slow_delay in
  // addition.
  Duration min_delay = std::chrono::milliseconds(1);
  Duration max_delay = std::chrono::milliseconds(1);
  double slow = 0;
  Duration slow_delay = std::chrono::seconds(1);

  double drop_query = 0;       // A datagram to the host.
  double drop_reply = 0;       // A datagram from the host.
  double duplicate_query = 0;  // The copy has a delay of its own.
  double duplicate_reply = 0;
  double corrupt_reply = 0;       // The network's corruption hook changes the datagram.
  double spoof = 0;               // The network's spoofing hook answers a query as well.
  double send_failure = 0;        // A burst of datagrams is not sent: kSendFailed.
  double queue_overflow = 0;      // A datagram finds the receive queue full: kDrops.
  double icmp = 1;                // A datagram to an endpoint without a host is reported: kUnreachable.
  double icmp_without_quote = 0;  // Such a report quotes nothing.

  double stream_refusal = 0;  // An open is refused.
  double stream_silence = 0;  // An open is never answered.
  double stream_reset = 0;    // A message makes the host reset the connection.
  double stream_close = 0;    // A reply is followed by the host's orderly close.

  double back_pressure =
      0;  // A burst that was sent keeps its place in the outbox for up to back_pressure_hold.
  Duration back_pressure_hold = std::chrono::milliseconds(20);
};

// How often each fault occurred.
struct SimCounters {
  uint64_t slow = 0;
  uint64_t reordered = 0;  // Replies that overtook one that was sent earlier.
  uint64_t queries_dropped = 0;
  uint64_t replies_dropped = 0;
  uint64_t queries_duplicated = 0;
  uint64_t replies_duplicated = 0;
  uint64_t corrupted = 0;
  uint64_t spoofed = 0;
  uint64_t send_failures = 0;
  uint64_t queue_overflows = 0;
  uint64_t unreachable = 0;
  uint64_t streams_refused = 0;
  uint64_t streams_silent = 0;
  uint64_t streams_reset = 0;
  uint64_t streams_closed = 0;  // By the host.
  uint64_t back_pressure = 0;
  uint64_t misaddressed = 0;  // Replies and spoofed datagrams to an endpoint that no transport has.
};

// Where a delivered message came from.
enum class SimOrigin : uint8_t { kGenuine, kDuplicate, kCorrupt, kSpoofed };

// A datagram that an attacker sends after having seen a query, or having guessed.
struct SimSpoofed {
  Endpoint source;
  Endpoint destination;
  std::vector<uint8_t> bytes;
  Duration delay{};
};

// Changes a reply as only a path whose checksums do not notice could; false: it is delivered unchanged.
using SimCorrupt = std::function<bool(SimRandom& random, std::vector<uint8_t>& bytes)>;

// Invents a datagram on seeing the query `bytes` from `from` to `to`; false: none. `out` comes in with the
// addresses of a true reply and no octets.
using SimSpoof = std::function<bool(SimRandom& random, const Endpoint& from, const Endpoint& to,
                                    std::span<const uint8_t> bytes, SimSpoofed& out)>;

}  // namespace netio

#endif  // NETIO_SIM_FAULTS_H_
