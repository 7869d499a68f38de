// Smoothed round-trip time of one server, and how long to wait for it (RFC 6298).
#ifndef SCANNER_CORE_RTT_ESTIMATE_H_
#define SCANNER_CORE_RTT_ESTIMATE_H_

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "netio/instant.h"

namespace scanner {

class RttEstimate {
 public:
  static constexpr netio::Duration kInitialPatience = std::chrono::milliseconds(1000);
  static constexpr netio::Duration kMinPatience = std::chrono::milliseconds(200);
  static constexpr netio::Duration kMaxPatience = std::chrono::milliseconds(5000);

  void Add(netio::Duration rtt) {
    if (smoothed_ == netio::Duration::zero()) {
      smoothed_ = std::max(rtt, netio::Duration(1));
      variation_ = rtt / 2;
      return;
    }
    const netio::Duration error = rtt > smoothed_ ? rtt - smoothed_ : smoothed_ - rtt;
    variation_ += (error - variation_) / 4;
    smoothed_ += (rtt - smoothed_) / 8;
  }

  netio::Duration smoothed() const { return smoothed_; }

  // For the attempt after `earlier` attempts of the same lookup: doubled for each.
  netio::Duration Patience(uint32_t earlier) const {
    const netio::Duration first =
        smoothed_ == netio::Duration::zero()
            ? kInitialPatience
            : std::clamp<netio::Duration>(smoothed_ + 4 * variation_, kMinPatience, kMaxPatience);
    return std::min<netio::Duration>(first * (1 << std::min(earlier, 5U)), kMaxPatience);
  }

 private:
  netio::Duration smoothed_{0};  // 0: nothing measured yet.
  netio::Duration variation_{0};
};

}  // namespace scanner

#endif  // SCANNER_CORE_RTT_ESTIMATE_H_
