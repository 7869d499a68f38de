// A Transport without a network: everything that is sent is a PTR query, and is answered in the next Wait.
//
// Time is virtual and shared by all engines of a sweep. Answers differ from each other as their questions do,
// and those to one burst come in one event, as with UDP_GRO.
#ifndef BENCH_ANSWERING_TRANSPORT_H_
#define BENCH_ANSWERING_TRANSPORT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "netio/instant.h"
#include "netio/transport.h"

namespace bench {

// Any thread.
class VirtualClock {
 public:
  netio::Instant Advance(netio::Duration by) {
    return netio::Instant(netio::Duration(nanoseconds_.fetch_add(by.count()) + by.count()));
  }
  // Does nothing when it is later already.
  void AdvanceTo(netio::Instant to) {
    const int64_t target = to.time_since_epoch().count();
    int64_t now = nanoseconds_.load();
    while (now < target && !nanoseconds_.compare_exchange_weak(now, target)) {
    }
  }

 private:
  std::atomic<int64_t> nanoseconds_{1'000'000'000};
};

class AnsweringTransport final : public netio::Transport {
 public:
  static constexpr size_t kArenaBytes = size_t{1} << 20;
  static constexpr size_t kMaxBursts = 4096;

  explicit AnsweringTransport(VirtualClock& clock, size_t arena_bytes = kArenaBytes);

  uint16_t local_ports(netio::Family /*family*/) const override { return 16; }
  // Where nothing was sent, the clock moves to `deadline`.
  std::span<const netio::Event> Wait(netio::Instant deadline) override;
  const netio::TransportStats& stats() const override { return stats_; }

 private:
  void Answer(const netio::Burst& burst);

  VirtualClock& clock_;
  std::vector<netio::Event> events_;
  std::vector<uint8_t> answers_;  // What events_ point to; never grows.
  size_t used_ = 0;               // Of answers_.
  netio::TransportStats stats_;
};

}  // namespace bench

#endif  // BENCH_ANSWERING_TRANSPORT_H_
