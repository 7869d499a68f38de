#include "scanner/core/open_blocks.h"

#include <bit>

namespace scanner {
namespace {

// The first offset at or after `start` that is set, going round; one is.
uint8_t NextOffset(const TargetBitmap& bitmap, uint8_t start) {
  const uint32_t first = start >> 6;
  const uint64_t head = bitmap.words[first] & (~uint64_t{0} << (start & 63));
  if (head != 0) return static_cast<uint8_t>(first * 64 + static_cast<uint32_t>(std::countr_zero(head)));
  for (uint32_t step = 1; step <= 4; ++step) {
    const uint32_t word = (first + step) & 3;
    const uint64_t bits = bitmap.words[word];
    if (bits != 0) return static_cast<uint8_t>(word * 64 + static_cast<uint32_t>(std::countr_zero(bits)));
  }
  return 0;
}

IpAddress WithOffset(IpAddress base, uint8_t offset) {
  base.octets[base.family == Family::kIpv4 ? 3 : 15] = offset;
  return base;
}

}  // namespace

void OpenBlocks::Refill() {
  while (!exhausted_ && open_.size() < most_) {
    const std::optional<OpenBlock> block = cursor_.Next();
    if (!block) {
      exhausted_ = true;
      return;
    }
    if (!block->targets.Empty()) open_.push_back(*block);
  }
}

bool OpenBlocks::HasNext() {
  if (open_.empty()) Refill();
  return !open_.empty();
}

std::optional<TargetAddress> OpenBlocks::Next() {
  if (!exhausted_ && open_.size() < most_) Refill();
  if (open_.empty()) return std::nullopt;
  if (turn_ >= open_.size()) turn_ = 0;
  OpenBlock& block = open_[turn_];
  // Each block begins somewhere else, or the last label would be the same in a whole turn.
  const auto start = static_cast<uint8_t>(block.position * 0x9E3779B97F4A7C15U >> 56);
  const uint8_t offset = NextOffset(block.targets, start);
  block.targets.Clear(offset);
  const TargetAddress target{
      .address = WithOffset(block.base, offset), .position = block.position, .offset = offset};
  if (block.targets.Empty()) {
    open_[turn_] = open_.back();
    open_.pop_back();
  } else {
    ++turn_;
  }
  return target;
}

}  // namespace scanner
