#include "tools/arpasim/core/limiter.h"

#include <algorithm>

namespace arpasim {
namespace {

int64_t IntervalOf(uint64_t per_second) {
  return per_second == 0 ? 0 : std::max<int64_t>(1, 1'000'000'000 / static_cast<int64_t>(per_second));
}

}  // namespace

Limiter::Limiter(const LimitOptions& options)
    : interval_ns_(IntervalOf(options.per_second)),
      later_interval_ns_(IntervalOf(options.later_per_second)),
      later_ns_(options.later_ns),
      burst_(static_cast<int64_t>(options.burst)),
      mode_(options.mode) {}

int64_t Limiter::IntervalAt(int64_t now_ns) {
  if (later_interval_ns_ == 0) return interval_ns_;
  int64_t first = INT64_MAX;
  if (first_query_.compare_exchange_strong(first, now_ns, std::memory_order_relaxed)) first = now_ns;
  return now_ns - first >= later_ns_ ? later_interval_ns_ : interval_ns_;
}

Limiter::Ruling Limiter::Take(int64_t now_ns) {
  if (interval_ns_ == 0) return {};
  const int64_t interval = IntervalAt(now_ns);
  const int64_t tolerance = interval * (burst_ - 1);
  int64_t arrival = theoretical_arrival_.load(std::memory_order_relaxed);
  for (;;) {
    const int64_t start = std::max(arrival, now_ns);
    const int64_t early = start - now_ns - tolerance;  // How long until it is within.
    const bool waits = mode_ == LimitMode::kQueue && early <= kMaxQueueNs;
    if (early > 0 && !waits) return {.within = false};
    if (theoretical_arrival_.compare_exchange_weak(arrival, start + interval, std::memory_order_relaxed)) {
      return {.within = true, .wait_ns = std::max<int64_t>(early, 0)};
    }
  }
}

}  // namespace arpasim
