// What a query costs the engine: each part alone, and all of it with an AnsweringTransport. Warm: what is
// used was used just before. Cold: a window of 65,536, or memory that the caches were emptied of in between.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "bench/answering_transport.h"
#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/query.h"
#include "codec/dns/reverse_name.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/engine.h"
#include "scanner/core/in_flight.h"
#include "scanner/core/open_blocks.h"
#include "scanner/core/verdict.h"
#include "scanner/row/row_block.h"
#include "scanner/row/row_channel.h"

namespace scanner {
namespace {

using codec::dns::Message;
using codec::dns::Type;

constexpr size_t kBurst = netio::Burst::kMaxSegments;

// More than the caches of any machine that this runs on hold of one core's.
void EmptyCaches() {
  static std::vector<uint64_t> memory((size_t{64} << 20) / sizeof(uint64_t), 1);
  uint64_t sum = 0;
  for (size_t i = 0; i < memory.size(); i += 8) sum += ++memory[i];
  benchmark::DoNotOptimize(sum);
}

// Of this thread alone, so that a busy machine does not count. Reading it costs a system call, which counts.
double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

BlockSet WholeInternet() {
  TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
  if (!builder.AddTarget("0.0.0.0/0").ok()) std::abort();
  return BlockSet(std::move(builder).Build());
}

void PerQuery(benchmark::State& state, uint64_t queries) {
  state.SetItemsProcessed(static_cast<int64_t>(queries));
  state.counters["per_query"] = benchmark::Counter(static_cast<double>(queries),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// ---- Parts ----

// Which address is next. Argument: open blocks.
void BM_Choose(benchmark::State& state) {
  const BlockSet blocks = WholeInternet();
  BlockCursor cursor(blocks, {.seed = 1});
  OpenBlocks open(cursor, static_cast<uint32_t>(state.range(0)));
  std::array<TargetAddress, kBurst> run;
  uint64_t targets = 0;
  for ([[maybe_unused]] auto _ : state) {
    targets += open.TakeRun(run, netio::Instant{}, [](const IpAddress& /*base*/) { return true; });
    benchmark::ClobberMemory();
  }
  PerQuery(state, targets);
}
BENCHMARK(BM_Choose)->ArgName("open")->Arg(1024)->Arg(65536);

// From an address to a query.
void BM_Encode(benchmark::State& state) {
  const codec::dns::QueryTemplate query({.client_cookie = codec::dns::ClientCookie{}});
  std::vector<uint8_t> arena(size_t{1} << 20);
  size_t at = 0;
  uint32_t number = 0x0A000000;
  for ([[maybe_unused]] auto _ : state) {
    std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name;
    number += 0x9E3779B1;
    const size_t length = codec::dns::WriteReverseName(IpAddress::FromV4(number).significant(), name);
    if (at + codec::dns::QueryTemplate::kMaxOctets > arena.size()) at = 0;
    at += query.Write(std::span(arena).subspan(at), static_cast<uint16_t>(number),
                      std::span(name).first(length), Type::kPtr);
    benchmark::ClobberMemory();
  }
  PerQuery(state, state.iterations());
}
BENCHMARK(BM_Encode);

// A burst's slots are claimed; those of the burst before the window are found and released, as answers do it.
// Argument: the window.
void BM_ClaimMatchRelease(benchmark::State& state) {
  const auto window = static_cast<uint32_t>(state.range(0));
  InFlight in_flight(4 * window, window);
  const Channel channel = Channel::Datagram(netio::Family::kIpv4, netio::LocalPort{3});
  std::mt19937 random(1);
  std::vector<uint16_t> ids(window + kBurst);
  size_t sent = 0;
  size_t answered = 0;
  const auto claim = [&] {
    QueryIndex query = QueryIndex::kNone;
    uint16_t id = 0;
    while (query == QueryIndex::kNone) query = in_flight.Claim(channel, id = static_cast<uint16_t>(random()));
    in_flight[query].lookup = 1;
    ids[sent++ % ids.size()] = id;
  };
  while (sent < window) claim();
  for ([[maybe_unused]] auto _ : state) {
    for (size_t i = 0; i < kBurst; ++i) in_flight.PrefetchFind(channel, ids[(answered + i) % ids.size()]);
    for (size_t i = 0; i < kBurst; ++i) {
      in_flight.Release(in_flight.Find(channel, ids[answered++ % ids.size()]));
    }
    for (size_t i = 0; i < kBurst; ++i) claim();
  }
  PerQuery(state, state.iterations() * kBurst);
}
// One channel has 65,536 ids.
BENCHMARK(BM_ClaimMatchRelease)->ArgName("window")->Arg(64)->Arg(4096)->Arg(32768);

// Answers of one burst, or so many that they lie outside the caches, in an order that nothing foresees.
class Answers {
 public:
  explicit Answers(size_t count) : transport_(clock_, size_t{64} << 20), order_(count) {
    const codec::dns::QueryTemplate query({.client_cookie = codec::dns::ClientCookie{}});
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::shuffle(order_.begin(), order_.end(), std::mt19937(1));
    name_length_ = codec::dns::WriteReverseName(IpAddress::FromV4(0x0A646464).significant(), name_);
    const size_t segment = query.length(name_length_);
    for (size_t sent = 0; sent < count; sent += kBurst) {
      const std::span<uint8_t> room = transport_.outbox().Reserve(segment * kBurst);
      for (size_t i = 0; i < kBurst; ++i) {
        query.Write(room.subspan(i * segment), static_cast<uint16_t>(i), name(), Type::kPtr);
      }
      transport_.outbox().Send({.segment = static_cast<uint16_t>(segment), .bytes = room});
    }
    for (const netio::Event& event : transport_.Wait({})) {
      for (size_t at = 0; at < event.bytes.size(); at += event.segment) {
        messages_.push_back(event.bytes.subspan(at, event.segment));
      }
    }
  }

  codec::dns::NameView name() const { return std::span(name_).first(name_length_); }
  std::span<const uint8_t> Next() { return messages_[order_[next_++ % order_.size()]]; }

 private:
  bench::VirtualClock clock_;
  bench::AnsweringTransport transport_;
  std::vector<size_t> order_;
  std::vector<std::span<const uint8_t>> messages_;
  std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name_;
  size_t name_length_ = 0;
  size_t next_ = 0;
};

// From octets to what they say. Argument: how many answers, by turns.
void BM_Parse(benchmark::State& state) {
  Answers answers(static_cast<size_t>(state.range(0)));
  codec::dns::Answer answer;
  for ([[maybe_unused]] auto _ : state) {
    Message message;
    if (Message::Parse(answers.Next(), message) != codec::dns::ParseError::kNone ||
        !message.QuestionIs(answers.name(), Type::kPtr)) {
      state.SkipWithError("not an answer");
      break;
    }
    codec::dns::Interpret(message, answers.name(), Type::kPtr, answer);
    benchmark::DoNotOptimize(answer.kind);
  }
  PerQuery(state, state.iterations());
}
BENCHMARK(BM_Parse)->ArgName("answers")->Arg(64)->Arg(65536);

// Argument: names.
void BM_Decide(benchmark::State& state) {
  std::vector<ForwardOutcome> outcomes(static_cast<size_t>(state.range(0)),
                                       {.status = Status::kNoError, .has_addresses = true});
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(outcomes.data());
    benchmark::DoNotOptimize(Decide({.ptr_status = Status::kNoError, .forward = outcomes}));
  }
  PerQuery(state, state.iterations());
}
BENCHMARK(BM_Decide)->ArgName("names")->Arg(1)->Arg(64);

// One row of one name into a block, blocks through the channel and back. Argument: blocks by turns.
void BM_HandOverRow(benchmark::State& state) {
  RowChannel channel(size_t{256} << 20);
  constexpr std::array<uint8_t, 24> kName = {8,   'h', 'o', 's', 't', '-', '0', '0', '0', 4,   'p', 'o',
                                             'o', 'l', 8,   'e', 'x', 'a', 'm', 'p', 'l', 'e', 's', 0};
  std::vector<std::unique_ptr<RowBlock>> full;
  std::unique_ptr<RowBlock> block = channel.Take();
  RowHeader header;
  header.names = 1;
  for ([[maybe_unused]] auto _ : state) {
    ++header.block;
    if (!block->HasRoom()) {
      channel.Push(std::move(block));
      full.push_back(channel.Pop());
      if (full.size() == static_cast<size_t>(state.range(0))) {
        channel.GiveBack(std::move(full.front()));
        full.erase(full.begin());
      }
      block = channel.Take();
    }
    block->Begin(header);
    block->AppendName(kName);
    block->End();
  }
  block->Clear();
  PerQuery(state, state.iterations());
}
BENCHMARK(BM_HandOverRow)->ArgName("blocks")->Arg(1)->Arg(64);

// ---- The whole ----

class AnsweredSweep {
 public:
  explicit AnsweredSweep(uint32_t window)
      : blocks_(WholeInternet()), cursor_(blocks_, {.seed = 1}), transport_(clock_, size_t{16} << 20) {
    servers_.Add({.address = {192, 0, 2, 1}, .port = 53, .family = netio::Family::kIpv4},
                 {.budget = {}, .max_window = window});
    Engine::Options options;
    options.policy.window = window;
    options.forward = false;
    options.seed = 1;
    options.max_targets = std::max(1024U, 2 * window);
    options.local_ports = {.ipv4 = 16, .ipv6 = 16};
    engine_ = std::make_unique<Engine>(
        options, Engine::Shared{.cursor = cursor_, .budget = budget_, .servers = servers_, .rows = rows_},
        transport_.outbox());
  }

  // One step with the answers to what the last one sent; returns the CPU time that the engine took, in
  // seconds.
  double Turn() {
    const std::span<const netio::Event> events = transport_.Wait({});
    const netio::Instant now = clock_.Advance(std::chrono::microseconds(20));
    before_step();
    const double begin = ThreadSeconds();
    engine_->Step(now, events);
    const double end = ThreadSeconds();
    while (std::unique_ptr<RowBlock> block = rows_.TryPop()) rows_.GiveBack(std::move(block));
    return end - begin;
  }

  // Until the window is open.
  void Warm(uint32_t window) {
    while (engine_->lookups().in_flight() < window - window / 8) Turn();
    for (int i = 0; i < 64; ++i) Turn();
  }

  const EngineStats& stats() const { return engine_->stats(); }
  void (*before_step)() = [] {};

 private:
  BlockSet blocks_;
  BlockCursor cursor_;
  TargetBudget budget_{TargetBudget::kUnlimited};
  ServerTable servers_{Gcra::Limits{}};
  RowChannel rows_{size_t{256} << 20};
  bench::VirtualClock clock_;
  bench::AnsweringTransport transport_;
  std::unique_ptr<Engine> engine_;
};

// From a target to its row, PTR only, without the transport. Argument: the window.
void Sweep(benchmark::State& state, void (*before_step)()) {
  const auto window = static_cast<uint32_t>(state.range(0));
  AnsweredSweep sweep(window);
  sweep.Warm(window);
  sweep.before_step = before_step;
  const EngineStats before = sweep.stats();
  for ([[maybe_unused]] auto _ : state) state.SetIterationTime(sweep.Turn());
  const EngineStats& after = sweep.stats();
  PerQuery(state, after.rows - before.rows);
  if (after.retries != 0 || after.unsolicited != 0) state.SkipWithError("queries were lost");
}
void BM_Sweep(benchmark::State& state) {
  Sweep(state, [] {});
}
BENCHMARK(BM_Sweep)->ArgName("window")->Arg(64)->Arg(1024)->Arg(4096)->Arg(65536)->UseManualTime();

void BM_SweepCold(benchmark::State& state) { Sweep(state, EmptyCaches); }
BENCHMARK(BM_SweepCold)->ArgName("window")->Arg(64)->Arg(1024)->UseManualTime()->Iterations(100);

// What BM_Sweep leaves out: the answers, and the octets of the queries that they are made of.
void BM_Answer(benchmark::State& state) {
  const codec::dns::QueryTemplate query({.client_cookie = codec::dns::ClientCookie{}});
  bench::VirtualClock clock;
  bench::AnsweringTransport transport(clock);
  std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name;
  const size_t length = codec::dns::WriteReverseName(IpAddress::FromV4(0x0A646464).significant(), name);
  const size_t segment = query.length(length);
  for ([[maybe_unused]] auto _ : state) {
    const std::span<uint8_t> room = transport.outbox().Reserve(segment * kBurst);
    for (size_t i = 0; i < kBurst; ++i) {
      query.Write(room.subspan(i * segment), static_cast<uint16_t>(i), std::span(name).first(length),
                  Type::kPtr);
    }
    transport.outbox().Send({.segment = static_cast<uint16_t>(segment), .bytes = room});
    benchmark::DoNotOptimize(transport.Wait({}));
  }
  PerQuery(state, state.iterations() * kBurst);
}
BENCHMARK(BM_Answer);

}  // namespace
}  // namespace scanner

BENCHMARK_MAIN();
