// A sweep without a network, for sizes that no server on the same machine keeps up with: engines, rows and a
// sink that forgets them. Prints one line of JSON; the CPU time holds the making of the answers too.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/answering_transport.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/engine.h"

namespace {

using scanner::ServerTable;

constexpr netio::Duration kTurn = std::chrono::microseconds(100);  // Of all engines: the round-trip time.
constexpr size_t kRowCredit = size_t{8} << 20;
constexpr uint32_t kTargetsInProgress = 16'384;

struct Options {
  std::string prefix;
  uint32_t servers = 1;
  uint32_t window = 4096;
  uint32_t threads = 1;
};

scanner::TargetSet Targets(const Options& options) {
  scanner::TargetSetBuilder builder({.only = {}, .include_reserved = true});
  const absl::Status status = builder.AddTarget(options.prefix);
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
  return std::move(builder).Build();
}

void AddServers(const Options& options, ServerTable& servers) {
  for (uint32_t i = 0; i < options.servers; ++i) {
    netio::Endpoint endpoint{.port = 53, .family = netio::Family::kIpv4};
    endpoint.address = {127, 1, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    servers.Add(endpoint, {.budget = {}, .max_window = options.window});
  }
}

// The targets, and what all engines share.
class Sweep {
 public:
  explicit Sweep(const Options& options)
      : options_(options),
        blocks_(Targets(options)),
        cursor_(blocks_, {}),
        budget_(scanner::TargetBudget::kUnlimited),
        servers_(scanner::Gcra::Limits{}),
        rows_(kRowCredit) {
    AddServers(options, servers_);
  }

  // How many rows came out.
  uint64_t Run() {
    std::vector<std::thread> threads;
    threads.reserve(options_.threads);
    for (uint32_t i = 0; i < options_.threads; ++i) threads.emplace_back([this, i] { RunEngine(i); });
    uint64_t rows = 0;
    while (rows < blocks_.targets()) {
      std::unique_ptr<scanner::RowBlock> block = rows_.Pop();
      rows += block->rows();
      rows_.GiveBack(std::move(block));
    }
    for (std::thread& thread : threads) thread.join();
    return rows;
  }

  uint64_t packets() const { return packets_; }

 private:
  void RunEngine(uint32_t number) {
    bench::AnsweringTransport transport(clock_);
    scanner::Engine::Options options;
    options.policy.window = std::max(1U, options_.window / options_.threads);
    options.forward = false;
    options.engine = number;
    options.engines = options_.threads;
    options.seed = number;
    options.max_targets = std::max(kTargetsInProgress, options_.window) / options_.threads;
    options.local_ports = {.ipv4 = transport.local_ports(netio::Family::kIpv4), .ipv6 = 0};
    scanner::Engine engine(options,
                           {.cursor = cursor_, .budget = budget_, .servers = servers_, .rows = rows_},
                           transport.outbox());
    netio::Instant wake = clock_.Advance({});
    while (!engine.Done()) {
      const std::span<const netio::Event> events = transport.Wait(wake);
      wake = engine.Step(clock_.Advance(kTurn / options_.threads), events);
    }
    packets_ += engine.stats().packets_sent;
  }

  const Options options_;
  bench::VirtualClock clock_;
  scanner::BlockSet blocks_;
  scanner::BlockCursor cursor_;
  scanner::TargetBudget budget_;
  ServerTable servers_;
  scanner::RowChannel rows_;
  std::atomic<uint64_t> packets_{0};
};

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void Measure(const Options& options) {
  const double begun = Seconds(CLOCK_MONOTONIC);
  const double cpu = Seconds(CLOCK_PROCESS_CPUTIME_ID);
  Sweep sweep(options);
  const uint64_t rows = sweep.Run();
  std::printf("{\"rows\": %llu, \"packets\": %llu, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
              static_cast<unsigned long long>(rows), static_cast<unsigned long long>(sweep.packets()),
              Seconds(CLOCK_MONOTONIC) - begun, Seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("simulated_sweep: a sweep without a network");
  Options options;
  app.add_option("prefix", options.prefix, "To sweep")->required();
  app.add_option("--servers", options.servers, "How many")
      ->check(CLI::Range(1, 65'536))
      ->capture_default_str();
  app.add_option("--window", options.window, "Most queries in flight")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Engines")->check(CLI::Range(1, 64))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    Measure(options);
  } catch (const std::exception& error) {
    std::cerr << "simulated_sweep: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
