// The thread that takes rows from the engines' channel and writes them.
#ifndef SCANNER_SINK_SINK_THREAD_H_
#define SCANNER_SINK_SINK_THREAD_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "scanner/row/row_channel.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/row_filter.h"
#include "scanner/sink/row_sink.h"
#include "scanner/sink/sink_counts.h"

namespace scanner {

// A target that is done: its row is written, or left out by the filter.
struct Completion {
  uint64_t block;  // Position in the sweep's order.
  uint8_t offset;
};

// Is told what is done. Called on the sink's thread, after the rows were handed to the file.
class CompletionListener {
 public:
  virtual ~CompletionListener() = default;
  virtual void OnCompleted(std::span<const Completion> completions) = 0;
};

// Starts with its construction. When writing fails it keeps the error, writes nothing more and goes on giving
// credit back, so that engines never wait for it.
class SinkThread {
 public:
  // `sink` has begun; it gets what `builder` makes of the rows. `listener` may be null. All must outlive the
  // thread, which alone uses `builder` and `sink` until then.
  SinkThread(RowChannel& channel, RecordBuilder& builder, RowSink& sink, RowFilter filter,
             CompletionListener* listener);
  // The channel must be closed.
  ~SinkThread();
  SinkThread(const SinkThread&) = delete;
  SinkThread& operator=(const SinkThread&) = delete;

  // Whether writing has failed; the sweep should end.
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  // Waits until the channel is closed and empty, and everything is in the file; the error, if there was one.
  absl::Status Join();
  // Of the rows that were handed to the file so far; any thread may ask.
  SinkCounts counts() const;

 private:
  void Run();
  void WriteBlock(const RowBlock& block);
  absl::Status WriteRows(const RowBlock& block);
  void Fail(absl::Status status);

  RowChannel& channel_;
  RecordBuilder& builder_;
  RowSink& sink_;
  const RowFilter filter_;
  CompletionListener* const listener_;
  std::atomic<bool> failed_ = false;
  RowView row_;                          // Of the thread, as the next two are.
  std::vector<Completion> completions_;  // Of the block being written.
  SinkCounts running_;
  absl::Status status_;  // Of the thread until it has ended.
  mutable std::mutex mutex_;
  SinkCounts counts_;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_SINK_THREAD_H_
