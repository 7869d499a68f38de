#include "scanner/core/zone_tree.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace scanner {
namespace {

using codec::dns::NameView;

// The labels of a name, each with its length in front, the root's left out; the topmost one last.
class Labels {
 public:
  explicit Labels(NameView name) : name_(name) {
    for (size_t at = 0; name[at] != 0; at += name[at] + size_t{1})
      starts_[count_++] = static_cast<uint8_t>(at);
  }

  size_t count() const { return count_; }
  // The `i`th from the top, 0 the one right below the root.
  std::span<const uint8_t> FromTop(size_t i) const {
    const size_t start = starts_[count_ - 1 - i];
    return name_.subspan(start, name_[start] + size_t{1});
  }

 private:
  static constexpr size_t kMostLabels = 127;  // Of a name of 255 octets.

  NameView name_;
  std::array<uint8_t, kMostLabels> starts_;
  size_t count_ = 0;
};

}  // namespace

ZoneTree::ZoneTree(uint32_t nodes, uint64_t seed)
    : seed_(seed),
      nodes_(nodes),
      pins_(nodes),
      buckets_(std::bit_ceil(nodes), NodeIndex::kNone),
      free_(nodes - 1),
      unused_(nodes) {
  for (uint32_t i = 0; i < free_.size(); ++i) free_[i] = nodes - 1 - i;
  Pin(NodeIndex::kRoot);
  (*this)[NodeIndex::kRoot].state = State::kCut;
  (*this)[NodeIndex::kRoot].until = netio::Instant::max();
}

// FNV-1a with a secret start, finished by a mixer.
uint64_t ZoneTree::EdgeOf(NodeIndex parent, std::span<const uint8_t> label) const {
  uint64_t hash = seed_ + static_cast<uint64_t>(parent) * 0x9E3779B97F4A7C15U;
  for (const uint8_t octet : label) hash = (hash ^ octet) * 0x100000001B3U;
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93U;
  return hash ^ (hash >> 32);
}

NodeIndex ZoneTree::Child(NodeIndex parent, std::span<const uint8_t> label) const {
  const uint64_t edge = EdgeOf(parent, label);
  for (NodeIndex at = buckets_[edge & (buckets_.size() - 1)]; at != NodeIndex::kNone;
       at = (*this)[at].hash_next) {
    const Node& node = (*this)[at];
    if (node.edge == edge && node.parent == parent &&
        std::ranges::equal(std::span(node.label).first(label.size()), label)) {
      return at;
    }
  }
  return NodeIndex::kNone;
}

NodeIndex ZoneTree::ChildOrNew(NodeIndex parent, std::span<const uint8_t> label) {
  if (const NodeIndex there = Child(parent, label); there != NodeIndex::kNone) return there;
  Pin(parent);
  if (free_.empty() && unused_.front() != IndexList::kNone) Drop(NodeIndex{unused_.front()});
  Unpin(parent);
  if (free_.empty()) return NodeIndex::kNone;
  const uint32_t index = free_.back();
  free_.pop_back();
  const NodeIndex child{index};
  if (MayGo(parent)) unused_.Remove(static_cast<uint32_t>(parent));
  ++(*this)[parent].children;
  Node& node = (*this)[child];
  node = Node{};
  node.parent = parent;
  node.edge = EdgeOf(parent, label);
  std::ranges::copy(label, node.label.begin());
  node.hash_next = Bucket(node.edge);
  Bucket(node.edge) = child;
  unused_.PushBack(index);
  return child;
}

ZoneTree::Place ZoneTree::Find(NameView name, netio::Instant now) {
  const Labels labels(name);
  Place place{.cut = NodeIndex::kRoot, .seek = NodeIndex::kNone};
  NodeIndex at = NodeIndex::kRoot;
  for (size_t i = 0; i < labels.count(); ++i) {
    const bool own = i + 1 == labels.count();  // The name itself: whoever asks for it learns what it is.
    const NodeIndex child = own ? Child(at, labels.FromTop(i)) : ChildOrNew(at, labels.FromTop(i));
    if (child == NodeIndex::kNone) break;
    const Node& node = (*this)[child];
    if (node.state == State::kUnknown || node.until <= now) {
      if (!own) place.seek = child;
      at = child;
      break;
    }
    if (node.state == State::kCut) place.cut = child;
    at = child;
  }
  Renew(at);
  return place;
}

NodeIndex ZoneTree::MarkInside(NameView name, NameView above, netio::Instant until, netio::Instant now) {
  const Labels labels(name);
  const size_t top = Labels(above).count();
  NodeIndex at = NodeIndex::kRoot;
  for (size_t i = 0; i + 1 < labels.count(); ++i) {
    at = ChildOrNew(at, labels.FromTop(i));
    if (at == NodeIndex::kNone) return at;
    Node& node = (*this)[at];
    const bool known = node.state == State::kCut && node.until > now;
    if (i < top || known) continue;
    node.state = State::kInside;
    node.until = until;
  }
  return at;
}

NodeIndex ZoneTree::NoteCut(NameView zone, NameView above, netio::Instant until, netio::Instant now) {
  const Labels labels(zone);
  if (labels.count() == 0) return NodeIndex::kRoot;
  const NodeIndex parent = MarkInside(zone, above, until, now);
  if (parent == NodeIndex::kNone) return parent;
  const NodeIndex cut = ChildOrNew(parent, labels.FromTop(labels.count() - 1));
  if (cut == NodeIndex::kNone) return cut;
  (*this)[cut].state = State::kCut;
  (*this)[cut].until = until;
  Renew(cut);
  return cut;
}

void ZoneTree::NoteInside(NameView name, NameView above, netio::Instant until, netio::Instant now) {
  const NodeIndex lowest = MarkInside(name, above, until, now);
  if (lowest != NodeIndex::kNone) Renew(lowest);
}

codec::dns::Name ZoneTree::NameOf(NodeIndex node) const {
  codec::dns::Name name;
  for (; node != NodeIndex::kRoot; node = (*this)[node].parent) {
    const Node& at = (*this)[node];
    const size_t octets = at.label[0] + size_t{1};
    std::ranges::copy(std::span(at.label).first(octets), name.octets.begin() + name.length);
    name.length = static_cast<uint8_t>(name.length + octets);
  }
  name.octets[name.length++] = 0;
  return name;
}

bool ZoneTree::MayGo(NodeIndex node) const {
  return (*this)[node].children == 0 && pins_[static_cast<uint32_t>(node)] == 0;
}

void ZoneTree::Renew(NodeIndex node) {
  if (!MayGo(node)) return;
  unused_.Remove(static_cast<uint32_t>(node));
  unused_.PushBack(static_cast<uint32_t>(node));
}

void ZoneTree::Pin(NodeIndex node) {
  const bool listed = MayGo(node) && node != NodeIndex::kRoot;
  if (listed) unused_.Remove(static_cast<uint32_t>(node));
  ++pins_[static_cast<uint32_t>(node)];
}

void ZoneTree::Unpin(NodeIndex node) {
  assert(pins_[static_cast<uint32_t>(node)] > 0);
  --pins_[static_cast<uint32_t>(node)];
  if (MayGo(node)) unused_.PushBack(static_cast<uint32_t>(node));
}

void ZoneTree::Drop(NodeIndex index) {
  const Node& node = (*this)[index];
  unused_.Remove(static_cast<uint32_t>(index));
  NodeIndex* link = &Bucket(node.edge);
  while (*link != index) link = &(*this)[*link].hash_next;
  *link = node.hash_next;
  if (node.zone != ZoneIndex::kNone) dropped_.push_back(node.zone);
  free_.push_back(static_cast<uint32_t>(index));
  const NodeIndex parent = node.parent;
  --(*this)[parent].children;
  if (MayGo(parent)) unused_.PushBack(static_cast<uint32_t>(parent));
}

bool ZoneTree::DropZone() {
  const size_t before = dropped_.size();
  while (dropped_.size() == before) {
    const uint32_t oldest = unused_.front();
    if (oldest == IndexList::kNone) return false;
    Drop(NodeIndex{oldest});
  }
  return true;
}

}  // namespace scanner
