// Which targets of a sweep are done: what must be known to go on with it later.
#ifndef SCANNER_CORE_BLOCK_PROGRESS_H_
#define SCANNER_CORE_BLOCK_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scanner/core/block_cursor.h"

namespace scanner {

// Is told of each target that is done. Memory depends on the blocks that are begun and not done, however far
// apart they are, never on the size of the sweep. One thread owns it.
class BlockProgress {
 public:
  // Nothing is done. `cursor` outlives this; it is used for what positions mean, not to take blocks from.
  explicit BlockProgress(const BlockCursor& cursor) : cursor_(&cursor) {}

  // The target `offset` of the block at `position`, once.
  void Complete(uint64_t position, uint8_t offset);

  // No target at this position or behind it is done.
  uint64_t next() const { return next_; }
  // Targets that are done.
  uint64_t completed() const { return completed_; }
  // The blocks of this shard before next() of which something is left, in the order of positions, with what
  // is left of their targets.
  std::vector<OpenBlock> Open() const;

  // Appends what Parse reads.
  void Serialize(std::vector<uint8_t>& out) const;
  // Every octet of `octets` is suspect. InvalidArgument: it is no progress of the sweep that `cursor` belongs
  // to.
  static absl::StatusOr<BlockProgress> Parse(const BlockCursor& cursor, std::span<const uint8_t> octets);

 private:
  struct Block {
    uint64_t position;
    TargetBitmap pending;  // Empty: done, and about to be forgotten.
  };
  static_assert(sizeof(Block) == 40, "65,536 open blocks take 2.5 MiB");

  // Opens the blocks of this shard up to `position`.
  void Advance(uint64_t position);
  void ForgetDone();
  uint64_t CompletedBefore(uint64_t next) const;

  const BlockCursor* cursor_;
  std::vector<Block> blocks_;  // By position.
  size_t done_ = 0;            // Of blocks_, those of which nothing is pending.
  uint64_t next_ = 0;
  uint64_t completed_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_CORE_BLOCK_PROGRESS_H_
