// A whole sweep on a simulated network: servers, faults, one to four engines, rows. Everything follows from
// the seed.
#ifndef TESTS_SIM_SWEEP_H_
#define TESTS_SIM_SWEEP_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "netio/sim_network.h"
#include "netio/sim_transport.h"
#include "scanner/core/engine.h"
#include "tests/sim/budget_judge.h"
#include "tests/sim/dns_host.h"
#include "tools/arpasim/core/responder.h"
#include "tools/arpasim/core/truth.h"

namespace sim {

struct SweepOptions {
  uint64_t seed = 0;
  std::vector<std::string> targets;
  uint32_t engines = 1;
  uint32_t ipv4_servers = 2;
  uint32_t ipv6_servers = 1;
  uint32_t dead_servers = 0;  // Nobody there: ICMP.
  uint32_t black_holes = 0;   // Somebody there who never answers.
  arpasim::ResponderOptions responder;
  netio::SimFaults faults;
  bool lame_replies =
      false;  // Among the spoofed ones: right in all, but from one who does not speak for the name.
  scanner::LookupPolicy policy;
  bool forward = true;
  BudgetJudge::Budget server_budget;
  BudgetJudge::Budget total_budget;
  uint32_t max_window = 200;  // A server.
  size_t row_credit = 8U << 20;
  uint32_t max_targets = 4096;                    // An engine, in progress.
  netio::Duration sink_pause{};                   // The sink takes a block this often; 0: at once.
  netio::Duration limit = std::chrono::hours(1);  // Of virtual time.
};

// A row as text, in the words of the SPEC; what depends on time or path is kept apart.
struct TextRow {
  std::string comparable;  // Like that of TextOf(TruthRow).
  std::string
      essential;  // The part of it that a lookup lost among many cannot change: verdict, reason, names.
  std::string verdict;
  std::string reason;
  std::string ptr_status;
  bool absence = false;  // Says that there is no PTR, or that a name does not resolve.
  int attempts = 0;
};

struct SweepResult {
  std::map<std::string, std::vector<TextRow>> rows;  // By address.
  scanner::EngineStats stats;                        // Over all engines.
  netio::SimCounters network;
  arpasim::ResponderStats responder;
  netio::Duration took{};
  uint64_t sent = 0;
  uint64_t excess = 0;
  uint64_t spoofed = 0;
  uint32_t most_in_flight = 0;  // Of one engine.
  bool window_exceeded = false;
  bool finished = false;
  bool idle = false;    // Every slot was free at the end.
  uint64_t digest = 0;  // Of all rows in the order in which they came, times and paths included.
};

SweepResult RunSweep(const SweepOptions& options);

// What arpasim says the row must be.
TextRow TextOf(const arpasim::TruthRow& truth);

// The truth of every address that `options` sweeps.
std::map<std::string, TextRow> TruthOf(const SweepOptions& options);

}  // namespace sim

#endif  // TESTS_SIM_SWEEP_H_
