#include "scanner/core/block_cursor.h"

#include <cassert>
#include <utility>

namespace scanner {
namespace {

// While a shard gets at least this many runs, one run more or less is at most a hundredth of its work.
constexpr uint64_t kRunsPerShard = 100;

// The order and the shards are two permutations of one seed that must not be alike.
constexpr uint64_t kShardSeedOffset = 0x5348'4152'4453U;

bool SplitByRuns(const BlockSet& blocks, uint32_t shards) { return blocks.runs() / kRunsPerShard >= shards; }

}  // namespace

ShardFilter::ShardFilter(const BlockSet& blocks, uint64_t seed, uint32_t shard, uint32_t shards)
    : blocks_(blocks),
      shard_(shard),
      shards_(shards),
      by_runs_(SplitByRuns(blocks, shards)),
      units_(by_runs_ ? blocks.runs() : blocks.blocks(), seed + kShardSeedOffset) {
  assert(shard < shards);
}

bool ShardFilter::Contains(uint64_t block) const {
  return units_(by_runs_ ? blocks_.Run(block) : block) % shards_ == shard_;
}

BlockCursor::BlockCursor(const BlockSet& blocks, const CursorOptions& options, std::vector<OpenBlock> open)
    : blocks_(blocks), open_(std::move(open)), next_(options.start) {
  assert(options.shard < options.shards);
  if (blocks.blocks() == 0) return;
  if (options.order == Order::kRandom) order_.emplace(blocks.blocks(), options.seed);
  if (options.shards > 1) filter_.emplace(blocks, options.seed, options.shard, options.shards);
  CountShard();
  targets_to_give_ = CountToGive(options.start);
}

std::optional<OpenBlock> BlockCursor::Next() {
  // Nothing is published through the positions, so that their order with other memory does not matter.
  if (next_open_.load(std::memory_order_relaxed) < open_.size()) {
    const size_t index = next_open_.fetch_add(1, std::memory_order_relaxed);
    if (index < open_.size()) return open_[index];
  }
  while (next_.load(std::memory_order_relaxed) < blocks_.blocks()) {
    const uint64_t position = next_.fetch_add(1, std::memory_order_relaxed);
    if (position >= blocks_.blocks()) break;
    if (const std::optional<OpenBlock> block = InShard(position)) return block;
  }
  return std::nullopt;
}

std::optional<OpenBlock> BlockCursor::InShard(uint64_t position) const {
  assert(position < blocks_.blocks());
  const uint64_t block = BlockAt(position);
  if (filter_ && !filter_->Contains(block)) return std::nullopt;
  return Open(position, block);
}

OpenBlock BlockCursor::At(uint64_t position) const {
  assert(position < blocks_.blocks());
  return Open(position, BlockAt(position));
}

uint64_t BlockCursor::BlockAt(uint64_t position) const { return order_ ? (*order_)(position) : position; }

OpenBlock BlockCursor::Open(uint64_t position, uint64_t block) const {
  return {.position = position, .base = blocks_.Base(block), .targets = blocks_.Bitmap(block)};
}

void BlockCursor::CountShard() {
  if (!filter_) {
    shard_blocks_ = blocks_.blocks();
    shard_targets_ = blocks_.targets();
    return;
  }
  for (uint64_t block = 0; block < blocks_.blocks(); ++block) {
    if (!filter_->Contains(block)) continue;
    ++shard_blocks_;
    shard_targets_ += blocks_.Bitmap(block).Count();
  }
}

uint64_t BlockCursor::CountToGive(uint64_t start) const {
  uint64_t targets = 0;
  for (const OpenBlock& block : open_) targets += block.targets.Count();
  if (start == 0) return targets + shard_targets_;
  for (uint64_t position = start; position < blocks_.blocks(); ++position) {
    if (const std::optional<OpenBlock> block = InShard(position)) targets += block->targets.Count();
  }
  return targets;
}

}  // namespace scanner
