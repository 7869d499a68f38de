#include "scanner/core/server_pace.h"

#include <algorithm>

namespace scanner {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

constexpr Duration kLimitingMemory = std::chrono::seconds(3);

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

uint32_t ServerPace::InPipe(uint32_t in_flight) const {
  return in_flight - std::min(in_flight, written_off_.load(kRelaxed));
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
  const uint32_t in_pipe = InPipe(before);
  const uint32_t room = in_pipe >= window || before >= max_window_
                            ? 0
                            : std::min({wanted, window - in_pipe, max_window_ - before});
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

void ServerPace::OnAnswer(Instant now, Duration rtt, bool telling, bool pushed_back, uint32_t packets) {
  answered_.fetch_add(packets, kRelaxed);
  if (pushed_back) pushed_back_.fetch_add(packets, kRelaxed);
  (telling ? telling_ : repeated_).Answered(now - rtt, rtt, pushed_back, packets);
  last_answer_.store(Count(now), kRelaxed);
  if (silent_losses_.load(kRelaxed) != 0) silent_losses_.store(0, kRelaxed);
  if (silent_repeats_.load(kRelaxed) != 0) silent_repeats_.store(0, kRelaxed);
  if (rest_until_.load(kRelaxed) != 0) {
    rest_until_.store(0, kRelaxed);
    rest_.store(kFirstRest.count(), kRelaxed);
    rested_.store(true, kRelaxed);
  }
  int64_t quickest = quickest_.load(kRelaxed);
  while (rtt.count() < quickest && !quickest_.compare_exchange_weak(quickest, rtt.count(), kRelaxed)) {
  }
}

void ServerPace::OnLoss(Instant now, bool telling) {
  lost_.fetch_add(1, kRelaxed);
  if (uint32_t off = written_off_.load(kRelaxed); off != 0)
    written_off_.compare_exchange_strong(off, off - 1, kRelaxed);
  if (rest_until_.load(kRelaxed) != 0) return;
  // The questions that are left at the end of a sweep may be those that are never answered: it takes many of
  // them to tell of the server.
  constexpr uint32_t kSilentLosses = 8;
  constexpr uint32_t kSilentRepeats = 256;
  const uint32_t silent = (telling ? silent_losses_ : silent_repeats_).fetch_add(1, kRelaxed) + 1;
  const int64_t last = last_answer_.load(kRelaxed);
  if (silent >= (telling ? kSilentLosses : kSilentRepeats) &&
      (last == INT64_MIN || Count(now) - last > kFirstRest.count()))
    Rest(now);
}

void ServerPace::OnUnreachable(Instant now) {
  unreachable_.fetch_add(1, kRelaxed);
  if (rest_until_.load(kRelaxed) == 0) {
    Rest(now);
  } else {
    rest_.store(std::min(rest_.load(kRelaxed) * 2, kLongestRest.count()), kRelaxed);
  }
}

// Unless this probe is answered, the one after the next comes later. A question that is never answered may be
// what it asks.
void ServerPace::OnProbe(bool telling) {
  constexpr Duration kLongestForRetries = std::chrono::seconds(4);
  const Duration longest = telling ? kLongestRest : kLongestForRetries;
  const int64_t rest = rest_.load(kRelaxed);
  rest_.store(std::max(rest, std::min(rest * 2, longest.count())), kRelaxed);
}

void ServerPace::Rest(Instant now) {
  rest_.store(kFirstRest.count(), kRelaxed);
  rest_until_.store(Count(now) + kFirstRest.count(), kRelaxed);
  window_.store(std::min(kInitialWindow, max_window_), kRelaxed);
}

void ServerPace::Adapt(Instant now) {
  owner_adapted_.store(Count(now), kRelaxed);
  TryToAdapt(now);
}

void ServerPace::AdaptInPlaceOfOwner(Instant now) {
  if (owner_adapted_.load(kRelaxed) < Count(now - kOwnerAbsent)) TryToAdapt(now);
}

// Threads read the clock one after another, and come here in any order.
void ServerPace::TryToAdapt(Instant now) {
  if (adapting_.test_and_set(std::memory_order_acquire)) return;
  if (now >= adapted_) {
    adapted_ = now;
    Follow(now);
  }
  adapting_.clear(std::memory_order_release);
}

Instant ServerPace::NextAllowed(Instant now) const {
  const int64_t rest = rest_until_.load(kRelaxed);
  const Instant rested = rest == 0 ? now : std::max(now, Instant(Duration(rest)));
  return std::max({rested, budget_.NextAllowed(now), pace_.NextAllowed(now)});
}

bool ServerPace::WindowFull() const {
  const uint32_t in_flight = in_flight_.load(kRelaxed);
  return rest_until_.load(kRelaxed) == 0 &&
         (in_flight >= max_window_ || InPipe(in_flight) >= window_.load(kRelaxed));
}

bool ServerPace::Resting(Instant now) const { return rest_until_.load(kRelaxed) > Count(now); }

bool ServerPace::Silent(Instant /*now*/) const { return rest_until_.load(kRelaxed) != 0; }

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
