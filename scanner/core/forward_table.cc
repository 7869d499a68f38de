#include "scanner/core/forward_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace scanner {
namespace {

// FNV-1a with a secret start, finished by a mixer: names are chosen by strangers.
uint64_t HashName(codec::dns::NameView name, bool ipv6, uint64_t seed) {
  uint64_t hash = seed ^ (ipv6 ? 0x9E3779B97F4A7C15U : 0);
  for (const uint8_t octet : name) hash = (hash ^ octet) * 0x100000001B3U;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93U;
  return hash ^ (hash >> 32);
}

}  // namespace

ForwardTable::ForwardTable(const Limits& limits, uint64_t seed, BlobPool& blobs)
    : seed_(seed),
      blobs_(blobs),
      entries_(limits.entries),
      links_(limits.links),
      buckets_(std::bit_ceil(limits.entries), EntryIndex::kNone),
      free_entries_(limits.entries),
      free_links_(limits.links),
      queue_(limits.entries),
      unused_(limits.entries) {}

bool ForwardTable::MakeRoom(uint32_t names) {
  constexpr uint32_t kChunksPerName = BlobPool::ChunksFor(codec::dns::kMaxNameOctets);
  if (free_links_.size() < names) return false;
  while (free_entries_.size() < names || blobs_.free() < names * kChunksPerName) {
    const uint32_t oldest = unused_.front();
    if (oldest == IndexList::kNone) return false;
    Evict(EntryIndex{oldest});
  }
  return true;
}

ForwardTable::Interned ForwardTable::Intern(codec::dns::NameView name, bool ipv6, netio::Instant now) {
  const uint64_t hash = HashName(name, ipv6, seed_);
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  for (EntryIndex at = Bucket(hash); at != EntryIndex::kNone; at = (*this)[at].hash_next) {
    const ForwardEntry& entry = (*this)[at];
    if (entry.hash != hash || entry.ipv6 != ipv6 || entry.name_length != name.size()) continue;
    if (!std::ranges::equal(NameOf(entry, scratch), name)) continue;
    const bool stale = entry.state == EntryState::kKnown && now - entry.known_at > kMaxAge;
    if (!stale) return {at, false};
    if (entry.links == 0) {
      Evict(at);
    } else {
      Unhash(at);  // Those that have it keep it; it goes with its last link.
    }
    break;
  }
  const uint32_t index = free_entries_.Take();
  ForwardEntry& entry = entries_[index];
  entry = ForwardEntry{};
  entry.hash = hash;
  entry.ipv6 = ipv6;
  entry.name = *blobs_.Store(name);
  entry.name_length = static_cast<uint8_t>(name.size());
  entry.state = EntryState::kSilent;
  entry.hash_next = Bucket(hash);
  entry.hashed = true;
  Bucket(hash) = EntryIndex{index};
  unused_.PushBack(index);
  return {EntryIndex{index}, true};
}

LinkIndex ForwardTable::AddLink(EntryIndex index, uint32_t target, LinkIndex next) {
  ForwardEntry& entry = (*this)[index];
  if (entry.links++ == 0) unused_.Remove(static_cast<uint32_t>(index));
  const LinkIndex link{free_links_.Take()};
  ForwardLink& added = links_[static_cast<uint32_t>(link)];
  added = {.entry = index, .target = target, .next_of_target = next, .next_waiter = LinkIndex::kNone};
  if (entry.state == EntryState::kPending) {
    added.next_waiter = entry.waiters;
    entry.waiters = link;
  }
  return link;
}

void ForwardTable::DropLinks(LinkIndex first) {
  for (LinkIndex link = first; link != LinkIndex::kNone;) {
    const ForwardLink& dropped = (*this)[link];
    ForwardEntry& entry = (*this)[dropped.entry];
    assert(entry.state != EntryState::kPending);
    if (--entry.links == 0) {
      unused_.PushBack(static_cast<uint32_t>(dropped.entry));
      // What was never asked spares nobody a lookup, and its place is still in the cache.
      if (!entry.hashed || entry.state == EntryState::kSilent) Evict(dropped.entry);
    }
    free_links_.GiveBack(static_cast<uint32_t>(link));
    link = dropped.next_of_target;
  }
}

bool ForwardTable::SetAddresses(ForwardEntry& entry, std::span<const uint8_t> octets, uint32_t count) {
  assert(entry.addresses == BlobPool::Ref::kNone);
  while (blobs_.free() < BlobPool::ChunksFor(octets.size())) {
    const uint32_t oldest = unused_.front();
    if (oldest == IndexList::kNone) return false;
    Evict(EntryIndex{oldest});
  }
  entry.addresses = *blobs_.Store(octets);
  entry.address_count = count;
  return true;
}

LinkIndex ForwardTable::Complete(EntryIndex index, netio::Instant now) {
  ForwardEntry& entry = (*this)[index];
  entry.state = EntryState::kKnown;
  entry.known_at = now;
  const LinkIndex waiters = entry.waiters;
  entry.waiters = LinkIndex::kNone;
  return waiters;
}

double ForwardTable::Occupation() const {
  const double entries =
      1 - static_cast<double>(free_entries_.size() + unused_.size()) / static_cast<double>(entries_.size());
  const double links = 1 - static_cast<double>(free_links_.size()) / static_cast<double>(links_.size());
  return std::max(entries, links);
}

void ForwardTable::Unhash(EntryIndex index) {
  ForwardEntry& entry = (*this)[index];
  EntryIndex* at = &Bucket(entry.hash);
  while (*at != index) at = &(*this)[*at].hash_next;
  *at = entry.hash_next;
  entry.hashed = false;
}

void ForwardTable::Evict(EntryIndex index) {
  ForwardEntry& entry = (*this)[index];
  assert(entry.links == 0 && entry.state != EntryState::kPending);
  unused_.Remove(static_cast<uint32_t>(index));
  if (entry.hashed) Unhash(index);
  blobs_.Free(entry.name);
  if (entry.addresses != BlobPool::Ref::kNone) blobs_.Free(entry.addresses);
  entry.state = EntryState::kFree;
  free_entries_.GiveBack(static_cast<uint32_t>(index));
}

}  // namespace scanner
