// The events of one Wait, in memory that is set aside at the start.
#ifndef NETIO_EVENT_LIST_H_
#define NETIO_EVENT_LIST_H_

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <span>
#include <vector>

#include "netio/transport.h"

namespace netio {

class EventList {
 public:
  // Octets kept of what an ICMP error quotes: more than a DNS header with the longest question and its IPv6
  // form.
  static constexpr size_t kQuoteBytes = 288;
  static constexpr size_t kQuotes = 512;

  // How many unreachable events one Wait delivers; those beyond kQuotes come without bytes.
  static constexpr size_t kMaxUnreachable = 4096;

  // `others`: most events that are not kUnreachable.
  explicit EventList(size_t others) : quotes_(std::make_unique_for_overwrite<Quote[]>(kQuotes)) {
    events_.reserve(others + kMaxUnreachable);
    capacity_ = events_.capacity();
  }

  void Clear() {
    events_.clear();
    unreachable_ = 0;
  }

  void Add(const Event& event) {
    assert(events_.size() < capacity_);
    events_.push_back(event);
  }

  // Returns false, and adds nothing, beyond kMaxUnreachable.
  bool AddUnreachable(LocalPort port, const Endpoint& server, std::span<const uint8_t> quote, int error) {
    if (unreachable_ == kMaxUnreachable) return false;
    Event event{.kind = Event::Kind::kUnreachable, .local_port = port, .server = server, .error = error};
    if (unreachable_ < kQuotes) {
      const std::span<uint8_t> kept =
          std::span(quotes_[unreachable_]).first(std::min(quote.size(), kQuoteBytes));
      std::copy_n(quote.begin(), kept.size(), kept.begin());
      event.bytes = kept;
    }
    ++unreachable_;
    Add(event);
    return true;
  }

  bool empty() const { return events_.empty(); }
  std::span<const Event> events() const { return events_; }

 private:
  using Quote = std::array<uint8_t, kQuoteBytes>;

  std::vector<Event> events_;
  std::unique_ptr<Quote[]> quotes_;  // kQuotes of them.
  size_t capacity_;
  size_t unreachable_ = 0;
};

}  // namespace netio

#endif  // NETIO_EVENT_LIST_H_
