// How the window and the pace of a server follow what comes back.
#include <algorithm>
#include <cmath>
#include <utility>

#include "scanner/core/server_pace.h"

namespace scanner {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// Shares above these and the usual ones mean a limit. A path that loses 2% stays below, and so does a range
// of addresses of which a tenth is delegated to servers that fail. Where there is a limit, half of that is
// enough.
constexpr double kLossShare = 0.05;
constexpr double kPushBackShare = 0.25;
constexpr uint64_t kAccidents = 3;

// A stretch is judged when it has so many packets, or is so long and has any. While a limit is searched the
// trouble is large when it comes, and few are enough.
constexpr uint64_t kEnoughPackets = 256;
constexpr uint64_t kEnoughInSearch = 64;
constexpr uint64_t kFewInSearch = 8;
constexpr Duration kLongInSearch = std::chrono::milliseconds(96);
constexpr Duration kLongStretch = std::chrono::milliseconds(500);
constexpr Duration kLongestStretch = std::chrono::seconds(3);

// A packet is held to be lost when it is not answered in four times the time that answers take, within these.
constexpr double kFeedbackRtts = 4;
constexpr Duration kShortestFeedback = std::chrono::milliseconds(24);
constexpr Duration kLongestFeedback = std::chrono::milliseconds(900);

// While nothing is known of a limit the window grows by one in so many answers: what is in flight when the
// limit shows itself is lost, and that is this share of all that was answered before.
constexpr uint64_t kAnswersPerGrowth = 16;
constexpr Duration kStandingQueue = std::chrono::milliseconds(50);

// Steps of the pace: while the limit is searched, larger ones where few packets are at stake; near the limit,
// in a tenth of a second; and where nothing is lost far above it.
constexpr double kSearchGrowth = 0.3;
constexpr double kFewPerSecond = 500;
constexpr double kCarefulGrowth = 0.01;
constexpr double kBoldestGrowth = 1.0;
constexpr double kNearLimit = 1.05;
constexpr double kBelowLimit = 0.95;
constexpr double kSlowest = 1.0;

// What is seen of a limit counts when so much of the pace was sent, and so much of that was answered.
constexpr double kSteady = 0.6;
constexpr double kLeastClean = 0.35;

// A slow-down was in vain when this much of the trouble stays although less was delivered; so many in a row
// prove that it is not the speed.
constexpr double kAsBefore = 0.7;
constexpr double kDeliveredLess = 0.85;
constexpr uint32_t kProof = 3;
constexpr double kUsualSeconds = 60;  // Memory of what is usual.

int64_t Count(Instant instant) { return instant.time_since_epoch().count(); }
double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }
uint64_t Without(uint64_t sent, uint64_t answered) { return sent - std::min(sent, answered); }

}  // namespace

// Twice the deviation of a count keeps chance out.
bool ServerPace::IsTroubled(const Trouble& trouble, uint64_t packets, uint64_t sent, double threshold) {
  const double usual = (threshold + 1.5 * trouble.usual) * static_cast<double>(sent);
  return packets > kAccidents && static_cast<double>(packets) > usual + 2 * std::sqrt(usual);
}

// What slowing down has shown: a limit delivers what it did before; a share that stays though less is
// delivered, time after time, does not come from the speed.
void ServerPace::Learn(Trouble& trouble, double share, double delivered, double seconds) {
  const double before = std::exchange(trouble.slowed, -1);
  if (before >= 0) {
    const bool in_vain = share > kAsBefore * before && delivered <= kDeliveredLess * trouble.delivered;
    trouble.in_vain = in_vain ? trouble.in_vain + 1 : 0;
    if (trouble.in_vain >= kProof) {
      trouble.usual = std::max(trouble.usual, share);
      trouble.in_vain = 0;
    }
  }
  // What was usual once is forgotten when it is no more.
  const double forgotten = 1 - std::exp(-seconds / kUsualSeconds);
  trouble.usual += (std::min(share, trouble.usual) - trouble.usual) * forgotten;
}

Duration ServerPace::Feedback() const {
  return std::clamp(Duration(static_cast<int64_t>(kFeedbackRtts * mean_rtt_)), kShortestFeedback,
                    kLongestFeedback);
}

void ServerPace::Begin(Instant now) {
  const int64_t epoch = SendEpochs::EpochOf(now);
  ripe_ = SendEpochs::Begin(epoch);
  stretch_ = Stretch(ripe_);
  telling_.Void(epoch);
  repeated_.Void(epoch);
  bottom_ = now;
}

// What was sent before now went out at another pace: it is not judged any more.
void ServerPace::JudgeFrom(Instant now) {
  const int64_t epoch = SendEpochs::EpochOf(now) + 1;
  telling_.Void(epoch);
  repeated_.Void(epoch);
  ripe_ = SendEpochs::Begin(epoch);
  stretch_ = Stretch(ripe_);
}

// A full window, and nothing comes back any more: that is seen sooner than a share of all that went before.
bool ServerPace::Stalled(Instant now) const {
  if (slowed_at_.load(kRelaxed) != INT64_MIN) return false;
  const int64_t last = last_answer_.load(kRelaxed);
  constexpr uint32_t kLeast = 8;
  return last != INT64_MIN && Count(now) - last > Feedback().count() &&
         in_flight_.load(kRelaxed) >= std::max(kLeast, window_.load(kRelaxed) / 2);
}

void ServerPace::OnStall(Instant now) {
  const uint32_t in_flight = in_flight_.load(kRelaxed);
  written_off_.store(in_flight, kRelaxed);
  SlowDown(now, 0, 0);
  StallIsOver();  // Answers of before do not count.
  stalled_ = in_flight;
  stalled_answered_ = 0;
}

// What was held to be lost is answered after all: the server stood still, or a queue was long. It has shown
// no limit (as RFC 4015 takes a slow-down back that a spurious timeout caused).
bool ServerPace::StallIsOver() {
  stalled_answered_ += telling_.TakeVoided() + repeated_.TakeVoided();
  return stalled_ != 0 && 2 * stalled_answered_ > stalled_;
}

// Nothing at all has come back for a while. Whether that is loss or a delay shows when it ends.
bool ServerPace::StandsStill(Instant now) const {
  constexpr double kAnswersMissed = 8;
  constexpr Duration kShortest = std::chrono::milliseconds(12);
  constexpr Duration kLongest = std::chrono::milliseconds(150);
  if (limit_ <= 0 || last_answer() == Instant::min()) return false;
  const Duration silent = now - last_answer();
  const Duration usual(static_cast<int64_t>(kAnswersMissed * 1e9 / std::max(limit_, kSlowest)));
  return silent > std::max(kShortest, usual) && silent < kLongest;
}

bool ServerPace::Searching() const { return limit_ == 0 || pace_rate_ > kNearLimit * limit_; }

// After the first trouble the pace is too high, and the window is what keeps the loss small.
bool ServerPace::VaguelyHigh() const { return limit_ == 0 && troubles_ == 1; }

bool ServerPace::EnoughToJudge() const {
  const uint64_t sent = stretch_.telling.sent + stretch_.repeated.sent;
  const Duration length = ripe_ - stretch_.begin;
  if (sent == 0) return false;
  if (sent >= kEnoughPackets || (length >= kLongStretch && sent >= kEnoughInSearch) ||
      length >= kLongestStretch)
    return true;
  return Searching() && (sent >= kEnoughInSearch || (sent >= kFewInSearch && length >= kLongInSearch));
}

void ServerPace::Follow(Instant now) {
  if (ripe_ == Instant::min()) Begin(now);
  if (rested_.load(kRelaxed) && rested_.exchange(false, kRelaxed)) Resume(now);
  if (local_loss_.load(kRelaxed) && local_loss_.exchange(false, kRelaxed)) {
    constexpr Duration kSpared = std::chrono::seconds(1);  // What was lost still fills the window.
    spared_until_ = now + kSpared;
    JudgeFrom(now);
  }
  GrowWindow();
  if (StallIsOver()) {
    // Nor is one twice as long to be taken for a limit soon.
    const auto stall = static_cast<double>(Count(now) - slowed_at_.load(kRelaxed) + Feedback().count());
    mean_rtt_ = std::max(mean_rtt_, 2 * stall / kFeedbackRtts);
    StartAfresh(now);
  }
  if (now >= spared_until_ && Stalled(now)) {
    OnStall(now);
    return;
  }
  const int64_t ripe = SendEpochs::EpochOf(now - Feedback());
  if (SendEpochs::Begin(ripe) <= ripe_) return;
  for (int64_t epoch = std::max(SendEpochs::EpochOf(ripe_), ripe - SendEpochs::kEpochs); epoch < ripe;
       ++epoch) {
    TakeEpoch(epoch);
  }
  ripe_ = SendEpochs::Begin(ripe);
  const uint64_t late = telling_.TakeLate();
  const uint64_t late_repeated = repeated_.TakeLate();
  stretch_.late += late;
  stretch_.late_repeated += late_repeated;
  Redeem(late + late_repeated);
  if (stretch_.telling.sent + stretch_.repeated.sent == 0) stretch_.begin = ripe_;
  if (EnoughToJudge() && !StandsStill(now)) Judge(now);
}

void ServerPace::TakeEpoch(int64_t epoch) {
  const SendEpochs::Counts telling = telling_.TakeUntil(epoch + 1);
  const SendEpochs::Counts repeated = repeated_.TakeUntil(epoch + 1);
  stretch_.telling += telling;
  stretch_.repeated += repeated;
  const uint64_t lost = Without(telling.sent, telling.answered) + Without(repeated.sent, repeated.answered);
  WriteOff(lost, telling.sent + repeated.sent);
  if (stretch_.limited_from != Instant::max()) {
    stretch_.limited += telling;
    stretch_.limited += repeated;
  } else if (Without(telling.sent, telling.answered) != 0) {
    stretch_.limited_from = SendEpochs::Begin(epoch + 1);  // The bucket became empty some time in this one.
  }
}

void ServerPace::WriteOff(uint64_t lost, uint64_t sent) {
  // Where the pace is far too high, what is lost is to keep its place, so that little more is.
  const bool far_too_high =
      VaguelyHigh() && static_cast<double>(lost) > (1 - kLeastClean) * static_cast<double>(sent);
  if (lost != 0 && pace_rate_ > 0 && !far_too_high)
    written_off_.fetch_add(static_cast<uint32_t>(lost), kRelaxed);
}

void ServerPace::Redeem(uint64_t late) {
  uint32_t off = written_off_.load(kRelaxed);
  const auto least = [&] {
    return std::min(off - static_cast<uint32_t>(std::min<uint64_t>(late, off)), in_flight_.load(kRelaxed));
  };
  while (least() != off && !written_off_.compare_exchange_weak(off, least(), kRelaxed)) {
  }
}

// What a server lets through while its bucket is empty is its limit, where it was sent more all the time; 0:
// it was not.
double ServerPace::LimitSeen(const Stretch& stretch) const {
  if (pace_rate_ == 0 || stretch.limited_from >= ripe_) return 0;
  const double seconds = Seconds(ripe_ - stretch.limited_from);
  const auto sent = static_cast<double>(stretch.limited.sent);
  const auto clean = static_cast<double>(stretch.limited.answered - stretch.limited.pushed_back);
  const bool steadily =
      sent >= kSteady * pace_rate_ * seconds && sent >= kFewInSearch && clean >= kLeastClean * sent;
  return steadily ? clean / seconds : 0;
}

void ServerPace::Judge(Instant now) {
  const Stretch stretch = std::exchange(stretch_, Stretch(ripe_));
  stalled_ = 0;  // What has been sent since then tells more.
  const SendEpochs::Counts& telling = stretch.telling;
  const SendEpochs::Counts& repeated = stretch.repeated;
  const double seconds = Seconds(ripe_ - stretch.begin);
  const uint64_t lost = Without(telling.sent, telling.answered + stretch.late);
  const uint64_t lost_repeated = Without(repeated.sent, repeated.answered + stretch.late_repeated);
  const uint64_t answered = telling.answered + repeated.answered;
  const double delivered =
      static_cast<double>(answered - telling.pushed_back - repeated.pushed_back) / seconds;
  if (answered != 0) {
    const double mean = static_cast<double>(telling.rtt + repeated.rtt) / static_cast<double>(answered);
    mean_rtt_ = mean_rtt_ == 0 ? mean : mean_rtt_ + (mean - mean_rtt_) / 4;
  }
  const auto sent = static_cast<double>(std::max<uint64_t>(telling.sent, 1));
  const double loss_share = static_cast<double>(lost) / sent;
  const double push_back_share = static_cast<double>(telling.pushed_back) / sent;
  Learn(losses_, loss_share, delivered, seconds);
  Learn(push_backs_, push_back_share, delivered, seconds);
  const double threshold = limit_ > 0 ? kLossShare / 2 : kLossShare;
  const bool losing = VaguelyHigh() ? lost > kAccidents : IsTroubled(losses_, lost, telling.sent, threshold);
  const bool pushing = IsTroubled(push_backs_, telling.pushed_back, telling.sent, kPushBackShare);
  const int64_t quickest = quickest_.exchange(INT64_MAX, kRelaxed);
  base_rtt_ = std::min(base_rtt_, quickest);
  // One slow-down is enough for one silence.
  const int64_t last_answer = last_answer_.load(kRelaxed);
  const bool silent = last_answer < Count(stretch.begin) && slowed_at_.load(kRelaxed) > last_answer;
  if (silent) return;
  if (losing || pushing) {
    // Before there was a pace nothing was slowed down yet.
    losses_.slowed = losing && pace_rate_ > 0 ? loss_share : -1;
    push_backs_.slowed = pushing && pace_rate_ > 0 ? push_back_share : -1;
    losses_.delivered = push_backs_.delivered = delivered;
    SlowDown(now, delivered, LimitSeen(stretch));
  } else if (quickest != INT64_MAX && quickest > 4 * base_rtt_ + kStandingQueue.count()) {
    ShrinkWindow();
  } else if (!IsTroubled(losses_, lost + lost_repeated, telling.sent + repeated.sent, threshold)) {
    SpeedUp(now, delivered, seconds);
  }
}

void ServerPace::GrowWindow() {
  if (pace_rate_ > 0 && !VaguelyHigh()) return;
  const uint64_t answered = answered_.load(kRelaxed);
  const uint64_t fresh = answered - answered_at_growth_;
  if (fresh < kAnswersPerGrowth) return;
  answered_at_growth_ = answered;
  const uint32_t window = window_.load(kRelaxed);
  // A window that was not used says nothing about a larger one.
  if (in_flight_.load(kRelaxed) * 2 < window) return;
  const uint64_t growth = std::min<uint64_t>(fresh / kAnswersPerGrowth, window);
  window_.store(static_cast<uint32_t>(std::min<uint64_t>(max_window_, window + growth)), kRelaxed);
}

void ServerPace::ShrinkWindow() {
  constexpr uint32_t kLeastForDelay = kInitialWindow;
  const uint32_t window = window_.load(kRelaxed);
  if (window > kLeastForDelay) window_.store(std::max(kLeastForDelay, window - window / 5), kRelaxed);
}

void ServerPace::SlowDown(Instant now, double delivered_per_second, double limit_seen) {
  slowed_at_.store(Count(now), kRelaxed);
  const uint64_t clean = answered_.load(kRelaxed) - pushed_back_.load(kRelaxed);
  stalled_ = 0;
  const double since = std::max(0.001, Seconds(now - bottom_));
  const double flowed = static_cast<double>(clean - clean_at_bottom_) / since;
  // Where less flowed in since the first trouble than the bucket held before it, it was never full meanwhile,
  // and what flowed is the limit.
  if (VaguelyHigh() && flowed * (since + first_seconds_) < first_clean_)
    limit_seen = std::max(limit_seen, flowed);
  if (troubles_ == 0) {
    first_clean_ = flowed * since;
    first_seconds_ = since;
  }
  bottom_ = now;
  clean_at_bottom_ = clean;
  // The first time the bucket was not empty before, and the second time it may have stood full meanwhile: too
  // much, and too little.
  constexpr uint32_t kVague = 2;
  if (limit_ == 0 && troubles_ < kVague && limit_seen == 0) {
    ++troubles_;
    growth_ = kSearchGrowth;
    const uint32_t window = window_.load(kRelaxed);
    SetPace(std::max(kSlowest, flowed));
    window_.store(std::min(window_.load(kRelaxed), std::max(kMinWindow, window - window / 3)), kRelaxed);
  } else {
    const double least = limit_ > 0 && limit_seen == 0 ? pace_rate_ / 2 : kSlowest;
    limit_ =
        std::min(pace_rate_, std::max({limit_seen > 0 ? limit_seen : delivered_per_second, flowed, least}));
    growth_ = kCarefulGrowth;
    SetPace(std::max(kSlowest, kBelowLimit * limit_));
  }
  JudgeFrom(now);
}

void ServerPace::SpeedUp(Instant now, double delivered_per_second, double seconds) {
  if (pace_rate_ == 0) return;
  // Far above what is delivered the pace does not bind, and says nothing.
  const double most = 4 * delivered_per_second + 1000;
  if (pace_rate_ > most) {
    SetPace(most);
  } else if (Searching()) {
    const double most_growth =
        limit_ > 0 ? kBoldestGrowth : std::clamp(kFewPerSecond / pace_rate_, kSearchGrowth, kBoldestGrowth);
    growth_ = std::min(most_growth, 2 * growth_);
    SetPace(pace_rate_ * (1 + growth_));
    JudgeFrom(now);  // Each step is judged by itself.
  } else {
    constexpr double kStepSeconds = 0.1;
    SetPace(pace_rate_ * (1 + kCarefulGrowth * std::min(2.0, seconds / kStepSeconds)));
    growth_ = kCarefulGrowth;
  }
}

// Silence says nothing of how much a server bears.
void ServerPace::Resume(Instant now) {
  if (limit_ == 0) {
    StartAfresh(now);
    return;
  }
  losses_ = {};
  push_backs_ = {};
  bottom_ = now;
  clean_at_bottom_ = answered_.load(kRelaxed) - pushed_back_.load(kRelaxed);
  SetPace(pace_rate_);
  JudgeFrom(now);
}

void ServerPace::StartAfresh(Instant now) {
  slowed_at_.store(INT64_MIN, kRelaxed);
  losses_ = {};
  push_backs_ = {};
  limit_ = 0;
  troubles_ = 0;
  growth_ = 0;
  stalled_ = 0;
  written_off_.store(0, kRelaxed);
  SetPace(0);
  bottom_ = now;
  clean_at_bottom_ = answered_.load(kRelaxed) - pushed_back_.load(kRelaxed);
  JudgeFrom(now);
}

void ServerPace::SetPace(double packets_per_second) {
  // Pacing above the budget would only cost a second look.
  if (budget_rate_ > 0 && packets_per_second >= budget_rate_) packets_per_second = 0;
  pace_rate_ = packets_per_second;
  if (pace_rate_ > 0) {
    // What is lost holds its place for a patience; the pace is to bind, not the window. After the first
    // trouble the pace is too high, and the window is what keeps the loss small.
    constexpr double kLostFor = 0.25;
    const double needed = pace_rate_ * (kLostFor + 2e-9 * mean_rtt_) + kMinWindow;
    const double most = VaguelyHigh() ? window_.load(kRelaxed) : max_window_;
    window_.store(static_cast<uint32_t>(std::min(most, needed)), kRelaxed);
  }
  constexpr double kSmallestBurst = 2;
  constexpr double kLargestBurst = 1024;
  constexpr double kBurstSeconds = 0.008;
  pace_.SetLimits({.packets_per_second = packets_per_second,
                   .burst = static_cast<uint32_t>(
                       std::clamp(packets_per_second * kBurstSeconds + 1, kSmallestBurst, kLargestBurst))});
}

}  // namespace scanner
