// What an engine wants sent, in memory that the transport owns. Concrete on purpose: filling it costs no
// virtual call a packet. One thread owns an Outbox.
#ifndef NETIO_OUTBOX_H_
#define NETIO_OUTBOX_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "netio/endpoint.h"

namespace netio {

// Index of a local UDP port of the server's family in the transport's SocketSet, from 0.
enum class LocalPort : uint16_t {};

// Index of a TCP connection of this transport, reused after its kStreamClosed event was delivered.
enum class StreamIndex : uint16_t { kNone = 0xFFFF };

// Octets for one server: from one to kMaxSegments datagrams of one length through one local port, or one
// message on one stream (netio adds and removes the two-octet length of RFC 1035 section 4.2.2).
struct Burst {
  static constexpr size_t kMaxSegments = 64;  // Linux takes 128 since 6.9 and 64 before.

  Endpoint server;
  LocalPort local_port{};                         // Meaningless on a stream.
  StreamIndex stream = StreamIndex::kNone;        // kNone: datagrams.
  uint16_t segment = 0;                           // Octets of each datagram; bytes.size() is a multiple of it.
  std::span<uint8_t> bytes;                       // Memory from Outbox::Reserve.
};

// Bursts waiting to be sent, and the arena that holds their bytes until the kernel has taken them.
//
// The arena is a ring: space is reserved at its head and given back in any order by the transport, which
// moves the tail over everything given back. Reserve fails when the ring, or the list of bursts, is full; that
// is the transport's back-pressure, and the engine tries again at its next step.
class Outbox {
 public:
  // `arena_bytes`: a power of two; `max_bursts`: how many may be queued or in the kernel's hands at once.
  Outbox(size_t arena_bytes, size_t max_bursts);

  // `bytes` contiguous octets for one burst, or an empty span when there is no room. Reserving again without
  // Send replaces the reservation.
  std::span<uint8_t> Reserve(size_t bytes);

  // Queues `burst`; burst.bytes is a non-empty prefix of the last reservation.
  void Send(const Burst& burst);

  // Asks for a TCP connection to `server`: a kStreamOpen or kStreamClosed event follows. kNone when all
  // `max_streams` are in use.
  StreamIndex OpenStream(const Endpoint& server);

  // Ends a stream; its kStreamClosed event follows, and only then is the index used again.
  void CloseStream(StreamIndex stream);

  // ---- For transports ----
  struct StreamCommand {
    StreamIndex stream;
    bool open;        // Otherwise: close.
    Endpoint server;  // Of an open.
  };
};

}  // namespace netio

#endif  // NETIO_OUTBOX_H_
