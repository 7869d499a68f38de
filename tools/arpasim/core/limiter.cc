#include "tools/arpasim/core/limiter.h"

#include <algorithm>

namespace arpasim {

Limiter::Limiter(const LimitOptions& options)
    : interval_ns_(options.per_second == 0
                       ? 0
                       : std::max<int64_t>(1, 1'000'000'000 / static_cast<int64_t>(options.per_second))),
      tolerance_ns_(interval_ns_ * static_cast<int64_t>(options.burst - 1)),
      mode_(options.mode) {}

Limiter::Ruling Limiter::Take(int64_t now_ns) {
  if (interval_ns_ == 0) return {};
  int64_t arrival = theoretical_arrival_.load(std::memory_order_relaxed);
  for (;;) {
    const int64_t start = std::max(arrival, now_ns);
    const int64_t early = start - now_ns - tolerance_ns_;  // How long until it is within.
    const bool waits = mode_ == LimitMode::kQueue && early <= kMaxQueueNs;
    if (early > 0 && !waits) return {.within = false};
    if (theoretical_arrival_.compare_exchange_weak(arrival, start + interval_ns_,
                                                   std::memory_order_relaxed)) {
      return {.within = true, .wait_ns = std::max<int64_t>(early, 0)};
    }
  }
}

}  // namespace arpasim
