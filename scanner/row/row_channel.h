// Bounded queue of RowBlocks from engines to the sink's thread, and the way back for empty ones.
//
// Engines never wait here: they ask for credit before they claim a target (Reserve), and stop claiming while
// there is none, so that a slow sink slows the sweep and loses nothing.
#ifndef SCANNER_ROW_ROW_CHANNEL_H_
#define SCANNER_ROW_ROW_CHANNEL_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "scanner/row/row_block.h"

namespace scanner {

class RowChannel {
 public:
  // `credit_bytes`: what reserved, filled and unread rows may take together, apart from rows of unusual size.
  explicit RowChannel(size_t credit_bytes);

  // ---- Engines ----
  // Takes `bytes` of credit for a row to come; false when there is none.
  bool Reserve(size_t bytes);
  // Gives credit back that was reserved: of a target that was not claimed after all, or for what a row took
  // less than reserved. Negative: a row took more.
  void Adjust(int64_t bytes);
  // An empty block to fill.
  std::unique_ptr<RowBlock> Take();
  // Hands a filled block over. Its bytes() stay on the credit until the sink has given the block back. A
  // block that fits behind the last one waiting joins it, so that many small ones take no more memory than
  // few full ones.
  void Push(std::unique_ptr<RowBlock> block);
  // No block will follow.
  void Close();

  // ---- The sink's thread ----
  // Waits for a block; null when the channel is closed and empty.
  std::unique_ptr<RowBlock> Pop();
  // Waits `at_most` for a block; null when none came, or none will: Finished() tells.
  std::unique_ptr<RowBlock> Pop(std::chrono::nanoseconds at_most);
  // The channel is closed and empty.
  bool Finished() const;
  // A block that waits already; null when none does.
  std::unique_ptr<RowBlock> TryPop();
  // The rows of `block` are written.
  void GiveBack(std::unique_ptr<RowBlock> block);

 private:
  std::unique_ptr<RowBlock> PopLocked();

  std::atomic<int64_t> credit_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::unique_ptr<RowBlock>> queue_;   // Guarded by mutex_.
  std::vector<std::unique_ptr<RowBlock>> empty_;  // Guarded by mutex_.
  bool closed_ = false;                           // Guarded by mutex_.
};

}  // namespace scanner

#endif  // SCANNER_ROW_ROW_CHANNEL_H_
