// A queue of indices that hands out those of one length together, so that their queries can share a send. No
// allocation after construction.
#ifndef SCANNER_CORE_LENGTH_QUEUE_H_
#define SCANNER_CORE_LENGTH_QUEUE_H_

#include <array>
#include <bit>
#include <cstdint>

#include "scanner/core/lazy_array.h"

namespace scanner {

// First in, first out among equal lengths; lengths take turns after kRun of one.
class LengthQueue {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  static constexpr uint32_t kRun = 64;

  explicit LengthQueue(uint32_t indices) : next_(indices) {
    first_.fill(kNone);
    last_.fill(kNone);
  }

  bool empty() const { return occupied_ == 0; }

  // `index` is not in the queue.
  void Push(uint32_t index, uint32_t length) {
    const uint32_t lane = length % kLanes;
    next_[index] = kNone;
    if (first_[lane] == kNone) {
      first_[lane] = index;
      occupied_ |= uint64_t{1} << lane;
    } else {
      next_[last_[lane]] = index;
    }
    last_[lane] = index;
  }

  // kNone when empty.
  uint32_t Pop() {
    if (occupied_ == 0) return kNone;
    if (run_ == kRun || first_[lane_] == kNone) NextLane();
    ++run_;
    const uint32_t index = first_[lane_];
    first_[lane_] = next_[index];
    if (first_[lane_] == kNone) occupied_ &= ~(uint64_t{1} << lane_);
    return index;
  }

 private:
  static constexpr uint32_t kLanes = 64;

  void NextLane() {
    run_ = 0;
    const uint64_t behind = lane_ + 1 == kLanes ? 0 : occupied_ & (~uint64_t{0} << (lane_ + 1));
    lane_ = static_cast<uint32_t>(std::countr_zero(behind != 0 ? behind : occupied_));
  }

  LazyArray<uint32_t> next_;  // Of those in the queue.
  std::array<uint32_t, kLanes> first_{};
  std::array<uint32_t, kLanes> last_{};
  uint64_t occupied_ = 0;  // Bit l: lane l is not empty.
  uint32_t lane_ = 0;
  uint32_t run_ = 0;  // Handed out of lane_ in a row.
};

}  // namespace scanner

#endif  // SCANNER_CORE_LENGTH_QUEUE_H_
