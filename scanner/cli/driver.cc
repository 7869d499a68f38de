#include "scanner/cli/driver.h"

#include <sys/random.h>

#include <algorithm>
#include <cassert>

#include "netio/clock.h"

namespace scanner {
namespace {

constexpr size_t kRowCredit = size_t{8} << 20;
constexpr Duration kTick = std::chrono::milliseconds(250);

// Over all engines, so that memory does not grow with their number; more only where one window has more.
constexpr uint32_t kTargetsInProgress = 16'384;
constexpr uint32_t kLeastTargetsOfEngine = 1'024;

// Four windows, since some wait for a slow answer or a forward lookup; no more than one engine may come to
// claim.
uint32_t TargetsOfEngine(const ScanPlan& plan, uint64_t targets) {
  const uint32_t window = plan.policy.window;
  const uint32_t most = std::max({kLeastTargetsOfEngine, kTargetsInProgress / plan.engines, window});
  const uint64_t wanted = std::min<uint64_t>(uint64_t{4} * window, targets);
  return static_cast<uint32_t>(std::clamp<uint64_t>(wanted, kLeastTargetsOfEngine, most));
}

// Unpredictable: ids, ports and cookies come from it.
uint64_t RandomSeed() {
  uint64_t seed = 0;
  const ssize_t got = getrandom(&seed, sizeof(seed), 0);
  assert(got == sizeof(seed));
  return seed;
}

int64_t MicrosToEpoch() {
  const auto monotonic =
      std::chrono::duration_cast<std::chrono::microseconds>(netio::MonotonicNow().time_since_epoch());
  return netio::WallClockMicros() - monotonic.count();
}

// A packet leaves a little after the engine has said so, the one before it perhaps later still. A hundredth
// below the budget keeps what the kernel sends in any second within it though a thread is held up for 10 ms.
Gcra::Limits WithMargin(Gcra::Limits limits) {
  constexpr double kKept = 0.99;
  limits.packets_per_second *= kKept;
  return limits;
}

}  // namespace

Driver::Driver(const ScanPlan& plan, BlockCursor& cursor)
    : cursor_(cursor),
      max_runtime_(plan.max_runtime),
      budget_(plan.max_targets ? plan.max_targets->Of(cursor.shard_targets()) : TargetBudget::kUnlimited),
      servers_(WithMargin(plan.total)),
      rows_(kRowCredit) {
  for (const PlannedServer& server : plan.servers) {
    servers_.Add(server.endpoint,
                 {.budget = WithMargin(server.limits.budget), .max_window = server.limits.max_window});
  }
}

absl::StatusOr<std::unique_ptr<Driver>> Driver::Open(const ScanPlan& plan, BlockCursor& cursor) {
  std::unique_ptr<Driver> driver(new Driver(plan, cursor));
  if (absl::Status status = driver->OpenEngines(plan); !status.ok()) return status;
  return driver;
}

absl::Status Driver::OpenEngines(const ScanPlan& plan) {
  EngineThread::Options options{.engine = {.policy = plan.policy, .local_ports = {}},
                                .io = plan.io,
                                .sockets = plan.sockets,
                                .transport = plan.transport};
  options.engine.forward = plan.forward;
  options.engine.engines = plan.engines;
  options.engine.wall_clock = MicrosToEpoch();
  options.engine.max_targets = TargetsOfEngine(plan, cursor_.shard_targets());
  if (plan.mode == Mode::kAuthoritative) {
    options.engine.iteration = {.roots = plan.root_servers,
                                .port = plan.dns_port,
                                .limits = {.budget = WithMargin(plan.server_limits.budget),
                                           .max_window = plan.server_limits.max_window},
                                .ipv4 = plan.sockets.ipv4_ports != 0,
                                .ipv6 = plan.sockets.ipv6_ports != 0};
  }
  const Engine::Shared shared{.cursor = cursor_, .budget = budget_, .servers = servers_, .rows = rows_};
  for (uint32_t i = 0; i < plan.engines; ++i) {
    options.engine.engine = i;
    options.engine.seed = RandomSeed();
    absl::StatusOr<std::unique_ptr<EngineThread>> engine =
        EngineThread::Open(options, shared, stop_, events_, &notice_);
    if (!engine.ok()) return engine.status();
    engines_.push_back(*std::move(engine));
  }
  return absl::OkStatus();
}

SweepEnd Driver::Run(const SinkThread& sink, const std::function<void(const SweepSnapshot&)>& tick) {
  started_ = netio::MonotonicNow();
  for (const std::unique_ptr<EngineThread>& engine : engines_) engine->Start();
  for (netio::Instant next_tick = started_; !AllEnded();) {
    const int signals = events_.Wait(kTick);
    const netio::Instant now = netio::MonotonicNow();
    for (int i = 0; i < signals; ++i) End(SweepEnd::kInterrupted, Stop::kFinish, now);
    if (max_runtime_ && now - started_ >= *max_runtime_ && !why_) {
      End(SweepEnd::kMaxRuntime, Stop::kFinish, now);
    }
    if (sink.failed()) End(SweepEnd::kWriteFailed, Stop::kAbandon, now);
    CheckServers(now);
    if (now >= abandon_at_) stop_ = Stop::kAbandon;
    if (now >= next_tick) {
      tick(Snapshot(sink));
      next_tick = now + kTick;
    }
  }
  for (const std::unique_ptr<EngineThread>& engine : engines_) engine->Join();
  rows_.Close();
  ended_ = netio::MonotonicNow();
  if (Complete(sink)) return SweepEnd::kComplete;
  return why_.value_or(SweepEnd::kMaxTargets);
}

// The second reason to end leaves no time to finish.
void Driver::End(SweepEnd why, Stop how, netio::Instant now) {
  if (why_ || how == Stop::kAbandon) {
    stop_ = Stop::kAbandon;
  } else {
    stop_ = Stop::kFinish;
    abandon_at_ = now + kFinishTime;
  }
  if (!why_) why_ = why;
}

void Driver::CheckServers(netio::Instant now) {
  uint64_t sent = 0;
  for (const std::unique_ptr<EngineThread>& engine : engines_) {
    const EngineThread::Report report = engine->report();
    if (report.nobody_answers) End(SweepEnd::kNobodyAnswers, Stop::kAbandon, now);
    sent += report.engine.packets_sent;
  }
  netio::Instant last_answer = netio::Instant::min();
  for (uint32_t i = 0; i < servers_.size(); ++i) {
    last_answer = std::max(last_answer, servers_.pace(ServerIndex{i}).last_answer());
  }
  if (last_answer != last_answer_) {
    last_answer_ = last_answer;
    sent_at_answer_ = sent;
    unanswered_since_.reset();
  } else if (!unanswered_since_ && sent > sent_at_answer_) {
    // A sink that is slow keeps the engines from asking; that is nobody's silence.
    unanswered_since_ = now;
  }
  if (unanswered_since_ && now - *unanswered_since_ >= kSilence) End(SweepEnd::kSilence, Stop::kAbandon, now);
}

bool Driver::AllEnded() const {
  return std::all_of(engines_.begin(), engines_.end(),
                     [](const std::unique_ptr<EngineThread>& engine) { return engine->report().ended; });
}

bool Driver::Complete(const SinkThread& sink) const {
  uint64_t claimed = 0;
  for (const std::unique_ptr<EngineThread>& engine : engines_) {
    if (engine->engine().targets_in_progress() != 0) return false;
    claimed += engine->engine().stats().targets_claimed;
  }
  return claimed == cursor_.targets_to_give() && !sink.failed();
}

SweepSnapshot Driver::Snapshot(const SinkThread& sink) const {
  SweepSnapshot snapshot = EngineSnapshot();
  snapshot.counts = sink.counts();
  snapshot.elapsed = ended_.value_or(netio::MonotonicNow()) - started_;
  return snapshot;
}

SweepSnapshot Driver::EngineSnapshot() const {
  SweepSnapshot snapshot;
  for (const std::unique_ptr<EngineThread>& engine : engines_) {
    const EngineThread::Report report = engine->report();
    Add(report.engine, snapshot.engines);
    Add(report.transport, snapshot.transport);
    snapshot.targets_in_progress += report.targets_in_progress;
    snapshot.in_flight += report.in_flight;
  }
  for (uint32_t i = 0; i < servers_.size(); ++i) snapshot.window += servers_.pace(ServerIndex{i}).window();
  return snapshot;
}

std::optional<int64_t> Driver::RttOf(ServerIndex server) const {
  int64_t sum = 0;
  int64_t estimates = 0;
  for (const std::unique_ptr<EngineThread>& engine : engines_) {
    const Peer* peer = engine->engine().lookups().peer(server);
    const Duration rtt = peer == nullptr ? Duration::zero() : peer->rtt.smoothed();
    if (rtt == Duration::zero()) continue;
    sum += std::chrono::duration_cast<std::chrono::microseconds>(rtt).count();
    ++estimates;
  }
  if (estimates == 0) return std::nullopt;
  return sum / estimates;
}

}  // namespace scanner
