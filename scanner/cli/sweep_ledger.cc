#include "scanner/cli/sweep_ledger.h"

#include <optional>

#include "absl/status/statusor.h"
#include "scanner/row/byte_reader.h"

namespace scanner {

absl::Status SweepLedger::Resume(const JournalState& state) {
  ByteReader reader(state.progress);
  std::optional<RunTotals> totals = RunTotals::Read(reader);
  if (!totals) return absl::InvalidArgumentError("its counts cannot be read");
  absl::StatusOr<BlockProgress> progress = BlockProgress::Parse(sweep_, reader.Raw(reader.left()));
  if (!progress.ok()) return progress.status();
  if (progress->completed() != state.counts.completed) {
    return absl::InvalidArgumentError("its counts are not those of what is done");
  }
  earlier_ = *std::move(totals);
  progress_ = *std::move(progress);
  return absl::OkStatus();
}

void SweepLedger::OnCompleted(std::span<const Completion> completions) {
  for (const Completion& done : completions) progress_.Complete(done.block, done.offset);
}

std::vector<uint8_t> SweepLedger::Progress() const {
  RunTotals totals = earlier_;
  if (totals_) totals.Add(totals_());
  std::vector<uint8_t> octets;
  totals.Write(octets);
  progress_.Serialize(octets);
  return octets;
}

}  // namespace scanner
