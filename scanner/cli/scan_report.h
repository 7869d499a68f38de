// What a scan was and has found, as JSON: SPEC section 2, "Metadata and status keys".
#ifndef SCANNER_CLI_SCAN_REPORT_H_
#define SCANNER_CLI_SCAN_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/cli/scan_options.h"
#include "scanner/cli/sweep_snapshot.h"
#include "scanner/core/server_pace.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

// What does not change while the scan runs.
struct ScanFacts {
  std::string scan_id;
  uint64_t seed = 0;
  uint32_t shard = 0;
  uint32_t shards = 1;
  uint64_t targets = 0;  // Of this shard; excluded and reserved are of the whole sweep.
  uint64_t excluded = 0;
  uint64_t reserved = 0;
  int64_t started_at = 0;  // Microseconds since 1970.
};

struct ServerReport {
  std::string name;  // Its address, with the port where that is not 53.
  ServerPace::Counts counts;
  std::optional<int64_t> rtt_us;
};

// The keys of the metadata that Parquet files carry.
FileFacts FactsOfFile(const ScanFacts& facts, const ScanOptions& options, int64_t ended_at);

// One object in several lines, ending with one. `ended_at` as started_at.
std::string MetadataText(const ScanFacts& facts, const ScanOptions& options, const SweepSnapshot& snapshot,
                         const std::vector<ServerReport>& servers, int64_t ended_at);

// One object in one line, ending with it: the same keys without `options`, `ended_at` and `servers`, and with
// `observed_at`, `completed`, `in_progress`, `in_flight` and `window`.
std::string StatusText(const ScanFacts& facts, const SweepSnapshot& snapshot, int64_t observed_at);

}  // namespace scanner

#endif  // SCANNER_CLI_SCAN_REPORT_H_
