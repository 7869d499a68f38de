// The most queries that came within any one second, by source and by the address that was asked.
#ifndef TOOLS_ARPASIM_SERVE_RATE_METER_H_
#define TOOLS_ARPASIM_SERVE_RATE_METER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>

#include "tools/arpasim/core/address.h"

namespace arpasim {

// Threads share one.
class RateMeter {
 public:
  // `when_ns`: when the kernel received it, on CLOCK_REALTIME.
  void Count(const Address& source, const Address& server, int64_t when_ns);

  size_t max_of_a_source() const;
  size_t max_of_a_server() const;

 private:
  struct Second {
    std::deque<int64_t> within;  // Of the latest second.
    size_t most = 0;
    void Count(int64_t when_ns);
  };
  using Seconds = std::map<Address, Second>;
  static size_t Most(const Seconds& seconds);

  mutable std::mutex mutex_;
  Seconds by_source_;  // Guarded by mutex_.
  Seconds by_server_;  // Guarded by mutex_.
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_RATE_METER_H_
