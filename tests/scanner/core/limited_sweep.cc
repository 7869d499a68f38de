#include "tests/scanner/core/limited_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>

#include "netio/sim_network.h"
#include "netio/sim_transport.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/blocks.h"
#include "scanner/core/engine.h"

namespace scanner {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kBegin{seconds(100)};

double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// A token bucket, or a queue. Answers every question with one PTR record.
class LimitedHost final : public netio::SimHost {
 public:
  LimitedHost(const LimitedServer& server, uint64_t seed)
      : server_(server), random_(seed), tokens_(server.bucket) {}

  void OnDatagram(Instant now, const netio::Endpoint& /*from*/, const netio::Endpoint& /*to*/,
                  std::span<const uint8_t> bytes, netio::SimReplies& replies) override {
    ++asked_;
    const std::optional<Duration> wait = Admit(now);
    if (!wait || random_.Chance(server_.loss)) return;
    constexpr uint8_t kFlags[] = {0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0};  // QR and AA; a question, a record.
    constexpr uint8_t kRecord[] = {0xC0, 12, 0, 12, 0, 1, 0, 0, 1, 0, 0, 3, 1, 'h', 0};
    constexpr size_t kHeader = 12;
    constexpr size_t kTypeAndClass = 4;
    const auto end = std::find(bytes.begin() + kHeader, bytes.end(), uint8_t{0}) + 1 + kTypeAndClass;
    reply_.assign(bytes.begin(), end);
    std::copy(std::begin(kFlags), std::end(kFlags), reply_.begin() + 2);
    reply_.insert(reply_.end(), std::begin(kRecord), std::end(kRecord));
    replies.Send(reply_, *wait);
  }
  void OnStreamMessage(Instant /*now*/, const netio::Endpoint& /*from*/, const netio::Endpoint& /*to*/,
                       std::span<const uint8_t> /*bytes*/, netio::SimReplies& /*replies*/) override {}

  uint64_t asked() const { return asked_; }

 private:
  // How long the answer waits; nothing: dropped.
  std::optional<Duration> Admit(Instant now) {
    const Duration since = now - kBegin;
    if (since >= server_.dead_from && since < server_.dead_until) return std::nullopt;
    const bool changed = server_.later_limit > 0 && since >= server_.changes_at;
    const double limit = changed ? server_.later_limit : server_.limit;
    if (server_.queues) return Enqueue(now, limit);
    tokens_ = std::min(server_.bucket, tokens_ + limit * Seconds(now - at_));
    at_ = now;
    if (tokens_ < 1) return std::nullopt;
    tokens_ -= 1;
    return Duration::zero();
  }

  std::optional<Duration> Enqueue(Instant now, double limit) {
    if (free_at_ > now + seconds(1)) return std::nullopt;
    constexpr Duration kTurn = milliseconds(250);
    const Duration left = kTurn - now.time_since_epoch() % kTurn;
    if (left <= server_.standstill) free_at_ = std::max(free_at_, now + left);
    free_at_ = std::max(free_at_, now) + Duration(static_cast<int64_t>(1e9 / limit));
    return free_at_ - now;
  }

  const LimitedServer server_;
  netio::SimRandom random_;
  double tokens_;
  Instant at_ = kBegin;
  Instant free_at_{};
  uint64_t asked_ = 0;
  std::vector<uint8_t> reply_;
};

netio::Endpoint ServerAt(size_t number) {
  netio::Endpoint endpoint;
  endpoint.address = {203, 0, 113, static_cast<uint8_t>(number + 1)};
  endpoint.port = 53;
  return endpoint;
}

TargetSet Targets(const std::string& prefix) {
  TargetSetBuilder builder({});
  EXPECT_TRUE(builder.AddTarget(prefix).ok()) << prefix;
  return std::move(builder).Build();
}

class LimitedSweep {
 public:
  LimitedSweep(const std::vector<LimitedServer>& servers, const Client& client, const std::string& prefix,
               uint64_t seed)
      : client_(client),
        network_(seed),
        random_(seed),
        blocks_(Targets(prefix)),
        cursor_(blocks_, {.seed = seed}) {
    network_.AdvanceTo(kBegin);
    for (const LimitedServer& server : servers) {
      const netio::Endpoint endpoint = ServerAt(hosts_.size());
      netio::SimFaults path;
      path.min_delay = path.max_delay = server.rtt / 2;
      network_.SetFaults(endpoint, path);
      network_.AddHost(endpoint, hosts_.emplace_back(server, seed + hosts_.size()));
      servers_.Add(endpoint, {.budget = {}, .max_window = 1000});
    }
    for (uint32_t i = 0; i < client.engines; ++i) AddEngine(i, seed);
  }

  Cost Run() {
    constexpr Duration kLimit = seconds(300);
    while (network_.now() - kBegin < kLimit && !Done()) Turn();
    Drain();
    uint64_t asked = 0;
    for (const LimitedHost& host : hosts_) asked += host.asked();
    Cost cost{.seconds = Seconds(network_.now() - kBegin)};
    uint64_t names = 0;
    for (const Thread& thread : threads_) {
      names += thread.engine->stats().targets_claimed;
      cost.receive_drops += thread.transport->stats().receive_drops;
    }
    cost.queries_a_name = static_cast<double>(asked) / static_cast<double>(names);
    cost.wrong = wrong_ + names - rows_;
    return cost;
  }

 private:
  struct Thread {
    std::unique_ptr<netio::SimTransport> transport;
    std::unique_ptr<Engine> engine;
    Instant wake = kBegin;           // That it asked for.
    Instant steps = Instant::max();  // When it has been woken.
  };

  void AddEngine(uint32_t number, uint64_t seed) {
    Thread& thread = threads_.emplace_back();
    netio::SimTransportOptions options;
    options.ipv4_source = {.address = {192, 0, 2, static_cast<uint8_t>(number + 1)},
                           .port = 20000,
                           .family = netio::Family::kIpv4};
    options.ipv6_source.family = netio::Family::kIpv6;
    options.ipv6_source.address = {0x20, 0x01, 0x0d, 0xb8, 0, static_cast<uint8_t>(number + 1)};
    options.ipv6_source.port = 20000;
    options.local_ports = 4;
    options.receive_queue = client_.receive_queue;
    thread.transport = std::make_unique<netio::SimTransport>(network_, options);
    Engine::Options engine;
    engine.forward = false;
    engine.engine = number;
    engine.engines = client_.engines;
    engine.seed = seed + number;
    engine.local_ports = {.ipv4 = options.local_ports, .ipv6 = options.local_ports};
    thread.engine = std::make_unique<Engine>(
        engine,
        Engine::Shared{.cursor = cursor_, .budget = budget_, .servers = servers_, .rows = rows_channel_},
        thread.transport->outbox());
  }

  bool Done() const {
    return std::ranges::all_of(threads_, [](const Thread& thread) { return thread.engine->Done(); });
  }

  void Turn() {
    const Instant now = network_.now();
    constexpr Duration kLookUp = milliseconds(100);  // As engine threads do.
    Instant next = now + kLookUp;
    if (now - kBegin >= client_.first_stops) threads_.front().engine->StopClaiming();
    for (Thread& thread : threads_) {
      if (thread.engine->Done()) continue;
      if (thread.steps == Instant::max() && (thread.wake <= now || thread.transport->has_arrived())) {
        thread.steps = now + random_.Between(Duration::zero(), client_.late);
      }
      if (thread.steps <= now) {
        thread.steps = Instant::max();
        thread.wake = std::min(thread.engine->Step(now, thread.transport->Wait(now)), now + kLookUp);
        thread.transport->Flush();
      }
      const bool woken = thread.steps != Instant::max();
      next = std::min(next, woken ? thread.steps : std::max(thread.wake, now + Duration(1)));
    }
    Drain();
    if (!Done()) network_.AdvanceToArrival(std::max(next, now));
  }

  void Drain() {
    while (std::unique_ptr<RowBlock> block = rows_channel_.TryPop()) {
      RowView row;
      for (size_t position = 0; block->Read(position, row); ++rows_) {
        if (row.header.ptr_status != Status::kNoError || row.header.names != 1) ++wrong_;
      }
      rows_channel_.GiveBack(std::move(block));
    }
  }

  const Client client_;
  netio::SimNetwork network_;
  netio::SimRandom random_;
  ServerTable servers_{Gcra::Limits{}};
  BlockSet blocks_;
  BlockCursor cursor_;
  TargetBudget budget_{TargetBudget::kUnlimited};
  RowChannel rows_channel_{size_t{64} << 20};
  std::deque<LimitedHost> hosts_;
  std::vector<Thread> threads_;
  uint64_t rows_ = 0;
  uint64_t wrong_ = 0;
};

}  // namespace

Cost Sweep(const std::vector<LimitedServer>& servers, const Client& client, const std::string& prefix,
           uint64_t seed) {
  return LimitedSweep(servers, client, prefix, seed).Run();
}

}  // namespace scanner
