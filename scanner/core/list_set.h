// Any number of queues over one set of indices, each index in at most one of them at a time; any can be taken
// out of the middle. No allocation after construction.
#ifndef SCANNER_CORE_LIST_SET_H_
#define SCANNER_CORE_LIST_SET_H_

#include <cassert>
#include <cstdint>

#include "scanner/core/lazy_array.h"

namespace scanner {

class ListSet {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  // A queue; it means something only together with its set.
  struct List {
    uint32_t first = kNone;
    uint32_t last = kNone;
    uint32_t size = 0;

    bool empty() const { return size == 0; }
  };

  explicit ListSet(uint32_t indices) : links_(indices) {}

  // `index` is in no list.
  void PushBack(List& list, uint32_t index) {
    links_[index] = {.previous = list.last, .next = kNone};
    (list.last == kNone ? list.first : links_[list.last].next) = index;
    list.last = index;
    ++list.size;
  }

  // The same in front.
  void PushFront(List& list, uint32_t index) {
    links_[index] = {.previous = kNone, .next = list.first};
    (list.first == kNone ? list.last : links_[list.first].previous) = index;
    list.first = index;
    ++list.size;
  }

  // kNone when it is empty.
  uint32_t PopFront(List& list) {
    const uint32_t index = list.first;
    if (index != kNone) Remove(list, index);
    return index;
  }

  // `index` is in `list`.
  void Remove(List& list, uint32_t index) {
    assert(list.size > 0);
    const Link link = links_[index];
    (link.previous == kNone ? list.first : links_[link.previous].next) = link.next;
    (link.next == kNone ? list.last : links_[link.next].previous) = link.previous;
    --list.size;
  }

 private:
  struct Link {
    uint32_t previous;
    uint32_t next;
  };

  LazyArray<Link> links_;  // Meaningful for indices that are in a list.
};

}  // namespace scanner

#endif  // SCANNER_CORE_LIST_SET_H_
