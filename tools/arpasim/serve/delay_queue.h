// What is to be sent later, the earliest first.
#ifndef TOOLS_ARPASIM_SERVE_DELAY_QUEUE_H_
#define TOOLS_ARPASIM_SERVE_DELAY_QUEUE_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace arpasim {

// Item has `int64_t due_ns`. Equal times leave in the order in which they came.
template <typename Item>
class DelayQueue {
 public:
  void Push(Item item) {
    heap_.push_back({std::move(item), next_++});
    std::push_heap(heap_.begin(), heap_.end(), Later);
  }

  bool empty() const { return heap_.empty(); }
  int64_t next_due_ns() const { return heap_.front().item.due_ns; }

  Item Pop() {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    Item item = std::move(heap_.back().item);
    heap_.pop_back();
    return item;
  }

 private:
  struct Entry {
    Item item;
    uint64_t order;
  };
  static bool Later(const Entry& one, const Entry& other) {
    return std::pair(one.item.due_ns, one.order) > std::pair(other.item.due_ns, other.order);
  }

  std::vector<Entry> heap_;
  uint64_t next_ = 0;
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_DELAY_QUEUE_H_
