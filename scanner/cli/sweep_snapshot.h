// How far a sweep is: the numbers behind progress, status, metadata and summary.
#ifndef SCANNER_CLI_SWEEP_SNAPSHOT_H_
#define SCANNER_CLI_SWEEP_SNAPSHOT_H_

#include <cstdint>

#include "netio/instant.h"
#include "netio/transport.h"
#include "scanner/core/engine_stats.h"
#include "scanner/sink/sink_counts.h"

namespace scanner {

struct SweepSnapshot {
  EngineStats engines;  // Sums over all engines, as the next three are.
  netio::TransportStats transport;
  uint32_t targets_in_progress = 0;
  uint32_t in_flight = 0;
  uint64_t window = 0;  // Sum over all servers.
  SinkCounts counts;
  netio::Duration elapsed{0};
};

void Add(const EngineStats& part, EngineStats& sum);
void Add(const netio::TransportStats& part, netio::TransportStats& sum);

}  // namespace scanner

#endif  // SCANNER_CLI_SWEEP_SNAPSHOT_H_
