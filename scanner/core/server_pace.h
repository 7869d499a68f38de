// How fast one server may be asked: the budget that the user set, congestion control on what comes back, and
// rest for a server that is silent. Shared by all engines; never reads a clock.
//
// Engines take permission for each packet (Take) and report what became of it. One engine, the server's
// owner, also calls Adapt, which alone moves the window and the pace; while it is not heard of, having ended
// or being held up, the others stand in. Adapt judges stretches of time, by when packets were sent:
// - Without trouble the window grows by a share of what was answered, so that when a limit shows itself only
//   that share is lost, and the pace does not bind.
// - When more is lost than usual, or pushed back (REFUSED, SERVFAIL), the server has a limit. Between two
// moments
//   at which its bucket was empty it has let through exactly what flowed in, whatever the bucket's depth:
//   that is where the pace begins. It grows in steps, each judged by itself, until it is too much once more;
//   what was delivered then is the limit.
// - From there on the pace stays just below the limit, feels for it in careful steps, and in ever larger ones
//   where nothing is lost, since limits change.
// - When even the quickest answers are much slower than they were, a queue stands somewhere: the window
// shrinks.
#ifndef SCANNER_CORE_SERVER_PACE_H_
#define SCANNER_CORE_SERVER_PACE_H_

#include <atomic>
#include <cstdint>

#include "netio/instant.h"
#include "scanner/core/gcra.h"
#include "scanner/core/send_epochs.h"

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

  // Packets that were granted have gone out. `telling`: what becomes of it says something of the server; what
  // becomes of a question that is asked again and again says more of the question.
  void OnSent(Instant now, bool telling, uint32_t packets = 1) {
    (telling ? telling_ : repeated_).Sent(now, packets);
    if (rest_until_.load(std::memory_order_relaxed) != 0) OnProbe(telling);
  }

  // A packet is no longer in flight: answered, given up, or its patience has passed.
  void Settle(uint32_t packets = 1) { in_flight_.fetch_sub(packets, std::memory_order_relaxed); }

  // `packets` answers that are alike. `telling` as in OnSent; `pushed_back`: REFUSED or SERVFAIL.
  void OnAnswer(Instant now, Duration rtt, bool telling, bool pushed_back, uint32_t packets = 1);
  void OnLoss(Instant now, bool telling);
  void OnUnreachable(Instant now);

  // Answers were lost on this machine: what was sent before now says nothing of the server.
  void OnLocalLoss() { local_loss_.store(true, std::memory_order_relaxed); }

  // Called by the owner at least every kAdaptInterval or so; cheap when called more often. One thread at a
  // time adapts: does nothing while another does, or when another has done so at a later time.
  static constexpr Duration kAdaptInterval = std::chrono::milliseconds(5);
  void Adapt(Instant now);
  // Called as often by the other engines: adapts when the owner has not for longer than kOwnerAbsent. That is
  // more than an owner sleeps that has something in flight.
  static constexpr Duration kOwnerAbsent = std::chrono::milliseconds(20);
  void AdaptInPlaceOfOwner(Instant now);

  // When Take may grant again, as far as time decides: budget, pace and rest. Window room comes with answers.
  Instant NextAllowed(Instant now) const;
  bool WindowFull() const;
  bool Resting(Instant now) const;
  // Whether it rests, or is being probed after a rest and has not answered.
  bool Silent(Instant now) const;

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

  // Of those in flight, what takes a place in the window, if nothing else were in flight but `in_flight`.
  uint32_t InPipe(uint32_t in_flight) const;
  void Rest(Instant now);
  void OnProbe(bool telling);
  bool TakeProbe(Instant now);

  const uint32_t max_window_;
  const double budget_rate_;  // 0: none.
  Gcra budget_;
  Gcra pace_;

  std::atomic<uint32_t> window_;
  std::atomic<uint32_t> in_flight_{0};
  // Of those in flight, held to be lost though their patience has not passed: as in RFC 6675, they take no
  // place in the window.
  std::atomic<uint32_t> written_off_{0};
  std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> answered_{0};
  std::atomic<uint64_t> lost_{0};
  std::atomic<uint64_t> pushed_back_{0};
  std::atomic<uint64_t> unreachable_{0};
  std::atomic<uint32_t> silent_losses_{0};   // Since the last answer, of telling packets.
  std::atomic<uint32_t> silent_repeats_{0};  // Of others.
  std::atomic<int64_t> last_answer_{INT64_MIN};
  std::atomic<int64_t> slowed_at_{INT64_MIN};
  std::atomic<int64_t> quickest_{INT64_MAX};  // RTT, nanoseconds, since it was last looked at.
  std::atomic<int64_t> rest_until_{0};        // 0: not resting. After it, one probe is let through at a time.
  std::atomic<int64_t> rest_{kFirstRest.count()};
  std::atomic<bool> rested_{false};      // A rest has ended since the last Adapt.
  std::atomic<bool> local_loss_{false};  // OnLocalLoss since the last Adapt.
  std::atomic<int64_t> owner_adapted_{INT64_MIN};
  SendEpochs telling_;
  SendEpochs repeated_;
  std::atomic_flag adapting_;

  // ---- Of the thread that has set adapting_: server_pace_adapt.cc ----
  // One kind of trouble: losses, or answers that push back.
  struct Trouble {
    double usual = 0;    // Share of all packets that does not depend on the speed.
    double slowed = -1;  // The share that was the reason for the last slow-down; -1: not a reason, or proved.
    double delivered = 0;  // Clean answers per second at that time.
    uint32_t in_vain = 0;  // Slow-downs in a row that left the share as it was.
  };
  // What became of what was sent from `begin` on.
  struct Stretch {
    explicit Stretch(Instant beginning = Instant{}) : begin(beginning) {}

    Instant begin;
    SendEpochs::Counts telling;
    SendEpochs::Counts repeated;
    uint64_t late = 0;  // Answers to telling packets of earlier stretches, which were held to be lost.
    uint64_t late_repeated = 0;
    // After the first epoch in which something was lost: the server's bucket was empty.
    Instant limited_from = Instant::max();
    SendEpochs::Counts limited;
  };

  static bool IsTroubled(const Trouble& trouble, uint64_t packets, uint64_t sent, double threshold);
  static void Learn(Trouble& trouble, double share, double delivered, double seconds);
  void TryToAdapt(Instant now);
  void Follow(Instant now);
  void Begin(Instant now);
  void JudgeFrom(Instant now);
  Duration Feedback() const;
  bool Stalled(Instant now) const;
  void OnStall(Instant now);
  bool StallIsOver();
  bool StandsStill(Instant now) const;
  bool Searching() const;
  bool VaguelyHigh() const;
  bool EnoughToJudge() const;
  void GrowWindow();
  void ShrinkWindow();
  void Judge(Instant now);
  void TakeEpoch(int64_t epoch);
  double LimitSeen(const Stretch& stretch) const;
  void WriteOff(uint64_t lost, uint64_t sent);
  void Redeem(uint64_t late);
  void SlowDown(Instant now, double delivered_per_second, double limit_seen);
  void SpeedUp(Instant now, double delivered_per_second, double seconds);
  void Resume(Instant now);
  void StartAfresh(Instant now);
  void SetPace(double packets_per_second);

  Instant adapted_{Instant::min()};
  Instant ripe_{Instant::min()};  // What was sent before this has had its time to be answered.
  Stretch stretch_;
  Instant bottom_{};              // When the limit was last felt; the beginning, when it never was.
  uint64_t clean_at_bottom_ = 0;  // Clean answers until then.
  uint64_t answered_at_growth_ = 0;
  Trouble losses_;
  Trouble push_backs_;
  int64_t base_rtt_ = INT64_MAX;  // Nanoseconds, lowest ever seen.
  double mean_rtt_ = 0;           // Nanoseconds, of late.
  double pace_rate_ = 0;          // Packets per second; 0: the pace does not bind.
  uint32_t troubles_ = 0;         // Before the limit was known.
  uint32_t stalled_ = 0;  // In flight when a stall was taken for a limit; 0: none was, or it is settled.
  uint64_t stalled_answered_ = 0;  // Of those, since then.
  double first_clean_ = 0;         // Clean answers until the first trouble,
  double first_seconds_ = 0;       // and how long they took.
  Instant spared_until_{};         // No stall counts before.
  double limit_ = 0;               // What the server was last seen to bear, packets per second; 0: not known.
  double growth_ = 0;              // Of the pace, in the next step.
};

}  // namespace scanner

#endif  // SCANNER_CORE_SERVER_PACE_H_
