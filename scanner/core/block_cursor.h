// The order in which a sweep opens its blocks, and which of them belong to this shard: SPEC section 4.
#ifndef SCANNER_CORE_BLOCK_CURSOR_H_
#define SCANNER_CORE_BLOCK_CURSOR_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/core/blocks.h"
#include "scanner/core/ip_address.h"
#include "scanner/core/permutation.h"

namespace scanner {

enum class Order : uint8_t { kRandom, kSequential };

struct CursorOptions {
  Order order = Order::kRandom;
  uint64_t seed = 0;
  uint32_t shard = 0;   // shard < shards.
  uint32_t shards = 1;  // At least 1.
  uint64_t start = 0;   // Positions before this one are not given.
};

struct OpenBlock {
  uint64_t position;  // In the order of all blocks of all shards; depends on targets, exclusions, order and
                      // seed only.
  IpAddress base;     // Address of offset 0.
  TargetBitmap targets;
};

// Which units of a sweep belong to a shard. A unit is a run while there are at least 100 runs a shard, else a
// block.
class ShardFilter {
 public:
  // `blocks` outlives the filter. It must not be empty.
  ShardFilter(const BlockSet& blocks, uint64_t seed, uint32_t shard, uint32_t shards);

  bool by_runs() const { return by_runs_; }
  // block < blocks.blocks().
  bool Contains(uint64_t block) const;

 private:
  const BlockSet& blocks_;
  uint32_t shard_;
  uint32_t shards_;
  bool by_runs_;
  Permutation units_;
};

// Gives every block of this shard once. One cursor is shared by all threads: Next() is lock-free, everything
// else is immutable. Neither order nor threads change which blocks a shard has.
class BlockCursor {
 public:
  // `blocks` outlives the cursor.
  BlockCursor(const BlockSet& blocks, const CursorOptions& options) : BlockCursor(blocks, options, {}) {}
  // Of a sweep that goes on: first gives `open`, blocks before `options.start` with what is left of their
  // targets, then those from there on.
  BlockCursor(const BlockSet& blocks, const CursorOptions& options, std::vector<OpenBlock> open);

  // The next block, nothing after the last one.
  std::optional<OpenBlock> Next();

  // The block at `position` < blocks.blocks(), which need not belong to this shard.
  OpenBlock At(uint64_t position) const;
  // The same, nothing when it does not.
  std::optional<OpenBlock> InShard(uint64_t position) const;

  // Positions are below this.
  uint64_t positions() const { return blocks_.blocks(); }
  // What this shard has in all, whatever there was to go on with.
  uint64_t shard_blocks() const { return shard_blocks_; }
  uint64_t shard_targets() const { return shard_targets_; }
  // What Next gives in all.
  uint64_t targets_to_give() const { return targets_to_give_; }

 private:
  uint64_t BlockAt(uint64_t position) const;
  OpenBlock Open(uint64_t position, uint64_t block) const;
  void CountShard();
  uint64_t CountToGive(uint64_t start) const;

  const BlockSet& blocks_;
  std::optional<Permutation> order_;   // Nothing: sequential, or no blocks.
  std::optional<ShardFilter> filter_;  // Nothing: one shard, or no blocks.
  uint64_t shard_blocks_ = 0;
  uint64_t shard_targets_ = 0;
  uint64_t targets_to_give_ = 0;
  const std::vector<OpenBlock> open_;  // Given before all others.
  std::atomic<size_t> next_open_ = 0;  // In open_; may run beyond its end.
  std::atomic<uint64_t> next_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_BLOCK_CURSOR_H_
