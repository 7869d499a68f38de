// Monotonic time as a value. Nothing here reads a clock: drivers do, and hand the result down.
#ifndef NETIO_INSTANT_H_
#define NETIO_INSTANT_H_

#include <chrono>
#include <cstdint>

namespace netio {

using Duration = std::chrono::nanoseconds;

// Names the epoch of Instant: that of CLOCK_MONOTONIC for real transports, the start for simulated ones.
struct MonotonicEpoch {
  using rep = int64_t;
  using period = std::nano;
  using duration = Duration;
  using time_point = std::chrono::time_point<MonotonicEpoch, Duration>;
  static constexpr bool is_steady = true;
};

using Instant = MonotonicEpoch::time_point;

}  // namespace netio

#endif  // NETIO_INSTANT_H_
