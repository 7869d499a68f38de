// The thread that takes rows from the engines' channel and has them written.
#ifndef SCANNER_SINK_SINK_THREAD_H_
#define SCANNER_SINK_SINK_THREAD_H_

#include <atomic>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "scanner/row/row_channel.h"
#include "scanner/sink/result_writer.h"
#include "scanner/sink/sink_counts.h"

namespace scanner {

// Starts with its construction, and reads the monotonic clock. When writing fails it keeps the error, writes
// nothing more and goes on giving credit back, so that engines never wait for it.
class SinkThread {
 public:
  // `writer` has begun or resumed; the thread alone uses it until Join has returned. Both must outlive it.
  SinkThread(RowChannel& channel, ResultWriter& writer);
  // The channel must be closed.
  ~SinkThread();
  SinkThread(const SinkThread&) = delete;
  SinkThread& operator=(const SinkThread&) = delete;

  // Whether writing has failed; the sweep should end.
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  // Waits until the channel is closed and empty, and everything is flushed; the error, if there was one.
  absl::Status Join();
  // Of the rows that were handed to the writer so far, and of those before; any thread may ask.
  SinkCounts counts() const;

 private:
  void Run();
  // Also where nothing came in time.
  absl::Status Take(const RowBlock* block);

  RowChannel& channel_;
  ResultWriter& writer_;
  std::atomic<bool> failed_ = false;
  absl::Status status_;  // Of the thread until it has ended.
  mutable std::mutex mutex_;
  SinkCounts counts_;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_SINK_THREAD_H_
