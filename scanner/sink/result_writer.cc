#include "scanner/sink/result_writer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "scanner/sink/record_bytes.h"

namespace scanner {
namespace {

class NoRowGroups final : public RowGroupLog {
 public:
  uint64_t row_groups() const override { return 0; }
  absl::Status ForEach(Visit /*visit*/) const override { return absl::OkStatus(); }
};

}  // namespace

ResultWriter::ResultWriter(Parts parts) : parts_(std::move(parts)), sink_(parts_.make_sink()) {
  assert(parts_.journal == nullptr || parts_.listener != nullptr);
}

const RowGroupLog& ResultWriter::log() const {
  static const NoRowGroups none;
  if (parts_.journal != nullptr) return *parts_.journal;
  if (parts_.spool != nullptr) return *parts_.spool;
  return none;
}

absl::Status ResultWriter::Begin(netio::Instant now) {
  if (absl::Status status = sink_->Begin(); !status.ok()) return status;
  last_checkpoint_ = now;
  // From now on there is always something that the file can be cut back to.
  return parts_.journal != nullptr ? Checkpoint(now) : absl::OkStatus();
}

absl::Status ResultWriter::Resume(const JournalState& state, netio::Instant now) {
  last_checkpoint_ = now;
  counts_ = state.counts;
  durable_length_ = state.length;
  Record record;
  for (std::span<const uint8_t> bytes = state.open_records; !bytes.empty();) {
    if (!ReadRecordBytes(bytes, record)) return absl::DataLossError("the journal holds a row that is none");
    if (absl::Status status = sink_->Write(record); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ResultWriter::Write(const RowBlock& block, netio::Instant now) {
  if (absl::Status status = WriteRows(block); !status.ok()) return status;
  if (parts_.listener != nullptr) parts_.listener->OnCompleted(completions_);
  if (!new_since_) new_since_ = now;
  return Tick(now);
}

absl::Status ResultWriter::WriteRows(const RowBlock& block) {
  completions_.clear();
  for (size_t position = 0; block.Read(position, row_);) {
    const bool wanted = parts_.filter.Matches(row_.header);
    if (wanted) {
      if (absl::Status status = sink_->Write(parts_.builder->Build(row_)); !status.ok()) return status;
    }
    counts_.Add(row_.header, wanted);
    completions_.push_back({.block = row_.header.block, .offset = row_.header.offset});
  }
  return sink_->Drain();
}

netio::Instant ResultWriter::NextTick() const {
  if (!new_since_) return netio::Instant::max();
  if (sink_->WantsCheckpoint()) return last_checkpoint_ + kHaste;
  return parts_.journal != nullptr ? *new_since_ + kInterval : netio::Instant::max();
}

absl::Status ResultWriter::Tick(netio::Instant now) {
  return now < NextTick() ? absl::OkStatus() : Checkpoint(now);
}

absl::Status ResultWriter::Flush(netio::Instant now) {
  // Without a journal nothing is gained by cutting the file where it can be read.
  if (parts_.journal == nullptr) return sink_->WantsCheckpoint() ? Checkpoint(now) : absl::OkStatus();
  // In the file at once, so that they are not kept in the journal first.
  if (parts_.listener->AllCompleted()) {
    if (absl::Status status = sink_->EndRowGroup(); !status.ok()) return status;
  }
  return Checkpoint(now);
}

absl::Status ResultWriter::Checkpoint(netio::Instant now) {
  SinkCheckpoint taken;
  if (absl::Status status = sink_->Checkpoint(scope_, taken); !status.ok()) return status;
  last_checkpoint_ = now;
  new_since_.reset();
  if (parts_.journal == nullptr) {
    return parts_.spool != nullptr ? parts_.spool->Append(taken.row_groups) : absl::OkStatus();
  }
  const absl::StatusOr<uint64_t> length = parts_.file->Size();
  if (!length.ok()) return length.status();
  if (absl::Status status = parts_.file->Sync(); !status.ok()) return status;
  const bool replaces = scope_ == CheckpointScope::kAll || !taken.row_groups.empty();
  const JournalState state{.length = *length,
                           .counts = counts_,
                           .progress = parts_.listener->Progress(),
                           .replaces = replaces,
                           .open_records = std::move(taken.open_records),
                           .row_groups = std::move(taken.row_groups)};
  if (absl::Status status = parts_.journal->Append(state); !status.ok()) return status;
  durable_length_ = *length;
  scope_ = CheckpointScope::kSinceLast;
  return parts_.journal->WorthRewriting() ? parts_.journal->Rewrite() : absl::OkStatus();
}

absl::Status ResultWriter::Finish(const FileFacts& facts) { return sink_->Finish(log(), facts); }

void ResultWriter::Salvage(const FileFacts& facts) {
  // The journal must not claim what is cut off next: a record that was not confirmed may be there.
  if (parts_.journal == nullptr || !parts_.journal->CutTail().ok()) return;
  if (!parts_.file->Truncate(durable_length_).ok()) return;
  // What the old one keeps refers to what is cut off.
  sink_ = parts_.make_sink();
  if (sink_->Finish(log(), facts).ok()) parts_.file->Sync().IgnoreError();
}

}  // namespace scanner
