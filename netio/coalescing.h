// When a socket should receive coalesced datagrams.
#ifndef NETIO_COALESCING_H_
#define NETIO_COALESCING_H_

#include <algorithm>
#include <cstdint>

namespace netio {

// Decides for one socket, from how many datagrams its receives bring: coalescing (UDP_GRO) pays where servers
// answer in bursts of equal length, and costs large buffers for nothing where they do not. It is judged every
// kJudged receives: worthwhile with kWorthwhile datagrams a receive on the mean. After kPatience judgements
// in a row that it is not - what was queued before a trial still comes one by one - it rests for a number of
// datagrams, which doubles with each trial in vain, and is tried again. No system call, no clock.
class CoalescingPolicy {
 public:
  static constexpr uint32_t kJudged = 16;
  static constexpr uint32_t kWorthwhile = 2;
  static constexpr uint32_t kPatience = 16;
  static constexpr uint32_t kFirstRest = 1024;
  static constexpr uint32_t kLongestRest = 65'536;

  // Whether the socket should coalesce; it begins with a trial.
  bool wanted() const { return wanted_; }

  // Not wanted again.
  void GiveUp() {
    wanted_ = false;
    given_up_ = true;
  }

  // After each receive, of `datagrams`.
  void Count(uint32_t datagrams) {
    datagrams_ += datagrams;
    if (wanted_) {
      if (++receives_ == kJudged) Judge();
    } else if (datagrams_ >= rest_ && !given_up_) {
      wanted_ = true;
      StartOver();
    }
  }

 private:
  void Judge() {
    if (datagrams_ >= kJudged * kWorthwhile) {
      in_vain_ = 0;
      next_rest_ = kFirstRest;
    } else if (++in_vain_ == kPatience) {
      in_vain_ = 0;
      wanted_ = false;
      rest_ = next_rest_;
      next_rest_ = std::min(2 * next_rest_, kLongestRest);
    }
    StartOver();
  }

  void StartOver() {
    receives_ = 0;
    datagrams_ = 0;
  }

  bool wanted_ = true;
  bool given_up_ = false;
  uint32_t receives_ = 0;   // While wanted, since the last judgement; < kJudged.
  uint32_t datagrams_ = 0;  // Since then, or of this rest.
  uint32_t in_vain_ = 0;    // Judgements in a row; < kPatience.
  uint32_t rest_ = kFirstRest;
  uint32_t next_rest_ = kFirstRest;
};

}  // namespace netio

#endif  // NETIO_COALESCING_H_
