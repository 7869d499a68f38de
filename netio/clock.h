// The clocks of the machine. Only drivers and real transports read them.
#ifndef NETIO_CLOCK_H_
#define NETIO_CLOCK_H_

#include <cstdint>

#include "netio/instant.h"

namespace netio {

// CLOCK_MONOTONIC.
Instant MonotonicNow();

// Microseconds since 1970-01-01T00:00:00Z, from CLOCK_REALTIME; may step.
int64_t WallClockMicros();

}  // namespace netio

#endif  // NETIO_CLOCK_H_
