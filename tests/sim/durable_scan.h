// A scan without a network: a cursor that gives targets, rows that are a function of their target, and the
// real way from a row to a durable file, on a simulated disk.
#ifndef TESTS_SIM_DURABLE_SCAN_H_
#define TESTS_SIM_DURABLE_SCAN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "netio/instant.h"
#include "netio/sim_random.h"
#include "netio/sim_storage.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/block_progress.h"
#include "scanner/core/blocks.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/journal.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/result_writer.h"
#include "scanner/sink/row_filter.h"
#include "scanner/sink/scan_files.h"
#include "tests/sim/failing_storage.h"

namespace sim {

using TargetId = std::pair<uint64_t, uint8_t>;  // Position of the block, and offset.
using RowsByAddress = std::map<std::string, std::string>;

struct DurableScanOptions {
  std::vector<std::string> targets;
  scanner::CursorOptions order;
  scanner::OutputFormat format;
  scanner::ParquetOptions parquet;
  std::string only = "all";
};

// How a run of the scan ended.
enum class RunEnd : uint8_t {
  kComplete,
  kInterrupted,  // As asked; what is there was made readable.
  kFailed,       // An error of the disk; what could be saved was.
  kPowerFailed,
};

class DurableScan {
 public:
  static constexpr const char* kName = "sweep";
  // Longer than this nothing happens that could make a checkpoint.
  static constexpr netio::Duration kLongestStep = std::chrono::milliseconds(400);

  explicit DurableScan(const DurableScanOptions& options);

  netio::SimStorage& disk() { return disk_; }
  FailingStorage& storage() { return storage_; }
  uint64_t targets() const { return sweep_.shard_targets(); }

  // One run, from what is there. `random` decides what is done when; stops after `most` targets.
  RunEnd Run(netio::SimRandom& random, uint64_t most);

  // What is on the disk now must be something to go on with: fails the test otherwise. Then the rows that are
  // durable are exactly those of the targets that the journal says are done, among them all that a run was
  // told are.
  void ExpectSound();
  // The file with its name, and nothing else, has every row once.
  void ExpectComplete();
  // FILE.partial can be read as it is, and has the rows of the targets that the journal says are done.
  void ExpectReadable();

  // Targets that a run was told are durable.
  uint64_t acknowledged() const { return acknowledged_; }
  // Rows that were made in all runs.
  uint64_t asked() const { return asked_; }

 private:
  class Listener;
  struct Live;

  absl::Status Begin(Live& live);
  RunEnd Sweep(Live& live, netio::SimRandom& random, uint64_t most);
  absl::Status WriteSome(Live& live, netio::SimRandom& random, uint64_t& left);
  RunEnd End(Live& live, absl::Status status, bool complete);
  RunEnd Broken() const { return storage_.failed() ? RunEnd::kPowerFailed : RunEnd::kFailed; }
  scanner::ScanFiles::Request Request() const;
  scanner::JournalHeader Header() const;
  std::unique_ptr<scanner::RowSink> MakeSink(netio::StorageFile& file) const;
  void AppendRow(const TargetId& target, scanner::RowBlock& block) const;
  // Those that the filter lets through.
  RowsByAddress ExpectedRows(const std::set<TargetId>& targets) const;
  std::set<TargetId> AllTargets() const;
  std::set<TargetId> Completed(const scanner::JournalState& state) const;
  RowsByAddress ReadRows(const std::vector<uint8_t>& octets) const;

  const DurableScanOptions options_;
  const scanner::RowFilter filter_;
  const scanner::BlockSet blocks_;
  const scanner::BlockCursor sweep_;
  netio::SimStorage disk_;
  FailingStorage storage_;
  netio::Instant now_{};
  uint64_t acknowledged_ = 0;
  uint64_t asked_ = 0;
};

}  // namespace sim

#endif  // TESTS_SIM_DURABLE_SCAN_H_
