#include "scanner/core/block_progress.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string>

#include "scanner/row/byte_reader.h"
#include "scanner/row/byte_writer.h"

namespace scanner {
namespace {

bool IsSubset(const TargetBitmap& part, const TargetBitmap& whole) {
  for (size_t i = 0; i < part.words.size(); ++i) {
    if ((part.words[i] & ~whole.words[i]) != 0) return false;
  }
  return true;
}

absl::Status Refuse(const std::string& why) {
  return absl::InvalidArgumentError("the progress of the sweep " + why);
}

}  // namespace

void BlockProgress::Complete(uint64_t position, uint8_t offset) {
  if (position >= next_) Advance(position);
  assert(!blocks_.empty());
  // Positions rise by one at least from block to block, which leaves few places to look at, mostly one.
  const uint64_t size = blocks_.size();
  const uint64_t first = size - std::min(size, next_ - position);
  const uint64_t last = std::min(size - 1, position - blocks_.front().position);
  const auto at = [this](uint64_t index) { return blocks_.begin() + static_cast<std::ptrdiff_t>(index); };
  const auto found = std::partition_point(at(first), at(last + 1),
                                          [position](const Block& b) { return b.position < position; });
  assert(found != blocks_.end() && found->position == position && found->pending.Test(offset));
  found->pending.Clear(offset);
  ++completed_;
  if (!found->pending.Empty()) return;
  ++done_;
  // Seldom enough that a block costs a few moves in all, often enough that half of the memory is of use.
  if (done_ > blocks_.size() / 2) ForgetDone();
}

void BlockProgress::Advance(uint64_t position) {
  assert(position < cursor_->positions());
  for (; next_ <= position; ++next_) {
    if (const std::optional<OpenBlock> block = cursor_->InShard(next_)) {
      blocks_.push_back({.position = next_, .pending = block->targets});
    }
  }
}

void BlockProgress::ForgetDone() {
  std::erase_if(blocks_, [](const Block& block) { return block.pending.Empty(); });
  done_ = 0;
}

std::vector<OpenBlock> BlockProgress::Open() const {
  std::vector<OpenBlock> open;
  open.reserve(blocks_.size() - done_);
  for (const Block& block : blocks_) {
    if (block.pending.Empty()) continue;
    open.push_back(cursor_->At(block.position));
    open.back().targets = block.pending;
  }
  return open;
}

// next, how many blocks are open, and of each: how far its position is from that of the one before, and its
// four words.
void BlockProgress::Serialize(std::vector<uint8_t>& out) const {
  ByteWriter writer(out);
  writer.Varint(next_);
  writer.Varint(blocks_.size() - done_);
  uint64_t previous = 0;
  for (const Block& block : blocks_) {
    if (block.pending.Empty()) continue;
    writer.Varint(block.position - previous);
    previous = block.position;
    for (const uint64_t word : block.pending.words) writer.Fixed64(word);
  }
}

absl::StatusOr<BlockProgress> BlockProgress::Parse(const BlockCursor& cursor,
                                                   std::span<const uint8_t> octets) {
  BlockProgress progress(cursor);
  ByteReader reader(octets);
  progress.next_ = reader.Varint();
  const uint64_t count = reader.Varint();
  if (!reader.ok()) return Refuse("is cut off");
  if (progress.next_ > cursor.positions()) return Refuse("has more blocks than the sweep");
  uint64_t pending = 0;
  uint64_t previous = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t distance = reader.Varint();
    Block block{.position = previous + distance, .pending = {}};
    for (uint64_t& word : block.pending.words) word = reader.Fixed64();
    if (!reader.ok()) return Refuse("is cut off");
    const bool in_order = block.position >= previous && (i == 0 || distance != 0);
    if (!in_order || block.position >= progress.next_) return Refuse("has blocks out of order");
    const std::optional<OpenBlock> whole = cursor.InShard(block.position);
    if (!whole) return Refuse("has a block of another shard");
    if (block.pending.Empty() || !IsSubset(block.pending, whole->targets)) {
      return Refuse("has other targets than the sweep");
    }
    pending += block.pending.Count();
    previous = block.position;
    progress.blocks_.push_back(block);
  }
  if (!reader.AtEnd()) return Refuse("is longer than it says");
  progress.completed_ = progress.CompletedBefore(progress.next_) - pending;
  return progress;
}

uint64_t BlockProgress::CompletedBefore(uint64_t next) const {
  if (next == cursor_->positions()) return cursor_->shard_targets();
  uint64_t targets = 0;
  for (uint64_t position = 0; position < next; ++position) {
    if (const std::optional<OpenBlock> block = cursor_->InShard(position)) targets += block->targets.Count();
  }
  return targets;
}

}  // namespace scanner
