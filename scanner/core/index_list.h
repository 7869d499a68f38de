// A queue of indices below a fixed number, each in it at most once; any of them can be taken out. No
// allocation after construction.
#ifndef SCANNER_CORE_INDEX_LIST_H_
#define SCANNER_CORE_INDEX_LIST_H_

#include <cassert>
#include <cstdint>

#include "scanner/core/lazy_array.h"

namespace scanner {

class IndexList {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  explicit IndexList(uint32_t indices) : links_(indices) {}

  bool empty() const { return first_ == kNone; }
  uint32_t size() const { return size_; }
  uint32_t front() const { return first_; }
  bool Contains(uint32_t index) const { return links_[index].queued; }

  void PushBack(uint32_t index) {
    Link& link = links_[index];
    assert(!link.queued);
    link = {.previous = last_, .next = kNone, .queued = true};
    (last_ == kNone ? first_ : links_[last_].next) = index;
    last_ = index;
    ++size_;
  }

  uint32_t PopFront() {
    const uint32_t index = first_;
    if (index != kNone) Remove(index);
    return index;
  }

  void Remove(uint32_t index) {
    Link& link = links_[index];
    assert(link.queued);
    (link.previous == kNone ? first_ : links_[link.previous].next) = link.next;
    (link.next == kNone ? last_ : links_[link.next].previous) = link.previous;
    link.queued = false;
    --size_;
  }

 private:
  struct Link {
    uint32_t previous;  // This and the next one: meaningful while it is queued.
    uint32_t next;
    bool queued;
  };

  LazyArray<Link> links_;
  uint32_t first_ = kNone;
  uint32_t last_ = kNone;
  uint32_t size_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_CORE_INDEX_LIST_H_
