#include "scanner/sink/sink_thread.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "netio/clock.h"

namespace scanner {

SinkThread::SinkThread(RowChannel& channel, ResultWriter& writer)
    : channel_(channel), writer_(writer), counts_(writer.counts()), thread_([this] { Run(); }) {}

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
  // Nothing is due for long when nothing was written; a block ends the wait anyway.
  constexpr netio::Duration kLongest = std::chrono::seconds(1);
  while (!channel_.Finished()) {
    const netio::Instant due = status_.ok() ? writer_.NextTick() : netio::Instant::max();
    const netio::Instant now = netio::MonotonicNow();
    const netio::Duration wait = due > now + kLongest ? kLongest : std::max(due - now, netio::Duration(0));
    std::unique_ptr<RowBlock> block = channel_.Pop(wait);
    if (status_.ok()) status_ = Take(block.get());
    if (!status_.ok()) failed_.store(true, std::memory_order_relaxed);
    if (block != nullptr) channel_.GiveBack(std::move(block));
  }
  if (status_.ok()) status_ = writer_.Flush(netio::MonotonicNow());
  if (!status_.ok()) failed_.store(true, std::memory_order_relaxed);
}

absl::Status SinkThread::Take(const RowBlock* block) {
  const netio::Instant now = netio::MonotonicNow();
  if (block == nullptr) return writer_.Tick(now);
  absl::Status status = writer_.Write(*block, now);
  if (status.ok()) {
    const std::lock_guard lock(mutex_);
    counts_ = writer_.counts();
  }
  return status;
}

}  // namespace scanner
