// The queries whose answers may still come, found by where an answer arrives and its id. One engine owns it.
#ifndef SCANNER_CORE_IN_FLIGHT_H_
#define SCANNER_CORE_IN_FLIGHT_H_

#include <cstdint>
#include <vector>

#include "netio/endpoint.h"
#include "netio/instant.h"
#include "netio/outbox.h"
#include "scanner/core/free_list.h"
#include "scanner/core/lazy_array.h"

namespace scanner {

enum class QueryIndex : uint32_t { kNone = 0xFFFFFFFF };

// Where a query went out and its answer comes in: a local port of a family, or a stream.
class Channel {
 public:
  static constexpr Channel Datagram(netio::Family family, netio::LocalPort port) {
    return Channel(
        static_cast<uint16_t>((family == netio::Family::kIpv6 ? 0x4000U : 0U) | static_cast<uint16_t>(port)));
  }
  static constexpr Channel OfKey(uint32_t key) { return Channel(static_cast<uint16_t>(key >> 16)); }
  static constexpr Channel Stream(netio::StreamIndex stream) {
    return Channel(static_cast<uint16_t>(0x8000U | static_cast<uint16_t>(stream)));
  }
  constexpr uint16_t value() const { return value_; }
  constexpr bool is_stream() const { return (value_ & 0x8000U) != 0; }

 private:
  explicit constexpr Channel(uint16_t value) : value_(value) {}
  uint16_t value_;
};

struct alignas(32) InFlightQuery {
  netio::Instant sent_at{};
  uint32_t lookup = 0;
  uint32_t server = 0;
  QueryIndex next = QueryIndex::kNone;  // The next older query of the same lookup.
  uint32_t key = 0;                     // Channel and id.
  bool in_window = false;               // Counts as in flight at its server.
  bool edns = false;
  bool mixed_case = false;  // 0x20 was sent.
  bool telling = false;     // ServerPace::OnSent.
  bool used = false;

  uint16_t id() const { return static_cast<uint16_t>(key); }
  Channel channel() const { return Channel::OfKey(key); }
};

static_assert(sizeof(InFlightQuery) == 32, "two in a cache line");

class InFlight {
 public:
  // At most `capacity` queries; the table that finds them is at first as large as `expected` of them need,
  // since the smaller it is the more of it stays in the cache.
  InFlight(uint32_t capacity, uint32_t expected);

  uint32_t size() const { return size_; }
  uint32_t capacity() const { return static_cast<uint32_t>(slots_.size()); }
  bool full() const { return free_.empty(); }

  // Takes a slot for a query; kNone when another one has this channel and id. !full().
  QueryIndex Claim(Channel channel, uint16_t id);
  void Release(QueryIndex query);

  QueryIndex Find(Channel channel, uint16_t id) const;
  // Whether `query`, which Find gave for this channel and id, is still there.
  bool Holds(QueryIndex query, Channel channel, uint16_t id) const {
    const InFlightQuery& slot = slots_[static_cast<uint32_t>(query)];
    return slot.used && slot.key == Key(channel, id);
  }

  // Asks memory for what Find will read, and for what operator[] will.
  void PrefetchFind(Channel channel, uint16_t id) const {
    __builtin_prefetch(&table_[Home(Key(channel, id))]);
  }
  void Prefetch(QueryIndex query) const { __builtin_prefetch(&slots_[static_cast<uint32_t>(query)]); }

  InFlightQuery& operator[](QueryIndex query) { return slots_[static_cast<uint32_t>(query)]; }
  const InFlightQuery& operator[](QueryIndex query) const { return slots_[static_cast<uint32_t>(query)]; }

 private:
  // Open addressing with linear probing; a removal moves later entries back, so that there are no tombstones.
  struct Entry {
    uint32_t key;
    uint32_t slot;  // kEmpty: none.
  };
  static constexpr uint32_t kEmpty = 0xFFFFFFFF;

  static uint32_t Key(Channel channel, uint16_t id) { return uint32_t{channel.value()} << 16 | id; }
  uint32_t Home(uint32_t key) const { return (key * 0x9E3779B1U) >> shift_; }
  void SetTableSize(uint32_t entries);
  void Insert(Entry entry);

  LazyArray<InFlightQuery> slots_;
  FreeList free_;
  std::vector<Entry> table_;  // A power of two, at least twice size_; has room for twice slots_.size().
  uint32_t mask_ = 0;
  uint32_t shift_ = 0;
  uint32_t size_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_CORE_IN_FLIGHT_H_
