// A limit on queries per second, as busy servers have one: GCRA over explicit time, one word that threads
// share.
#ifndef TOOLS_ARPASIM_CORE_LIMITER_H_
#define TOOLS_ARPASIM_CORE_LIMITER_H_

#include <atomic>
#include <cstdint>

namespace arpasim {

// What becomes of a query above the limit.
enum class LimitMode : uint8_t {
  kDrop,
  kQueue,  // Waits its turn, at most kMaxQueueNs; dropped beyond.
  kSlip,   // Every other one gets a bare TC, as response rate limiting does; the others nothing.
  kRefused,
  kServfail,
};

struct LimitOptions {
  uint64_t per_second = 0;  // 0: none.
  uint64_t burst = 16;      // Most queries at once above the rate; at least 1.
  LimitMode mode = LimitMode::kDrop;
  uint64_t later_per_second =
      0;  // The limit from `later_ns` after the first query on; 0: it does not change.
  int64_t later_ns = 0;
};

class Limiter {
 public:
  static constexpr int64_t kMaxQueueNs = 1'000'000'000;

  explicit Limiter(const LimitOptions& options);

  struct Ruling {
    bool within = true;
    int64_t wait_ns = 0;  // kQueue.
  };
  Ruling Take(int64_t now_ns);

  LimitMode mode() const { return mode_; }

 private:
  int64_t IntervalAt(int64_t now_ns);

  int64_t interval_ns_;        // 0: no limit.
  int64_t later_interval_ns_;  // 0: no change.
  int64_t later_ns_;
  int64_t burst_;
  std::atomic<int64_t> first_query_{INT64_MAX};
  LimitMode mode_;
  std::atomic<int64_t> theoretical_arrival_{INT64_MIN};
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_LIMITER_H_
