// What an engine wants sent, in memory that the transport owns. Concrete on purpose: filling it costs no
// virtual call a packet. One thread owns an Outbox.
#ifndef NETIO_OUTBOX_H_
#define NETIO_OUTBOX_H_

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "netio/endpoint.h"

namespace netio {

// Index of a local UDP port of the server's family in the transport's SocketSet, from 0.
enum class LocalPort : uint16_t {};

// Index of a TCP connection of this transport, reused after its kStreamClosed event was delivered.
enum class StreamIndex : uint16_t { kNone = 0xFFFF };

// `index` < 0xFFFF.
constexpr StreamIndex ToStreamIndex(size_t index) {
  return std::bit_cast<StreamIndex>(static_cast<uint16_t>(index));
}

// Octets for one server: from one to kMaxSegments datagrams of one length through one local port, or one
// message on one stream (netio adds and removes the two-octet length of RFC 1035 section 4.2.2).
struct Burst {
  static constexpr size_t kMaxSegments = 64;  // Linux takes 128 since 6.9 and 64 before.

  Endpoint server{};
  LocalPort local_port{};                   // Meaningless on a stream.
  StreamIndex stream = StreamIndex::kNone;  // kNone: datagrams.
  uint16_t segment = 0;                     // Octets of each datagram; bytes.size() is a multiple of it.
  std::span<uint8_t> bytes{};               // Memory from Outbox::Reserve.
};

// Bursts waiting to be sent, and the arena that holds their bytes until the kernel has taken them.
//
// The arena is a ring: space is reserved at its head and given back in any order by the transport, which
// moves the tail over everything given back. Reserve fails when the ring, or the list of bursts, is full;
// that is the transport's back-pressure, and the engine tries again at its next step.
class Outbox {
 public:
  static constexpr size_t kDefaultStreams = 256;

  // `arena_bytes`: a power of two; `max_bursts`: how many may be queued or in the kernel's hands at once;
  // `max_streams`: how many streams may be in use at once, less than StreamIndex::kNone.
  Outbox(size_t arena_bytes, size_t max_bursts, size_t max_streams = kDefaultStreams);

  // `bytes` contiguous octets for one burst, or an empty span when there is no room. Reserving again without
  // Send replaces the reservation.
  std::span<uint8_t> Reserve(size_t bytes);

  // Queues `burst`; burst.bytes is a non-empty prefix of the last reservation.
  void Send(const Burst& burst);

  // Asks for a TCP connection to `server`: a kStreamOpen or kStreamClosed event follows. kNone when all
  // `max_streams` are in use.
  StreamIndex OpenStream(const Endpoint& server);

  // Ends a stream; its kStreamClosed event follows, and only then is the index used again. Does nothing for a
  // stream that has ended already.
  void CloseStream(StreamIndex stream);

  // ---- For transports ----
  struct StreamCommand {
    StreamIndex stream;
    bool open;        // Otherwise: close.
    Endpoint server;  // Of an open.
  };

  // Names a burst from Take to GiveBack.
  enum class Ticket : uint32_t {};

  size_t max_bursts() const { return max_bursts_; }
  size_t max_tickets() const { return slot_mask_ + 1; }  // Every Ticket is less.
  size_t max_streams() const { return streams_.size(); }

  // How many bursts Take has yet to hand out.
  size_t queued() const { return head_ - taken_; }

  // The next burst, in the order of Send; queued() > 0. Its bytes stay until GiveBack.
  Ticket Take();
  const Burst& burst(Ticket ticket) const { return slots_[static_cast<uint32_t>(ticket)].burst; }

  // The burst's bytes and its place in the list are free again, as soon as all older ones are too.
  void GiveBack(Ticket ticket);

  // Whether Reserve has failed since the last call: a transport that makes room then returns without waiting.
  bool TakeRefused() { return std::exchange(refused_, false); }

  // Opens and closes in the order in which they were asked for. An open comes before any burst for its
  // stream.
  std::span<const StreamCommand> stream_commands() const { return stream_commands_; }
  void ClearStreamCommands() { stream_commands_.clear(); }

  // The engine has seen the stream's kStreamClosed event: its index may be used again.
  void FreeStream(StreamIndex stream);

 private:
  enum class StreamState : uint8_t { kFree, kInUse, kClosing };

  struct Slot {
    Burst burst;
    uint64_t end = 0;  // Position in the arena behind the burst's bytes.
    bool given_back = false;
  };
  static_assert(sizeof(Slot) == 64, "one cache line");

  // Positions and burst numbers only grow; their place is the remainder by the arena's or the list's size.
  //   tail_ <= taken_ <= head_ <= tail_ + max_bursts_
  //   arena_tail_ <= arena_head_ <= arena_tail_ + arena_bytes_
  // Neither the arena nor the list is touched before it is used.
  std::unique_ptr<uint8_t[]> arena_;
  size_t arena_bytes_;       // A power of two.
  std::vector<Slot> slots_;  // Those used so far, of slot_mask_ + 1, for which there is room.
  size_t slot_mask_;         // A power of two, less one.
  size_t max_bursts_;
  uint64_t arena_tail_ = 0;
  uint64_t arena_head_ = 0;  // Behind the last burst sent; a reservation lies beyond.
  uint64_t reserved_at_ = 0;
  size_t reserved_bytes_ = 0;
  uint64_t tail_ = 0;
  uint64_t taken_ = 0;
  uint64_t head_ = 0;
  bool refused_ = false;

  std::vector<StreamState> streams_;
  std::vector<StreamIndex> free_streams_;  // The next one to use is at the end.
  std::vector<StreamCommand> stream_commands_;
};

inline std::span<uint8_t> Outbox::Reserve(size_t bytes) {
  const uint64_t size = arena_bytes_;
  reserved_bytes_ = 0;
  uint64_t at = arena_head_;
  const uint64_t until_wrap = size - (at & (size - 1));
  if (bytes > until_wrap) at += until_wrap;
  if (bytes == 0 || bytes > size || at + bytes - arena_tail_ > size || head_ - tail_ == max_bursts_) {
    refused_ = true;
    return {};
  }
  reserved_at_ = at;
  reserved_bytes_ = bytes;
  return {arena_.get() + (at & (size - 1)), bytes};
}

inline void Outbox::Send(const Burst& burst) {
  assert(!burst.bytes.empty() && burst.bytes.size() <= reserved_bytes_);
  assert(burst.bytes.data() == arena_.get() + (reserved_at_ & (arena_bytes_ - 1)));
  assert(burst.stream != StreamIndex::kNone ||
         (burst.segment != 0 && burst.bytes.size() % burst.segment == 0 &&
          burst.bytes.size() / burst.segment <= Burst::kMaxSegments));
  arena_head_ = reserved_at_ + burst.bytes.size();
  reserved_bytes_ = 0;
  const size_t slot = head_ & slot_mask_;
  if (slot == slots_.size()) slots_.emplace_back();
  slots_[slot] = {.burst = burst, .end = arena_head_, .given_back = false};
  ++head_;
}

inline Outbox::Ticket Outbox::Take() {
  assert(taken_ != head_);
  return static_cast<Ticket>(taken_++ & slot_mask_);
}

inline void Outbox::GiveBack(Ticket ticket) {
  Slot& given = slots_[static_cast<uint32_t>(ticket)];
  assert(!given.given_back);
  given.given_back = true;
  while (tail_ != taken_) {
    const Slot& oldest = slots_[tail_ & slot_mask_];
    if (!oldest.given_back) return;
    arena_tail_ = oldest.end;
    ++tail_;
  }
  // Nothing is in use: starting over at the beginning lets the next reservation be as large as the arena.
  if (tail_ == head_ && reserved_bytes_ == 0) arena_tail_ = arena_head_ = 0;
}

}  // namespace netio

#endif  // NETIO_OUTBOX_H_
