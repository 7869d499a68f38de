#include "scanner/core/in_flight.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace scanner {

InFlight::InFlight(uint32_t capacity, uint32_t expected) : slots_(capacity), free_(capacity) {
  assert(capacity > 0 && capacity <= (1U << 29));
  table_.reserve(std::bit_ceil(2 * capacity));
  SetTableSize(std::bit_ceil(2 * std::clamp(expected, 1U, capacity)));
}

// Within what was reserved, so that nothing is allocated.
void InFlight::SetTableSize(uint32_t entries) {
  assert(entries <= table_.capacity());
  table_.assign(entries, Entry{0, kEmpty});
  mask_ = entries - 1;
  shift_ = 32 - static_cast<uint32_t>(std::countr_zero(entries));
  uint32_t left = size_;
  for (uint32_t slot = 0; left != 0; ++slot) {
    if (!slots_[slot].used) continue;
    Insert({slots_[slot].key, slot});
    --left;
  }
}

void InFlight::Insert(Entry entry) {
  uint32_t at = Home(entry.key);
  while (table_[at].slot != kEmpty) at = (at + 1) & mask_;
  table_[at] = entry;
}

QueryIndex InFlight::Find(Channel channel, uint16_t id) const {
  const uint32_t key = Key(channel, id);
  for (uint32_t at = Home(key); table_[at].slot != kEmpty; at = (at + 1) & mask_) {
    if (table_[at].key == key) return QueryIndex{table_[at].slot};
  }
  return QueryIndex::kNone;
}

QueryIndex InFlight::Claim(Channel channel, uint16_t id) {
  assert(!free_.empty());
  if (2 * (uint64_t{size_} + 1) > table_.size()) SetTableSize(2 * static_cast<uint32_t>(table_.size()));
  const uint32_t key = Key(channel, id);
  uint32_t at = Home(key);
  for (; table_[at].slot != kEmpty; at = (at + 1) & mask_) {
    if (table_[at].key == key) return QueryIndex::kNone;
  }
  const uint32_t slot = free_.Take();
  table_[at] = {key, slot};
  slots_[slot] = InFlightQuery{.key = key, .used = true};
  ++size_;
  return QueryIndex{slot};
}

void InFlight::Release(QueryIndex query) {
  InFlightQuery& slot = slots_[static_cast<uint32_t>(query)];
  assert(slot.used);
  slot.used = false;
  uint32_t hole = Home(slot.key);
  while (table_[hole].key != slot.key || table_[hole].slot == kEmpty) hole = (hole + 1) & mask_;
  // Every entry behind the hole that may live there moves up (Knuth, volume 3, 6.4, algorithm R).
  for (uint32_t at = (hole + 1) & mask_; table_[at].slot != kEmpty; at = (at + 1) & mask_) {
    const uint32_t home = Home(table_[at].key);
    if (((at - home) & mask_) >= ((at - hole) & mask_)) {
      table_[hole] = table_[at];
      hole = at;
    }
  }
  table_[hole].slot = kEmpty;
  free_.GiveBack(static_cast<uint32_t>(query));
  --size_;
}

}  // namespace scanner
