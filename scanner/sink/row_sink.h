// Something that records are written to, in one format.
#ifndef SCANNER_SINK_ROW_SINK_H_
#define SCANNER_SINK_ROW_SINK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "scanner/sink/record.h"

namespace scanner {

// What a sink asks to be kept for it until the file is finished, and given back
// when a scan is resumed.
struct SinkCheckpoint {
  // Of each row group that was finished since the last checkpoint: its metadata
  // for the file's footer.
  std::vector<std::vector<uint8_t>> row_groups;
  // Records (record_bytes.h) that are in no finished row group. With
  // `row_groups` empty and CheckpointScope::kSinceLast, those since the last
  // checkpoint; else all of them.
  std::vector<uint8_t> open_records;
};

enum class CheckpointScope : uint8_t {
  kSinceLast,
  kAll,  // Of open_records: also what earlier checkpoints gave already.
};

// Gives back what SinkCheckpoint::row_groups were, all of them, in order.
class RowGroupLog {
 public:
  using Visit = absl::FunctionRef<absl::Status(const std::vector<uint8_t> &row_group)>;
  virtual ~RowGroupLog() = default;
  virtual uint64_t row_groups() const = 0;
  // Ends with the first error, also one of `visit`.
  virtual absl::Status ForEach(Visit visit) const = 0;
};

// Key-value metadata of a file, in the order in which it is written.
using FileFacts = std::vector<std::pair<std::string, std::string>>;

// Called by one thread at a time. After an error it is not called again, but
// for Finish.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // What comes before the first row of a file; once, also when no row follows.
  // Not called for a file that a resumed scan goes on with.
  virtual absl::Status Begin() = 0;
  virtual absl::Status Write(const Record &record) = 0;
  // Hands on what is kept back here; a compressor, or a row group that is open,
  // may still keep some of it.
  virtual absl::Status Drain() = 0;
  // A row group has been finished since the last checkpoint: one is worth
  // while.
  virtual bool WantsCheckpoint() const { return false; }
  // Every record written is now in the file, which can be cut here, or in
  // `out`.
  virtual absl::Status Checkpoint(CheckpointScope scope, SinkCheckpoint &out) = 0;
  // Ends the row group that is open, where there is one: no record follows.
  virtual absl::Status EndRowGroup() { return absl::OkStatus(); }
  // No record follows: appends what makes the file one that can be read as it
  // is. `log` holds the row groups of all checkpoints so far; what is left of
  // them, and the open one, is added here.
  virtual absl::Status Finish(const RowGroupLog &log, const FileFacts &facts) = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_ROW_SINK_H_
