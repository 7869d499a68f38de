// A scan whose every option is checked: what the driver needs, in the engine's terms.
#ifndef SCANNER_CLI_SCAN_PLAN_H_
#define SCANNER_CLI_SCAN_PLAN_H_

#include <chrono>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/endpoint.h"
#include "netio/open_transport.h"
#include "netio/socket_set.h"
#include "netio/transport_options.h"
#include "scanner/cli/numbers.h"
#include "scanner/cli/resolv_conf.h"
#include "scanner/cli/resolvers.h"
#include "scanner/cli/scan_options.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/gcra.h"
#include "scanner/core/lookup.h"
#include "scanner/core/server_pace.h"
#include "scanner/core/target_set.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/parquet_sink.h"
#include "scanner/sink/row_filter.h"

namespace scanner {

struct PlannedServer {
  netio::Endpoint endpoint;
  ServerPace::Limits limits;
};

enum class Mode : uint8_t {
  kResolver,       // Ask recursive resolvers.
  kAuthoritative,  // Follow delegations and ask the authoritative servers.
};

enum class ProgressMode : uint8_t { kAuto, kAlways, kNever };

struct ScanPlan {
  TargetSet targets;
  std::string scan_id;
  CursorOptions cursor;
  std::optional<TargetLimit> max_targets;
  std::optional<std::chrono::seconds> max_runtime;

  Mode mode = Mode::kResolver;
  bool forward = true;
  uint16_t dns_port = kDnsPort;  // Of every server in authoritative mode.
  uint32_t engines = 1;
  std::vector<PlannedServer> servers;         // Resolver mode: at least one, else none.
  std::vector<netio::Endpoint> root_servers;  // Authoritative mode: at least one, else none.
  ServerPace::Limits server_limits;           // Of each server that authoritative mode finds.
  Gcra::Limits total;                         // Of this shard, as the servers' limits are.
  LookupPolicy policy;                        // Its window is one engine's.
  netio::IoMode io = netio::IoMode::kAuto;
  netio::SocketSetOptions sockets;
  netio::TransportOptions transport;

  std::string output;
  OutputFormat format;
  ParquetOptions parquet;
  bool overwrite = false;
  bool resume = false;
  // JournalHeader::identity: a scan with the same one can be gone on with.
  std::vector<std::pair<std::string, std::string>> identity;
  std::vector<Column> columns;
  RowFilter filter;
  std::string metadata_file;    // Empty: none.
  std::string status_file;      // Empty: none.
  double max_temperror = 0.01;  // A share.
  ProgressMode progress = ProgressMode::kAuto;
};

// The first thing that is wrong, as InvalidArgument with one line. Reads files and standard input, writes
// nothing, sends nothing.
absl::StatusOr<ScanPlan> PlanScan(const ScanOptions& options, std::istream& standard_input);

}  // namespace scanner

#endif  // SCANNER_CLI_SCAN_PLAN_H_
