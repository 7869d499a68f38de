#include "scanner/row/row_channel.h"

#include <cassert>
#include <utility>

namespace scanner {

RowChannel::RowChannel(size_t credit_bytes) : credit_(static_cast<int64_t>(credit_bytes)) {}

bool RowChannel::Reserve(size_t bytes) {
  const auto wanted = static_cast<int64_t>(bytes);
  int64_t credit = credit_.load(std::memory_order_relaxed);
  // What was written under the credit is handed over by the mutex; the number itself orders nothing.
  while (credit >= wanted) {
    if (credit_.compare_exchange_weak(credit, credit - wanted, std::memory_order_relaxed)) return true;
  }
  return false;
}

void RowChannel::Adjust(int64_t bytes) { credit_.fetch_add(bytes, std::memory_order_relaxed); }

std::unique_ptr<RowBlock> RowChannel::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!empty_.empty()) {
      std::unique_ptr<RowBlock> block = std::move(empty_.back());
      empty_.pop_back();
      return block;
    }
  }
  return std::make_unique<RowBlock>();
}

void RowChannel::Push(std::unique_ptr<RowBlock> block) {
  {
    const std::lock_guard lock(mutex_);
    assert(!closed_);
    if (!queue_.empty() && queue_.back()->bytes() + block->bytes() <= RowBlock::kBytes) {
      queue_.back()->AppendRows(*block);
      block->Clear();
      empty_.push_back(std::move(block));
      return;  // The sink was woken for the block that was there.
    }
    queue_.push_back(std::move(block));
  }
  filled_.notify_one();
}

void RowChannel::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

std::unique_ptr<RowBlock> RowChannel::Pop() {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return !queue_.empty() || closed_; });
  return PopLocked();
}

std::unique_ptr<RowBlock> RowChannel::Pop(std::chrono::nanoseconds at_most) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, at_most, [this] { return !queue_.empty() || closed_; });
  return PopLocked();
}

bool RowChannel::Finished() const {
  const std::lock_guard lock(mutex_);
  return closed_ && queue_.empty();
}

std::unique_ptr<RowBlock> RowChannel::TryPop() {
  const std::lock_guard lock(mutex_);
  return PopLocked();
}

std::unique_ptr<RowBlock> RowChannel::PopLocked() {
  if (queue_.empty()) return nullptr;
  std::unique_ptr<RowBlock> block = std::move(queue_.front());
  queue_.pop_front();
  return block;
}

void RowChannel::GiveBack(std::unique_ptr<RowBlock> block) {
  const auto bytes = static_cast<int64_t>(block->bytes());
  block->Clear();
  {
    const std::lock_guard lock(mutex_);
    empty_.push_back(std::move(block));
  }
  credit_.fetch_add(bytes, std::memory_order_relaxed);
}

}  // namespace scanner
