// What a journal's records say.
#ifndef SCANNER_SINK_JOURNAL_STATE_H_
#define SCANNER_SINK_JOURNAL_STATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scanner/sink/sink_counts.h"

namespace scanner {

// Which scan a journal is of.
struct JournalHeader {
  // What must be the same for a scan to go on with it: the name of an option, or what people call it, and its
  // text; the same names in the same order in every scan.
  std::vector<std::pair<std::string, std::string>> identity;
  std::string scan_id;
  int64_t started_at = 0;  // Microseconds since 1970.
  bool overwrite = false;  // FILE may be replaced.
};

// What is durable, and what is done when nothing else is.
struct JournalState {
  uint64_t length = 0;            // Octets of the data file.
  SinkCounts counts;              // Of all rows so far.
  std::vector<uint8_t> progress;  // Of the sweep; means nothing here.
  // SinkCheckpoint::open_records, and whether they replace those of the states before or follow them.
  bool replaces = true;
  std::vector<uint8_t> open_records;
  // SinkCheckpoint::row_groups; they follow those of the states before.
  std::vector<std::vector<uint8_t>> row_groups;
};

// Payloads of records. What reads them gives nothing when they are not what the writer wrote.
std::vector<uint8_t> HeaderPayload(const JournalHeader& header);
// Whether the header is of the version that is read here; any version's header answers this.
bool IsReadableVersion(std::span<const uint8_t> payload);
std::optional<JournalHeader> ReadHeaderPayload(std::span<const uint8_t> payload);

using RowGroups = std::vector<std::vector<uint8_t>>;
std::vector<uint8_t> RowGroupsPayload(std::span<const std::vector<uint8_t>> row_groups);
std::optional<RowGroups> ReadRowGroupsPayload(std::span<const uint8_t> payload);

// `open_octets` becomes how many of them its open records take.
std::vector<uint8_t> StatePayload(const JournalState& state, size_t& open_octets);
std::optional<JournalState> ReadStatePayload(std::span<const uint8_t> payload);
// The row groups alone.
std::optional<RowGroups> ReadRowGroupsOfState(std::span<const uint8_t> payload);

}  // namespace scanner

#endif  // SCANNER_SINK_JOURNAL_STATE_H_
