// What is done of a sweep, as its journal keeps it.
#ifndef SCANNER_CLI_SWEEP_LEDGER_H_
#define SCANNER_CLI_SWEEP_LEDGER_H_

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "scanner/cli/run_totals.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/block_progress.h"
#include "scanner/sink/journal_state.h"
#include "scanner/sink/result_writer.h"

namespace scanner {

// Fills JournalState::progress with the targets that are done and the totals of all runs.
class SweepLedger final : public CompletionListener {
 public:
  // Nothing is done. `sweep` outlives the ledger; BlockProgress says what it is for.
  explicit SweepLedger(const BlockCursor& sweep) : sweep_(sweep), progress_(sweep) {}

  // Goes on after `state`. InvalidArgument, and nothing is changed: it is none of this sweep.
  absl::Status Resume(const JournalState& state);
  // `totals` gives those of this run; the writer's thread calls it.
  void Watch(std::function<RunTotals()> totals) { totals_ = std::move(totals); }

  const BlockProgress& progress() const { return progress_; }
  // Of the runs before this one.
  const RunTotals& earlier() const { return earlier_; }

  void OnCompleted(std::span<const Completion> completions) override;
  std::vector<uint8_t> Progress() const override;
  bool AllCompleted() const override { return progress_.completed() == sweep_.shard_targets(); }

 private:
  const BlockCursor& sweep_;
  BlockProgress progress_;
  RunTotals earlier_;
  std::function<RunTotals()> totals_;
};

}  // namespace scanner

#endif  // SCANNER_CLI_SWEEP_LEDGER_H_
