// Rows on their way into the data file, and the checkpoints that make them durable.
#ifndef SCANNER_SINK_RESULT_WRITER_H_
#define SCANNER_SINK_RESULT_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "netio/instant.h"
#include "netio/storage.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/journal.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/row_filter.h"
#include "scanner/sink/row_group_spool.h"
#include "scanner/sink/row_sink.h"
#include "scanner/sink/sink_counts.h"

namespace scanner {

// A target that is done: its row is written, or left out by the filter.
struct Completion {
  uint64_t block;  // Position in the sweep's order.
  uint8_t offset;
};

// Is told what is done, after the rows were handed to the sink. Called by the writer's thread.
class CompletionListener {
 public:
  virtual ~CompletionListener() = default;
  virtual void OnCompleted(std::span<const Completion> completions) = 0;
  // JournalState::progress, of all completions so far.
  virtual std::vector<uint8_t> Progress() const = 0;
  // Whether nothing is left to be done.
  virtual bool AllCompleted() const { return false; }
};

// Without clock and thread: whoever owns it passes the time and calls Tick when it is due. With a journal a
// checkpoint is due kInterval after there was something new, or kHaste after the last one when the sink has
// one worth while: data, fdatasync, journal record, fdatasync. After an error only Salvage and the accessors
// may be called.
class ResultWriter {
 public:
  // A kill loses at most what was written in this time, and what waited for the writer.
  static constexpr netio::Duration kInterval = std::chrono::seconds(1);
  static constexpr netio::Duration kHaste = std::chrono::milliseconds(100);

  // All that is pointed to outlives the writer.
  struct Parts {
    RecordBuilder* builder;
    RowFilter filter;
    netio::StorageFile* file;
    Journal* journal = nullptr;                           // None: nothing is kept for a scan to go on with.
    RowGroupSpool* spool = nullptr;                       // Takes row groups where there is no journal.
    CompletionListener* listener = nullptr;               // Needed where there is a journal.
    std::function<std::unique_ptr<RowSink>()> make_sink;  // One that appends to `file`.
  };

  explicit ResultWriter(Parts parts);

  // One of these comes first: of an empty file, or of one that is cut to `state.length`. DataLoss: the open
  // records of `state` are none.
  absl::Status Begin(netio::Instant now);
  absl::Status Resume(const JournalState& state, netio::Instant now);

  absl::Status Write(const RowBlock& block, netio::Instant now);
  // Makes a checkpoint when one is due.
  absl::Status Tick(netio::Instant now);
  // When Tick is due; Instant::max(): not before something is written.
  netio::Instant NextTick() const;
  // Makes a checkpoint of everything, due or not.
  absl::Status Flush(netio::Instant now);
  // No row follows: makes the file one that can be read as it is. What this appends is cut off when the scan
  // goes on.
  absl::Status Finish(const FileFacts& facts);
  // After an error, as far as possible: cuts off what is not durable, and does what Finish does.
  void Salvage(const FileFacts& facts);

  // Of the rows that were handed to the sink, and of those before that.
  const SinkCounts& counts() const { return counts_; }

 private:
  absl::Status WriteRows(const RowBlock& block);
  absl::Status Checkpoint(netio::Instant now);
  const RowGroupLog& log() const;

  const Parts parts_;
  std::unique_ptr<RowSink> sink_;
  RowView row_;
  std::vector<Completion> completions_;  // Of the block being written.
  SinkCounts counts_;
  uint64_t durable_length_ = 0;  // Of the last checkpoint.
  CheckpointScope scope_ = CheckpointScope::kAll;
  std::optional<netio::Instant> new_since_;  // Something is written that no checkpoint has.
  netio::Instant last_checkpoint_{};
};

}  // namespace scanner

#endif  // SCANNER_SINK_RESULT_WRITER_H_
