// What the runs of a scan have counted beside its rows: kept in the journal, so that a scan that was gone on
// with tells of all of them.
#ifndef SCANNER_CLI_RUN_TOTALS_H_
#define SCANNER_CLI_RUN_TOTALS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "netio/instant.h"
#include "scanner/core/engine_stats.h"
#include "scanner/core/server_pace.h"
#include "scanner/row/byte_reader.h"

namespace scanner {

void Add(const ServerPace::Counts& part, ServerPace::Counts& sum);

struct RunTotals {
  EngineStats engines;
  uint64_t receive_drops = 0;
  netio::Duration elapsed{0};
  std::map<std::string, ServerPace::Counts> servers;  // By their names in the metadata.

  void Add(const RunTotals& other);

  // Appends what Read reads.
  void Write(std::vector<uint8_t>& out) const;
  // Nothing when it is anything else.
  static std::optional<RunTotals> Read(ByteReader& reader);
};

}  // namespace scanner

#endif  // SCANNER_CLI_RUN_TOTALS_H_
