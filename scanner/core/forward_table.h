// The PTR targets that are being looked up or were lately: one lookup a name and engine, however many
// addresses share it (SPEC section 1, forward confirmation). A bounded cache; one engine owns it.
//
// An entry is a name and a family. Targets that need it hold links; while it is pending they wait in it,
// later they read it. An entry without links stays for others until its room is needed or it is too old.
#ifndef SCANNER_CORE_FORWARD_TABLE_H_
#define SCANNER_CORE_FORWARD_TABLE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codec/dns/name.h"
#include "netio/instant.h"
#include "scanner/core/blob_pool.h"
#include "scanner/core/free_list.h"
#include "scanner/core/index_list.h"
#include "scanner/core/lazy_array.h"
#include "scanner/core/length_queue.h"
#include "scanner/core/lookup.h"
#include "scanner/core/name_policy.h"
#include "scanner/row/row.h"

namespace scanner {

enum class EntryIndex : uint32_t { kNone = 0xFFFFFFFF };
enum class LinkIndex : uint32_t { kNone = 0xFFFFFFFF };

enum class EntryState : uint8_t {
  kFree,
  kSilent,   // Never asked: --no-forward, or an unusable name.
  kPending,  // In the queue, or asked.
  kKnown,
};

struct ForwardEntry {
  netio::Instant known_at{};
  uint64_t hash = 0;
  BlobPool::Ref name = BlobPool::Ref::kNone;
  BlobPool::Ref addresses = BlobPool::Ref::kNone;  // address_count of 4 or 16 octets, as they came.
  EntryIndex hash_next = EntryIndex::kNone;
  LinkIndex waiters = LinkIndex::kNone;  // While pending.
  uint32_t links = 0;
  uint32_t address_count = 0;
  int32_t ttl = RowHeader::kNull;
  Status status = Status::kTimeout;
  EntryState state = EntryState::kFree;
  uint8_t name_length = 0;
  bool ipv6 = false;
  bool filtered = false;
  bool target_alias = false;
  bool tcp = false;
  bool hashed = false;  // Can be found by its name.
  NameTraits traits;
};

// One target's use of one entry.
struct ForwardLink {
  EntryIndex entry = EntryIndex::kNone;
  uint32_t target = 0;
  LinkIndex next_of_target = LinkIndex::kNone;
  LinkIndex next_waiter = LinkIndex::kNone;
};

class ForwardTable {
 public:
  struct Limits {
    uint32_t entries = 65536;
    uint32_t links = 65536;
  };

  // Names and addresses are stored in `blobs`, which outlives this.
  ForwardTable(const Limits& limits, uint64_t seed, BlobPool& blobs);

  // Makes room, at the cost of entries without links, for `names` more names; false when that cannot be.
  bool MakeRoom(uint32_t names);

  struct Interned {
    EntryIndex entry;
    bool fresh;  // Was not there, or too old: the caller fills it in and sets its state.
  };
  // The entry of a lower-case name; MakeRoom(1) has said yes.
  Interned Intern(codec::dns::NameView name, bool ipv6, netio::Instant now);

  // Links `target` to `entry`, in front of `next` in the target's list; the target waits when it is pending.
  LinkIndex AddLink(EntryIndex entry, uint32_t target, LinkIndex next);
  // Gives a target's list of links back.
  void DropLinks(LinkIndex first);

  // Puts a pending entry into the queue of those to be asked.
  void Enqueue(EntryIndex entry) { queue_.Push(static_cast<uint32_t>(entry), (*this)[entry].name_length); }
  bool HasQueued() const { return !queue_.empty(); }
  EntryIndex PopQueued() { return EntryIndex{queue_.Pop()}; }

  // Stores the result; false when there is no room for the addresses.
  bool SetAddresses(ForwardEntry& entry, std::span<const uint8_t> octets, uint32_t count);
  // The entry is known now. Takes its waiters: the first link of the list that runs through next_waiter.
  LinkIndex Complete(EntryIndex entry, netio::Instant now);

  ForwardEntry& operator[](EntryIndex entry) { return entries_[static_cast<uint32_t>(entry)]; }
  const ForwardLink& operator[](LinkIndex link) const { return links_[static_cast<uint32_t>(link)]; }

  codec::dns::NameView NameOf(const ForwardEntry& entry, std::span<uint8_t> scratch) const {
    return blobs_.View(entry.name, entry.name_length, scratch);
  }

  // The share of the table in use by targets, 0 to 1: the fuller of entries and links.
  double Occupation() const;
  uint32_t links_in_use() const { return static_cast<uint32_t>(links_.size() - free_links_.size()); }

 private:
  // How long a result serves other addresses: what RFC 9520 allows for failures, and little more for the
  // rest, so that what a row says was seen lately.
  static constexpr netio::Duration kMaxAge = std::chrono::minutes(5);

  void Evict(EntryIndex entry);
  void Unhash(EntryIndex entry);
  EntryIndex& Bucket(uint64_t hash) { return buckets_[hash & (buckets_.size() - 1)]; }

  const uint64_t seed_;
  BlobPool& blobs_;
  LazyArray<ForwardEntry> entries_;
  LazyArray<ForwardLink> links_;
  std::vector<EntryIndex> buckets_;  // A power of two.
  FreeList free_entries_;
  FreeList free_links_;
  LengthQueue queue_;
  IndexList unused_;  // Known or silent, without links, the longest unused first.
};

}  // namespace scanner

#endif  // SCANNER_CORE_FORWARD_TABLE_H_
