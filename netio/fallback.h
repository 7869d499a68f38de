// What the kernel, or a sandbox, may lack or refuse, and what is done instead.
#ifndef NETIO_FALLBACK_H_
#define NETIO_FALLBACK_H_

#include <cstdint>
#include <string_view>

namespace netio {

enum class Fallback : uint8_t {
  kSingleSends,       // No UDP_SEGMENT.
  kSingleReceives,    // No UDP_GRO.
  kUncountedDrops,    // No SO_RXQ_OVFL.
  kUndeferredWork,    // io_uring without DEFER_TASKRUN (Linux 6.1).
  kShortWaits,        // io_uring without min_wait (Linux 6.12).
  kMessageSends,      // io_uring without an address at IORING_OP_SEND (Linux 6.1).
  kMillisecondWaits,  // No epoll_pwait2 (Linux 5.11).
};
inline constexpr uint8_t kFallbacks = static_cast<uint8_t>(Fallback::kMillisecondWaits) + 1;

class FallbackSet {
 public:
  void Add(Fallback fallback) { bits_ = static_cast<uint16_t>(bits_ | 1U << static_cast<uint8_t>(fallback)); }
  void Add(FallbackSet others) { bits_ = static_cast<uint16_t>(bits_ | others.bits_); }
  bool Has(Fallback fallback) const { return (bits_ >> static_cast<uint8_t>(fallback) & 1U) != 0; }

 private:
  uint16_t bits_ = 0;
};

// A line for people: what is missing, and what is done instead.
constexpr std::string_view Describe(Fallback fallback) {
  switch (fallback) {
    case Fallback::kSingleSends:
      return "UDP_SEGMENT is refused here: every query is a send of its own";
    case Fallback::kSingleReceives:
      return "UDP_GRO is refused here: every answer is a receive of its own";
    case Fallback::kUncountedDrops:
      return "SO_RXQ_OVFL is refused here: answers that the kernel drops are not counted";
    case Fallback::kUndeferredWork:
      return "io_uring of this kernel is older than Linux 6.1: answers interrupt other work";
    case Fallback::kShortWaits:
      return "io_uring of this kernel is older than Linux 6.12: waits for answers are short";
    case Fallback::kMessageSends:
      return "io_uring of this kernel is older than Linux 6.1: single queries are sent as messages";
    case Fallback::kMillisecondWaits:
      return "epoll_pwait2 is refused here: waits are whole milliseconds";
  }
  return {};
}

}  // namespace netio

#endif  // NETIO_FALLBACK_H_
