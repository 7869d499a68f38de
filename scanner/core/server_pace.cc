#include "scanner/core/server_pace.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace scanner {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// An evaluation needs this many outcomes, or this much time and at least kFewOutcomes.
constexpr uint64_t kEnoughOutcomes = 100;
constexpr uint64_t kFewOutcomes = 1;
constexpr Duration kLongEvaluation = std::chrono::milliseconds(500);

// Shares above these and twice the usual, and more than kAccidents, mean a limit. A path that loses 2% stays
// below, and so does a range of addresses of which a tenth is delegated to servers that fail.
constexpr double kLossShare = 0.05;
constexpr double kPushBackShare = 0.25;
constexpr uint64_t kAccidents = 3;

constexpr double kMemorySeconds = 1;      // Of what happened lately.
constexpr double kPeakSeconds = 2;        // Of the most that was delivered.
constexpr double kUsualSeconds = 60;      // Of what is usual.
constexpr double kFeedbackSeconds = 0.2;  // A short patience: what a faster pace does shows no sooner.

// A slow-down was in vain when this much of the trouble stays; so many in a row prove that it is not the
// speed.
constexpr double kAsBefore = 0.7;
constexpr uint32_t kProof = 3;

constexpr Duration kLimitingMemory = std::chrono::seconds(3);
constexpr Duration kStandingQueue = std::chrono::milliseconds(50);

int64_t Count(Instant instant) { return instant.time_since_epoch().count(); }

}  // namespace

ServerPace::ServerPace(const Limits& limits)
    : max_window_(std::max(1U, limits.max_window)),
      budget_rate_(limits.budget.packets_per_second),
      budget_(limits.budget),
      pace_(Gcra::Limits{}),
      window_(std::min(kInitialWindow, max_window_)) {}

bool ServerPace::TakeProbe(Instant now) {
  int64_t until = rest_until_.load(kRelaxed);
  if (until == 0 || until > Count(now)) return false;
  const int64_t rest = rest_.load(kRelaxed);
  return rest_until_.compare_exchange_strong(until, Count(now) + rest, kRelaxed);
}

uint32_t ServerPace::Take(Instant now, uint32_t wanted, Permit* permit) {
  Permit own;
  if (permit == nullptr) permit = &own;
  const bool resting = rest_until_.load(kRelaxed) != 0;
  if (resting) {
    if (rest_until_.load(kRelaxed) > Count(now) || budget_.Take(now, 1, &permit->budget) == 0) return 0;
    if (!TakeProbe(now)) {
      budget_.GiveBack(1, permit->budget);
      return 0;
    }
    in_flight_.fetch_add(1, kRelaxed);
    sent_.fetch_add(1, kRelaxed);
    return 1;
  }
  const uint32_t window = window_.load(kRelaxed);
  const uint32_t before = in_flight_.fetch_add(wanted, kRelaxed);
  const uint32_t room = before >= window ? 0 : std::min(wanted, window - before);
  uint32_t granted = room == 0 ? 0 : budget_.Take(now, room, &permit->budget);
  if (granted != 0 && !pace_.unlimited()) {
    const uint32_t paced = pace_.Take(now, granted, &permit->pace);
    budget_.GiveBack(granted - paced, permit->budget);
    granted = paced;
  }
  if (granted != wanted) in_flight_.fetch_sub(wanted - granted, kRelaxed);
  sent_.fetch_add(granted, kRelaxed);
  return granted;
}

void ServerPace::GiveBack(uint32_t unused, Permit& permit) {
  if (unused == 0) return;
  in_flight_.fetch_sub(unused, kRelaxed);
  sent_.fetch_sub(unused, kRelaxed);
  budget_.GiveBack(unused, permit.budget);
  pace_.GiveBack(unused, permit.pace);
}

void ServerPace::OnAnswer(Instant now, Duration rtt, bool first, bool pushed_back) {
  answered_.fetch_add(1, kRelaxed);
  if (pushed_back) {
    pushed_back_.fetch_add(1, kRelaxed);
    if (first && Count(now) - rtt.count() > slowed_at_.load(kRelaxed))
      first_pushed_back_.fetch_add(1, kRelaxed);
  }
  last_answer_.store(Count(now), kRelaxed);
  if (silent_losses_.load(kRelaxed) != 0) silent_losses_.store(0, kRelaxed);
  if (rest_until_.load(kRelaxed) != 0) {
    rest_until_.store(0, kRelaxed);
    rest_.store(kFirstRest.count(), kRelaxed);
    rested_.store(true, kRelaxed);
  }
  int64_t quickest = quickest_.load(kRelaxed);
  while (rtt.count() < quickest && !quickest_.compare_exchange_weak(quickest, rtt.count(), kRelaxed)) {
  }
}

void ServerPace::OnLoss(Instant now, Instant sent_at, bool first) {
  lost_.fetch_add(1, kRelaxed);
  if (rest_until_.load(kRelaxed) != 0) {
    // A probe was lost: the next one comes later. A question that is never answered may have been the probe.
    constexpr Duration kLongestForRetries = std::chrono::seconds(4);
    const Duration longest = first ? kLongestRest : kLongestForRetries;
    const int64_t rest = rest_.load(kRelaxed);
    rest_.store(std::max(rest, std::min(rest * 2, longest.count())), kRelaxed);
    return;
  }
  // Such a question is lost again and again: only first packets tell of the server.
  if (!first) return;
  if (Count(sent_at) > slowed_at_.load(kRelaxed)) recent_losses_.fetch_add(1, kRelaxed);
  const int64_t delay = (now - sent_at).count();
  if (delay > loss_delay_.load(kRelaxed)) loss_delay_.store(delay, kRelaxed);
  constexpr uint32_t kSilentLosses = 8;
  const uint32_t silent = silent_losses_.fetch_add(1, kRelaxed) + 1;
  const int64_t last = last_answer_.load(kRelaxed);
  if (silent >= kSilentLosses && (last == INT64_MIN || Count(now) - last > kFirstRest.count())) Rest(now);
}

void ServerPace::OnUnreachable(Instant now) {
  unreachable_.fetch_add(1, kRelaxed);
  if (rest_until_.load(kRelaxed) == 0) {
    Rest(now);
  } else {
    rest_.store(std::min(rest_.load(kRelaxed) * 2, kLongestRest.count()), kRelaxed);
  }
}

void ServerPace::Rest(Instant now) {
  rest_.store(kFirstRest.count(), kRelaxed);
  rest_until_.store(Count(now) + kFirstRest.count(), kRelaxed);
  window_.store(std::min(kInitialWindow, max_window_), kRelaxed);
}

ServerPace::Outcomes ServerPace::Totals() const {
  return {.answered = answered_.load(kRelaxed),
          .lost = recent_losses_.load(kRelaxed),
          .first_pushed_back = first_pushed_back_.load(kRelaxed),
          .pushed_back = pushed_back_.load(kRelaxed)};
}

bool ServerPace::IsTroubled(const Trouble& trouble, uint64_t fresh, double share, double threshold) {
  return fresh > kAccidents && share > threshold + 1.5 * trouble.usual;
}

void ServerPace::Learn(Trouble& trouble, double share, double seconds) {
  const double before = std::exchange(trouble.slowed, -1);
  if (before >= 0) {
    trouble.in_vain = share > kAsBefore * before ? trouble.in_vain + 1 : 0;
    if (trouble.in_vain >= kProof) {
      trouble.usual = std::max(trouble.usual, share);
      trouble.in_vain = 0;
    }
  }
  // What was usual once is forgotten when it is no more.
  const double forgotten = 1 - std::exp(-seconds / kUsualSeconds);
  trouble.usual += (std::min(share, trouble.usual) - trouble.usual) * forgotten;
}

void ServerPace::Adapt(Instant now) {
  if (evaluated_at_ == Instant::min()) evaluated_at_ = now;
  // Silence says nothing of how much a server bears.
  if (rested_.load(kRelaxed) && rested_.exchange(false, kRelaxed)) StartAfresh();
  const Duration elapsed = now - evaluated_at_;
  // After a slow-down its effect is awaited: losses show only when patience is over.
  const int64_t slowed = slowed_at_.load(kRelaxed);
  const int64_t effect = loss_delay_.load(kRelaxed) * 5 / 4;
  if (elapsed < kAdaptInterval || (slowed != INT64_MIN && Count(now) - slowed < effect)) return;
  const Outcomes totals = Totals();
  const Outcomes fresh = {.answered = totals.answered - evaluated_.answered,
                          .lost = totals.lost - evaluated_.lost,
                          .first_pushed_back = totals.first_pushed_back - evaluated_.first_pushed_back,
                          .pushed_back = totals.pushed_back - evaluated_.pushed_back};
  const uint64_t outcomes = fresh.answered + fresh.lost;
  if (outcomes < kEnoughOutcomes && (outcomes < kFewOutcomes || elapsed < kLongEvaluation)) return;
  evaluated_at_ = now;
  evaluated_ = totals;

  const double seconds = std::chrono::duration<double>(elapsed).count();
  const double delivered =
      static_cast<double>(fresh.answered - std::min(fresh.answered, fresh.pushed_back)) / seconds;
  peak_delivered_ = std::max(delivered, std::exp(-seconds / kPeakSeconds) * peak_delivered_);
  // Losses come a patience later than answers: they are held against what was answered in the time before,
  // too.
  const double kept = std::exp(-seconds / kMemorySeconds);
  answered_lately_ = kept * answered_lately_ + static_cast<double>(fresh.answered);
  losses_.lately = kept * losses_.lately + static_cast<double>(fresh.lost);
  push_backs_.lately = kept * push_backs_.lately + static_cast<double>(fresh.first_pushed_back);
  const double all = answered_lately_ + losses_.lately;
  const double loss_share = losses_.lately / all;
  const double push_back_share = push_backs_.lately / all;
  Learn(losses_, loss_share, seconds);
  Learn(push_backs_, push_back_share, seconds);
  const bool losing = IsTroubled(losses_, fresh.lost, loss_share, kLossShare);
  const bool pushing = IsTroubled(push_backs_, fresh.first_pushed_back, push_back_share, kPushBackShare);
  const int64_t quickest = quickest_.exchange(INT64_MAX, kRelaxed);
  base_rtt_ = std::min(base_rtt_, quickest);
  if (losing || pushing) {
    losses_.slowed = losing ? loss_share : -1;
    push_backs_.slowed = pushing ? push_back_share : -1;
    SlowDown(now, delivered);
  } else if (quickest != INT64_MAX && quickest > 4 * base_rtt_ + kStandingQueue.count()) {
    constexpr uint32_t kLeastForDelay = kInitialWindow;
    const uint32_t window = window_.load(kRelaxed);
    if (window > kLeastForDelay) window_.store(std::max(kLeastForDelay, window - window / 5), kRelaxed);
  } else {
    SpeedUp(fresh.answered, seconds);
  }
}

void ServerPace::SlowDown(Instant now, double delivered_per_second) {
  constexpr double kSlowest = 1.0;
  slowed_at_.store(Count(now), kRelaxed);
  answered_lately_ = losses_.lately = push_backs_.lately = 0;
  // A stall delivers nothing and says little about the limit: half of what went through lately is kept.
  const double bearable = std::max(delivered_per_second, peak_delivered_ / 2);
  failed_rate_ = pace_rate_ > 0 ? std::min(pace_rate_, 2 * bearable) : bearable;
  SetPace(std::max(kSlowest, 0.9 * (pace_rate_ > 0 ? std::min(pace_rate_, bearable) : bearable)));
  const uint32_t window = window_.load(kRelaxed);
  window_.store(std::max(kMinWindow, window - window / 3), kRelaxed);
}

void ServerPace::SpeedUp(uint64_t answered, double seconds) {
  const uint32_t window = window_.load(kRelaxed);
  // A window that was not used says nothing about a larger one.
  if (in_flight_.load(kRelaxed) * 2 >= window) {
    const bool cautious = slowed_at_.load(kRelaxed) != INT64_MIN;
    const uint64_t growth = cautious ? std::max<uint64_t>(1, window / 8) : std::max<uint64_t>(answered, 1);
    window_.store(static_cast<uint32_t>(std::min<uint64_t>(max_window_, window + growth)), kRelaxed);
  }
  if (pace_rate_ > 0) {
    // Quickly back to where it went wrong, then carefully beyond.
    const double growth = pace_rate_ < 0.9 * failed_rate_ ? 0.25 : 0.05;
    const double step = 1 + growth * std::min(2.0, seconds / kFeedbackSeconds);
    // Far above what is answered, the pace binds nothing any more.
    SetPace(pace_rate_ > 4 * static_cast<double>(answered) / seconds + 1000 ? 0 : pace_rate_ * step);
  }
}

void ServerPace::StartAfresh() {
  slowed_at_.store(INT64_MIN, kRelaxed);
  evaluated_ = Totals();
  answered_lately_ = 0;
  losses_ = {};
  push_backs_ = {};
  failed_rate_ = 0;
  peak_delivered_ = 0;
  SetPace(0);
}

void ServerPace::SetPace(double packets_per_second) {
  // Pacing above the budget would only cost a second look.
  if (budget_rate_ > 0 && packets_per_second >= budget_rate_) packets_per_second = 0;
  pace_rate_ = packets_per_second;
  constexpr double kBurstSeconds = 0.002;
  pace_.SetLimits(
      {.packets_per_second = packets_per_second,
       .burst = static_cast<uint32_t>(std::clamp(packets_per_second * kBurstSeconds, 1.0, 64.0))});
}

Instant ServerPace::NextAllowed(Instant now) const {
  const int64_t rest = rest_until_.load(kRelaxed);
  const Instant rested = rest == 0 ? now : std::max(now, Instant(Duration(rest)));
  return std::max({rested, budget_.NextAllowed(now), pace_.NextAllowed(now)});
}

bool ServerPace::WindowFull() const {
  return rest_until_.load(kRelaxed) == 0 && in_flight_.load(kRelaxed) >= window_.load(kRelaxed);
}

bool ServerPace::Resting(Instant now) const { return rest_until_.load(kRelaxed) > Count(now); }

bool ServerPace::Limiting(Instant now) const {
  const int64_t slowed = slowed_at_.load(kRelaxed);
  return slowed != INT64_MIN && Count(now) - slowed < kLimitingMemory.count();
}

ServerPace::Counts ServerPace::counts() const {
  return {.sent = sent_.load(kRelaxed),
          .answered = answered_.load(kRelaxed),
          .lost = lost_.load(kRelaxed),
          .pushed_back = pushed_back_.load(kRelaxed),
          .unreachable = unreachable_.load(kRelaxed)};
}

}  // namespace scanner
