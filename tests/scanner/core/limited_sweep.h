// Whole sweeps in simulated time, of servers with limits that they do not tell: real engines, which are
// stepped late now and then.
#ifndef TESTS_SCANNER_CORE_LIMITED_SWEEP_H_
#define TESTS_SCANNER_CORE_LIMITED_SWEEP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "netio/instant.h"

namespace scanner {

struct LimitedServer {
  double limit;   // Queries a second; the others are dropped, or wait.
  double bucket;  // Queries at once above the limit; at least 1.
  netio::Duration rtt = std::chrono::microseconds(60);
  bool queues = false;     // For up to a second.
  double loss = 0;         // Of everything.
  double later_limit = 0;  // From `changes_at` on; 0: the limit stays.
  netio::Duration changes_at{};
  netio::Duration standstill{};  // Of its queue, at the end of every quarter of a second.
  netio::Duration dead_from{};   // From here on to `dead_until` it answers nothing.
  netio::Duration dead_until{};
};

struct Client {
  uint32_t engines = 1;
  netio::Duration late{};                                // A step comes up to so much later than it should.
  size_t receive_queue = 4096;                           // Datagrams for an engine.
  netio::Duration first_stops = netio::Duration::max();  // When the first engine claims its last target.
};

struct Cost {
  double seconds = 0;
  double queries_a_name = 0;
  uint64_t wrong = 0;          // Names without their answer.
  uint64_t receive_drops = 0;  // Answers that found the receive queue full.
};

// Of `prefix`, all of whose names have a PTR record.
Cost Sweep(const std::vector<LimitedServer>& servers, const Client& client, const std::string& prefix,
           uint64_t seed);

}  // namespace scanner

#endif  // TESTS_SCANNER_CORE_LIMITED_SWEEP_H_
