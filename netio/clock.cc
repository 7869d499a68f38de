#include "netio/clock.h"

#include <ctime>

namespace netio {
namespace {

std::chrono::nanoseconds Read(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

Instant MonotonicNow() { return Instant(Read(CLOCK_MONOTONIC)); }

int64_t WallClockMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Read(CLOCK_REALTIME)).count();
}

}  // namespace netio
