// What the ports of one thread share while they serve.
#ifndef TOOLS_ARPASIM_SERVE_SERVICE_H_
#define TOOLS_ARPASIM_SERVE_SERVICE_H_

#include <cstdint>
#include <ctime>

#include "tools/arpasim/core/responder.h"
#include "tools/arpasim/serve/rate_meter.h"

namespace arpasim {

struct Service {
  Responder* responder = nullptr;
  RateMeter* rates = nullptr;  // Null: not measured.
  Replies replies = {};
  ResponderStats stats = {};
  uint64_t receive_drops = 0;  // Datagrams for which a receive queue had no room.
};

inline int64_t ReadClock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_SERVICE_H_
