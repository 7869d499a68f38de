// What became of a server's packets, by when they were sent: so that what was lost and what was delivered
// belong to one another, however long answers take.
#ifndef SCANNER_CORE_SEND_EPOCHS_H_
#define SCANNER_CORE_SEND_EPOCHS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "netio/instant.h"

namespace scanner {

using netio::Duration;
using netio::Instant;

// Any thread may count; one at a time, the owner, reads and forgets. A count that races with its being
// forgotten may be lost.
class SendEpochs {
 public:
  static constexpr Duration kEpoch = std::chrono::milliseconds(16);
  static constexpr int64_t kEpochs = 64;  // How many are remembered.

  struct Counts {
    uint64_t sent = 0;
    uint64_t answered = 0;
    uint64_t pushed_back = 0;  // Of those answered.
    int64_t rtt = 0;           // Sum over those answered, nanoseconds.

    Counts& operator+=(const Counts& other) {
      sent += other.sent;
      answered += other.answered;
      pushed_back += other.pushed_back;
      rtt += other.rtt;
      return *this;
    }
  };

  static int64_t EpochOf(Instant at) { return at.time_since_epoch() / kEpoch; }
  static Instant Begin(int64_t epoch) { return Instant(epoch * kEpoch); }

  void Sent(Instant at, uint32_t packets = 1) {
    const int64_t epoch = EpochOf(at);
    if (epoch >= first_.load(kRelaxed)) Of(epoch).sent.fetch_add(packets, kRelaxed);
  }

  // `packets` answers that are alike.
  void Answered(Instant sent_at, Duration rtt, bool pushed_back, uint32_t packets = 1) {
    const int64_t epoch = EpochOf(sent_at);
    if (epoch < first_.load(kRelaxed)) {
      (epoch >= void_.load(kRelaxed) ? late_ : voided_).fetch_add(packets, kRelaxed);
      return;
    }
    Epoch& counts = Of(epoch);
    counts.answered.fetch_add(packets, kRelaxed);
    counts.rtt.fetch_add(rtt.count() * packets, kRelaxed);
    if (pushed_back) counts.pushed_back.fetch_add(packets, kRelaxed);
  }

  // ---- The owner ----
  // The sum of all epochs before `end`, which are forgotten.
  Counts TakeUntil(int64_t end) {
    Counts sum;
    const int64_t first = first_.load(kRelaxed);
    for (int64_t epoch = std::max(first, end - kEpochs); epoch < end; ++epoch) {
      Epoch& counts = Of(epoch);
      sum += {.sent = counts.sent.exchange(0, kRelaxed),
              .answered = counts.answered.exchange(0, kRelaxed),
              .pushed_back = counts.pushed_back.exchange(0, kRelaxed),
              .rtt = counts.rtt.exchange(0, kRelaxed)};
    }
    first_.store(std::max(first, end), kRelaxed);
    return sum;
  }

  // Answers to packets of epochs that were taken already, since the last call.
  uint64_t TakeLate() { return late_.exchange(0, kRelaxed); }

  // Answers to packets of epochs that Void forgot, since the last call.
  uint64_t TakeVoided() { return voided_.exchange(0, kRelaxed); }

  // Forgets what was sent before `end`; answers to it are told by TakeVoided only.
  void Void(int64_t end) {
    TakeUntil(end);
    void_.store(end, kRelaxed);
    late_.store(0, kRelaxed);
  }

 private:
  static constexpr auto kRelaxed = std::memory_order_relaxed;
  static_assert((kEpochs & (kEpochs - 1)) == 0);

  struct Epoch {
    std::atomic<uint32_t> sent{0};
    std::atomic<uint32_t> answered{0};
    std::atomic<uint32_t> pushed_back{0};
    std::atomic<int64_t> rtt{0};
  };

  Epoch& Of(int64_t epoch) { return epochs_[static_cast<size_t>(epoch & (kEpochs - 1))]; }

  std::array<Epoch, kEpochs> epochs_;
  std::atomic<int64_t> first_{0};  // Epochs before this one are forgotten.
  std::atomic<int64_t> void_{0};   // void_ <= first_.
  std::atomic<uint64_t> late_{0};
  std::atomic<uint64_t> voided_{0};
};

}  // namespace scanner

#endif  // SCANNER_CORE_SEND_EPOCHS_H_
