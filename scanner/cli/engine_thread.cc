#include "scanner/cli/engine_thread.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "netio/clock.h"

namespace scanner {
namespace {

// How often a thread looks whether it should stop, and says how far it is.
constexpr Duration kLookUp = std::chrono::milliseconds(100);

}  // namespace

absl::StatusOr<std::unique_ptr<EngineThread>> EngineThread::Open(const Options& options,
                                                                 const Engine::Shared& shared,
                                                                 const std::atomic<Stop>& stop,
                                                                 const DriverEvents& events,
                                                                 std::string* notice) {
  std::unique_ptr<EngineThread> result(new EngineThread(stop, events));
  absl::StatusOr<netio::SocketSet> sockets = netio::SocketSet::Open(options.sockets);
  if (!sockets.ok()) return sockets.status();
  result->sockets_.emplace(*std::move(sockets));
  absl::StatusOr<std::unique_ptr<netio::Transport>> transport =
      netio::OpenTransport(options.io, *result->sockets_, options.transport, notice);
  if (!transport.ok()) return transport.status();
  result->transport_ = *std::move(transport);
  Engine::Options engine = options.engine;
  engine.local_ports = {.ipv4 = result->transport_->local_ports(netio::Family::kIpv4),
                        .ipv6 = result->transport_->local_ports(netio::Family::kIpv6)};
  result->engine_ = std::make_unique<Engine>(engine, shared, result->transport_->outbox());
  return result;
}

EngineThread::~EngineThread() { Join(); }

void EngineThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void EngineThread::Join() {
  if (thread_.joinable()) thread_.join();
}

EngineThread::Report EngineThread::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

void EngineThread::Run() {
  Instant now = netio::MonotonicNow();
  Instant look_up = now;
  Instant wake = now;
  while (!engine_->Done()) {
    const std::span<const netio::Event> events = transport_->Wait(std::min(wake, look_up));
    now = netio::MonotonicNow();
    wake = engine_->Step(now, events);
    if (now < look_up) continue;
    look_up = now + kLookUp;
    Publish(now, false);
    const Stop stop = stop_.load(std::memory_order_relaxed);
    if (stop == Stop::kAbandon) break;
    if (stop == Stop::kFinish) {
      engine_->StopClaiming();
      wake = now;  // There may be nothing to wait for any more.
    }
  }
  engine_->FlushRows();
  Publish(now, true);
  events_.Notify();
}

void EngineThread::Publish(Instant now, bool ended) {
  const Report report{.engine = engine_->stats(),
                      .transport = transport_->stats(),
                      .targets_in_progress = engine_->targets_in_progress(),
                      .in_flight = engine_->lookups().in_flight(),
                      .nobody_answers = engine_->lookups().NobodyAnswers(now),
                      .ended = ended};
  const std::lock_guard lock(mutex_);
  report_ = report;
}

}  // namespace scanner
