// What is known of the tree of names: where zone cuts are and where there are none (RFC 9499, "zone cut"). A
// trie of labels over a hash table of edges, bounded; the leaves that were used least lately go first. One
// engine owns it.
//
// A node is one name. Its state is known until it expires: the name is a zone cut, or lies inside the zone
// above it. What is not known is found out by one lookup at a time, the seeker, while those below it wait.
#ifndef SCANNER_CORE_ZONE_TREE_H_
#define SCANNER_CORE_ZONE_TREE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codec/dns/name.h"
#include "netio/instant.h"
#include "scanner/core/index_list.h"
#include "scanner/core/list_set.h"

namespace scanner {

enum class NodeIndex : uint32_t { kRoot = 0, kNone = 0xFFFFFFFF };
enum class ZoneIndex : uint32_t { kNone = 0xFFFFFFFF };

class ZoneTree {
 public:
  enum class State : uint8_t { kUnknown, kInside, kCut };

  struct Node {
    netio::Instant until{};  // Of the state.
    uint64_t edge = 0;       // Hash of parent and label.
    NodeIndex parent = NodeIndex::kNone;
    NodeIndex hash_next = NodeIndex::kNone;
    ZoneIndex zone = ZoneIndex::kNone;  // The caller's; kept when the state expires.
    uint32_t children = 0;
    ListSet::List waiters;  // The caller's.
    bool sought = false;    // There is a seeker.
    State state = State::kUnknown;
    std::array<uint8_t, 1 + codec::dns::kMaxLabelOctets> label{};  // In lower case, its length first.
  };

  // `nodes` > 1. Labels are chosen by strangers: `seed` is not known to them.
  ZoneTree(uint32_t nodes, uint64_t seed);

  struct Place {
    NodeIndex cut;  // The deepest zone cut known at or above the name; the root when there is no other.
    // The topmost node above the name whose state is not known; kNone when all are known, or there is no
    // room.
    NodeIndex seek;
  };
  // Where a question for `name`, in lower case, stands.
  Place Find(codec::dns::NameView name, netio::Instant now);

  // `zone`, in lower case, is a zone cut, and the names between it and the zone `above` are none. kNone when
  // there is no room.
  NodeIndex NoteCut(codec::dns::NameView zone, codec::dns::NameView above, netio::Instant until,
                    netio::Instant now);
  // There is no zone cut above `name` and below the zone `above`.
  void NoteInside(codec::dns::NameView name, codec::dns::NameView above, netio::Instant until,
                  netio::Instant now);

  // The name of a node, in wire form.
  codec::dns::Name NameOf(NodeIndex node) const;

  // A pinned node stays; pins are counted.
  void Pin(NodeIndex node);
  void Unpin(NodeIndex node);

  Node& operator[](NodeIndex node) { return nodes_[static_cast<uint32_t>(node)]; }
  const Node& operator[](NodeIndex node) const { return nodes_[static_cast<uint32_t>(node)]; }

  // Zones of nodes that were dropped, to be given back by the caller.
  std::vector<ZoneIndex>& dropped_zones() { return dropped_; }
  // Drops the least lately used leaf with a zone; false when there is none that may go.
  bool DropZone();

 private:
  NodeIndex Child(NodeIndex parent, std::span<const uint8_t> label) const;
  NodeIndex ChildOrNew(NodeIndex parent, std::span<const uint8_t> label);
  // Marks the names above `name` that are below `above`; the lowest of them, or the zone `above`.
  NodeIndex MarkInside(codec::dns::NameView name, codec::dns::NameView above, netio::Instant until,
                       netio::Instant now);
  void Renew(NodeIndex node);
  bool MayGo(NodeIndex node) const;
  void Drop(NodeIndex node);
  uint64_t EdgeOf(NodeIndex parent, std::span<const uint8_t> label) const;
  NodeIndex& Bucket(uint64_t edge) { return buckets_[edge & (buckets_.size() - 1)]; }

  const uint64_t seed_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> pins_;
  std::vector<NodeIndex> buckets_;  // A power of two.
  std::vector<uint32_t> free_;
  IndexList unused_;  // Leaves without pins, the least lately used first.
  std::vector<ZoneIndex> dropped_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_ZONE_TREE_H_
