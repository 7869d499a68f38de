// The generic cell rate algorithm over explicit time: never reads a clock. Any thread may use it; one word,
// advanced by compare-and-swap.
#ifndef SCANNER_CORE_GCRA_H_
#define SCANNER_CORE_GCRA_H_

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>

#include "netio/instant.h"

namespace scanner {

using netio::Duration;
using netio::Instant;

// In any interval t at most rate * t + burst packets are granted, whatever the order of calls, as long as the
// limits stay the same.
class Gcra {
 public:
  struct Limits {
    double packets_per_second = 0;  // 0: no limit.
    uint32_t burst = 1;             // At least 1.
  };

  explicit Gcra(const Limits& limits) { SetLimits(limits); }

  // One thread at a time; what was granted under the old limits is not counted again under the new ones.
  void SetLimits(const Limits& limits) {
    int64_t interval = 0;
    if (limits.packets_per_second > 0) {
      // Rounded up, so that the rate is never above the one asked for.
      interval = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(1e9 / limits.packets_per_second)));
    }
    burst_.store(std::max<uint32_t>(1, limits.burst), std::memory_order_relaxed);
    interval_.store(interval, std::memory_order_relaxed);
  }

  bool unlimited() const { return interval_.load(std::memory_order_relaxed) == 0; }

  // Names a grant, for GiveBack.
  struct Ticket {
    int64_t arrival = 0;
  };

  // How many of `wanted` packets may go at `now`; `ticket`, where there is one, names the grant.
  uint32_t Take(Instant now, uint32_t wanted, Ticket* ticket = nullptr) {
    const int64_t interval = interval_.load(std::memory_order_relaxed);
    if (interval == 0) return wanted;
    const int64_t at = now.time_since_epoch().count();
    const int64_t limit = at + interval * burst_.load(std::memory_order_relaxed);
    int64_t arrival = arrival_.load(std::memory_order_relaxed);
    for (;;) {
      const int64_t from = std::max(arrival, at);
      const int64_t room = (limit - from) / interval;
      const uint32_t granted = room <= 0 ? 0 : static_cast<uint32_t>(std::min<int64_t>(room, wanted));
      if (granted == 0) return 0;
      const int64_t after = from + interval * granted;
      if (arrival_.compare_exchange_weak(arrival, after, std::memory_order_relaxed)) {
        if (ticket != nullptr) ticket->arrival = after;
        return granted;
      }
    }
  }

  // Of the packets of that grant, `unused` were not sent. Does nothing once another grant has followed: what
  // was held meanwhile might have been forfeited, and given back it would come on top of a whole burst.
  void GiveBack(uint32_t unused, Ticket& ticket) {
    const int64_t interval = interval_.load(std::memory_order_relaxed);
    if (unused == 0 || interval == 0) return;
    int64_t arrival = ticket.arrival;
    const int64_t before = arrival - interval * unused;
    if (arrival_.compare_exchange_strong(arrival, before, std::memory_order_relaxed)) ticket.arrival = before;
  }

  // When to ask again: as soon as one packet may go, or at high rates a millisecond's worth of them, so that
  // nobody wakes for each. `now` or later.
  Instant NextAllowed(Instant now) const {
    const int64_t interval = interval_.load(std::memory_order_relaxed);
    if (interval == 0) return now;
    constexpr int64_t kMillisecond = 1'000'000;
    const int64_t burst = burst_.load(std::memory_order_relaxed);
    const int64_t packets = std::clamp<int64_t>(kMillisecond / interval, 1, burst);
    return std::max(
        now, Instant(Duration(arrival_.load(std::memory_order_relaxed) - interval * (burst - packets))));
  }

 private:
  std::atomic<int64_t> interval_{0};  // Nanoseconds a packet; 0: no limit.
  std::atomic<uint32_t> burst_{1};
  // Nanoseconds: when all granted packets will have been paid for. Never more than burst_ intervals ahead.
  std::atomic<int64_t> arrival_{INT64_MIN / 2};
};

}  // namespace scanner

#endif  // SCANNER_CORE_GCRA_H_
