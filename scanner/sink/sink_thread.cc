#include "scanner/sink/sink_thread.h"

#include <memory>
#include <utility>

namespace scanner {

SinkThread::SinkThread(RowChannel& channel, RecordBuilder& builder, RowSink& sink, RowFilter filter,
                       CompletionListener* listener)
    : channel_(channel),
      builder_(builder),
      sink_(sink),
      filter_(filter),
      listener_(listener),
      thread_([this] { Run(); }) {}

SinkThread::~SinkThread() {
  if (thread_.joinable()) thread_.join();
}

absl::Status SinkThread::Join() {
  if (thread_.joinable()) thread_.join();
  return status_;
}

SinkCounts SinkThread::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void SinkThread::Run() {
  while (std::unique_ptr<RowBlock> block = channel_.Pop()) {
    if (status_.ok()) WriteBlock(*block);
    channel_.GiveBack(std::move(block));
  }
  if (status_.ok()) {
    SinkCheckpoint checkpoint;
    absl::Status status = sink_.Checkpoint(CheckpointScope::kSinceLast, checkpoint);
    if (!status.ok()) Fail(std::move(status));
  }
}

void SinkThread::Fail(absl::Status status) {
  status_ = std::move(status);
  failed_.store(true, std::memory_order_relaxed);
}

void SinkThread::WriteBlock(const RowBlock& block) {
  if (absl::Status status = WriteRows(block); !status.ok()) {
    Fail(std::move(status));
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    counts_ = running_;
  }
  if (listener_ != nullptr) listener_->OnCompleted(completions_);
}

absl::Status SinkThread::WriteRows(const RowBlock& block) {
  completions_.clear();
  for (size_t position = 0; block.Read(position, row_);) {
    const bool wanted = filter_.Matches(row_.header);
    if (wanted) {
      if (absl::Status status = sink_.Write(builder_.Build(row_)); !status.ok()) return status;
    }
    running_.Add(row_.header, wanted);
    completions_.push_back({.block = row_.header.block, .offset = row_.header.offset});
  }
  return sink_.Drain();
}

}  // namespace scanner
