// Runs a sweep: the engines' threads, what ends them early, and how far they are.
#ifndef SCANNER_CLI_DRIVER_H_
#define SCANNER_CLI_DRIVER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/instant.h"
#include "scanner/cli/driver_events.h"
#include "scanner/cli/engine_thread.h"
#include "scanner/cli/scan_plan.h"
#include "scanner/cli/sweep_snapshot.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/servers.h"
#include "scanner/core/target_budget.h"
#include "scanner/row/row_channel.h"
#include "scanner/sink/sink_thread.h"

namespace scanner {

enum class SweepEnd : uint8_t {
  kComplete,  // Every target has its row.
  kInterrupted,
  kMaxTargets,
  kMaxRuntime,
  kNobodyAnswers,  // No server ever has.
  kSilence,        // None has for Driver::kSilence.
  kWriteFailed,
};

class Driver {
 public:
  // What is in flight may take this long when a sweep is ended.
  static constexpr netio::Duration kFinishTime = std::chrono::seconds(2);
  static constexpr netio::Duration kSilence = std::chrono::seconds(120);

  // Opens the sockets. `cursor` outlives the driver.
  static absl::StatusOr<std::unique_ptr<Driver>> Open(const ScanPlan& plan, BlockCursor& cursor);

  // Where the engines' rows come out.
  RowChannel& rows() { return rows_; }
  const ServerTable& servers() const { return servers_; }
  // Not empty: one line to be shown, about the transport.
  const std::string& notice() const { return notice_; }

  // Sends packets until the sweep ends; then all rows have been handed over and the channel is closed. Calls
  // `tick` a few times a second.
  SweepEnd Run(const SinkThread& sink, const std::function<void(const SweepSnapshot&)>& tick);

  // Of this run alone, but for the rows, which are counted as `sink` does.
  SweepSnapshot Snapshot(const SinkThread& sink) const;
  // The same without rows and time. Any thread.
  SweepSnapshot EngineSnapshot() const;

  // After Run: smoothed, microseconds, mean over the engines that have an estimate; nothing without one.
  std::optional<int64_t> RttOf(ServerIndex server) const;

 private:
  Driver(const ScanPlan& plan, BlockCursor& cursor);

  absl::Status OpenEngines(const ScanPlan& plan);
  void End(SweepEnd why, Stop how, netio::Instant now);
  void CheckServers(netio::Instant now);
  bool AllEnded() const;
  bool Complete(const SinkThread& sink) const;

  BlockCursor& cursor_;
  const std::optional<std::chrono::seconds> max_runtime_;
  const DriverEvents events_;
  TargetBudget budget_;
  ServerTable servers_;
  RowChannel rows_;
  std::atomic<Stop> stop_ = Stop::kNo;
  std::vector<std::unique_ptr<EngineThread>> engines_;
  std::string notice_;

  netio::Instant started_{};
  std::optional<netio::Instant> ended_;
  std::optional<SweepEnd> why_;  // Of the first call of End.
  netio::Instant abandon_at_ = netio::Instant::max();
  // For kSilence: since when packets go out that nobody answers.
  netio::Instant last_answer_ = netio::Instant::min();
  uint64_t sent_at_answer_ = 0;
  std::optional<netio::Instant> unanswered_since_;
};

}  // namespace scanner

#endif  // SCANNER_CLI_DRIVER_H_
