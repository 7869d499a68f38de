// One deadline for each of a fixed number of indices: a hashed wheel of one-millisecond ticks (Varghese and
// Lauck, 1987, scheme 6). Setting and cancelling cost the same whatever the number of timers. One engine owns
// it.
#ifndef SCANNER_CORE_TIMER_WHEEL_H_
#define SCANNER_CORE_TIMER_WHEEL_H_

#include <array>
#include <cstdint>

#include "netio/instant.h"
#include "scanner/core/lazy_array.h"

namespace scanner {

class TimerWheel {
 public:
  static constexpr netio::Duration kTick = std::chrono::milliseconds(1);

  // Indices are below `timers`.
  explicit TimerWheel(uint32_t timers);

  // Replaces the deadline that `index` has, if any.
  void Set(uint32_t index, netio::Instant deadline);
  void Cancel(uint32_t index);
  bool IsSet(uint32_t index) const { return links_[index].set; }
  bool empty() const { return set_ == 0; }
  uint32_t size() const { return set_; }

  // Takes one index whose deadline is not after `now` off the wheel; kNone when there is none. A deadline
  // fires up to one tick late, never early.
  uint32_t PopExpired(netio::Instant now);

  // No deadline fires before this instant; Instant::max() when none is set.
  netio::Instant NextExpiry() const;

  static constexpr uint32_t kNone = 0xFFFFFFFF;

 private:
  static constexpr uint32_t kSlots = 8192;  // A power of two: 8 s; later deadlines go round again.

  struct Link {
    int64_t tick;
    uint32_t previous;  // kNone: the first of its slot.
    uint32_t next;
    uint32_t slot;
    bool set;  // The others are meaningful.
  };

  static int64_t TickAfter(netio::Instant instant);

  // First index of the slot; kNone when it is empty.
  uint32_t Head(uint32_t slot) const {
    return (occupied_[slot >> 6] >> (slot & 63) & 1) != 0 ? heads_[slot] : kNone;
  }

  LazyArray<uint32_t> heads_;                     // First index of each slot that is not empty.
  std::array<uint64_t, kSlots / 64> occupied_{};  // Bit s: slot s is not empty.
  LazyArray<Link> links_;
  int64_t current_ = 0;    // Every slot of an earlier tick has been emptied.
  bool started_ = false;   // PopExpired was called.
  uint32_t scan_ = kNone;  // Where PopExpired goes on within the slot of current_.
  uint32_t set_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_CORE_TIMER_WHEEL_H_
