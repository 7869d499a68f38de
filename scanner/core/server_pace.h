// How fast one server may be asked: the budget that the user set, congestion control on what comes back, and
// rest for a server that is silent. Shared by all engines; never reads a clock.
//
// Engines take permission for each packet (Take) and report what became of it. One engine, the server's
// owner, also calls Adapt, which alone moves the window and the pace:
// - The window starts small and doubles with each window answered, up to its maximum.
// - When more of the packets sent since the last slow-down were lost than usual, or many more answers than
// usual
//   are REFUSED or SERVFAIL, the window shrinks, and the pace becomes nine tenths of what was delivered
//   meanwhile: a server that drops above a limit delivers its limit. Clean answers raise the pace again until
//   it no longer binds.
// - When even the quickest answers are much slower than they were, a queue stands somewhere: the window
// shrinks.
#ifndef SCANNER_CORE_SERVER_PACE_H_
#define SCANNER_CORE_SERVER_PACE_H_

#include <atomic>
#include <cstdint>

#include "netio/instant.h"
#include "scanner/core/gcra.h"

namespace scanner {

class ServerPace {
 public:
  struct Limits {
    Gcra::Limits budget;         // --server-rate and --burst.
    uint32_t max_window = 1000;  // Most queries in flight.
  };

  // Counted since the start, over all engines.
  struct Counts {
    uint64_t sent;         // Packets, retries, TCP and probes included.
    uint64_t answered;     // Answers of any kind that matched a query.
    uint64_t lost;         // Attempts without an answer in time.
    uint64_t pushed_back;  // REFUSED and SERVFAIL among the answers.
    uint64_t unreachable;  // ICMP errors.
  };

  explicit ServerPace(const Limits& limits);

  // How many of `wanted` packets may be sent at `now`. Each counts as in flight until Settle or GiveBack.
  // `permit`, where there is one, names the grant for GiveBack.
  struct Permit {
    Gcra::Ticket budget;
    Gcra::Ticket pace;
  };
  uint32_t Take(Instant now, uint32_t wanted, Permit* permit = nullptr);
  void GiveBack(uint32_t unused, Permit& permit);

  // A packet is no longer in flight: answered, given up, or its patience has passed.
  void Settle(uint32_t packets = 1) { in_flight_.fetch_sub(packets, std::memory_order_relaxed); }

  // `first`: it was the lookup's first packet. Later ones say more of the question than of the server.
  // `pushed_back`: REFUSED or SERVFAIL.
  void OnAnswer(Instant now, Duration rtt, bool first, bool pushed_back);
  void OnLoss(Instant now, Instant sent_at, bool first);
  void OnUnreachable(Instant now);

  // Called by the owner at least every kAdaptInterval or so; cheap when called more often.
  static constexpr Duration kAdaptInterval = std::chrono::milliseconds(25);
  void Adapt(Instant now);

  // When Take may grant again, as far as time decides: budget, pace and rest. Window room comes with answers.
  Instant NextAllowed(Instant now) const;
  bool WindowFull() const;
  bool Resting(Instant now) const;

  // Whether losses are more likely this server's limit than a fault of the question.
  bool Limiting(Instant now) const;

  // Instant::min() when it never answered.
  Instant last_answer() const { return Instant(Duration(last_answer_.load(std::memory_order_relaxed))); }
  Counts counts() const;
  uint32_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  uint32_t window() const { return window_.load(std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kInitialWindow = 32;
  static constexpr uint32_t kMinWindow = 4;
  static constexpr Duration kFirstRest = std::chrono::seconds(1);
  static constexpr Duration kLongestRest = std::chrono::seconds(30);

  void Rest(Instant now);
  bool TakeProbe(Instant now);
  void SlowDown(Instant now, double delivered_per_second);
  void SpeedUp(uint64_t answered, double seconds);
  void StartAfresh();
  void SetPace(double packets_per_second);

  const uint32_t max_window_;
  const double budget_rate_;  // 0: none.
  Gcra budget_;
  Gcra pace_;

  std::atomic<uint32_t> window_;
  std::atomic<uint32_t> in_flight_{0};
  std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> answered_{0};
  std::atomic<uint64_t> lost_{0};
  std::atomic<uint64_t> recent_losses_{0};  // Only of packets sent after the last slow-down.
  std::atomic<uint64_t> pushed_back_{0};
  std::atomic<uint64_t> first_pushed_back_{0};  // Only of first packets.
  std::atomic<uint64_t> unreachable_{0};
  std::atomic<uint32_t> silent_losses_{0};  // Since the last answer.
  std::atomic<int64_t> last_answer_{INT64_MIN};
  std::atomic<int64_t> slowed_at_{INT64_MIN};
  std::atomic<int64_t> loss_delay_{0};        // Nanoseconds from sending to being called lost, longest seen.
  std::atomic<int64_t> quickest_{INT64_MAX};  // RTT, nanoseconds, since the last evaluation.
  std::atomic<int64_t> rest_until_{0};        // 0: not resting. After it, one probe is let through at a time.
  std::atomic<int64_t> rest_{kFirstRest.count()};
  std::atomic<bool> rested_{false};  // A rest has ended since the last Adapt.

  // ---- Of the owner only ----
  // What came in since the last evaluation.
  struct Outcomes {
    uint64_t answered = 0;
    uint64_t lost = 0;
    uint64_t first_pushed_back = 0;
    uint64_t pushed_back = 0;
  };
  // One kind of trouble: losses, or answers that push back.
  struct Trouble {
    double lately = 0;   // Outcomes of this kind since the last slow-down, fading within a second or two.
    double usual = 0;    // Share of all outcomes that does not depend on the speed.
    double slowed = -1;  // The share that was the reason for the last slow-down; -1: not a reason, or proved.
    uint32_t in_vain = 0;  // Slow-downs in a row that left the share as it was.
  };
  Outcomes Totals() const;
  // Whether there is more of it than usual and than `threshold`; `fresh`: since the last evaluation.
  static bool IsTroubled(const Trouble& trouble, uint64_t fresh, double share, double threshold);
  // What slowing down has shown: a share that stays, time after time, does not come from the speed.
  static void Learn(Trouble& trouble, double share, double seconds);

  Instant evaluated_at_{Instant::min()};
  Outcomes evaluated_;
  Trouble losses_;
  Trouble push_backs_;
  double answered_lately_ = 0;
  int64_t base_rtt_ = INT64_MAX;  // Nanoseconds, lowest ever seen.
  double pace_rate_ = 0;          // Packets per second; 0: the pace does not bind.
  double failed_rate_ = 0;        // What the pace was when it last proved too high.
  double peak_delivered_ = 0;     // Clean answers per second, highest of late; fades within seconds.
};

}  // namespace scanner

#endif  // SCANNER_CORE_SERVER_PACE_H_
