#include "scanner/core/open_blocks.h"

#include <bit>
#include <optional>

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

constexpr uint32_t Digits(uint32_t octet) { return octet < 10 ? 1 : octet < 100 ? 2 : 3; }

// The offsets of so many digits.
TargetBitmap OfDigits(const TargetBitmap& bitmap, uint32_t digits) {
  constexpr uint64_t kOne = 0x3FF;                     // 0 to 9
  constexpr uint64_t kLow = ~kOne;                     // 10 to 63
  constexpr uint64_t kHigh = (uint64_t{1} << 36) - 1;  // 64 to 99
  TargetBitmap out;
  switch (digits) {
    case 1:
      out.words = {bitmap.words[0] & kOne, 0, 0, 0};
      break;
    case 2:
      out.words = {bitmap.words[0] & kLow, bitmap.words[1] & kHigh, 0, 0};
      break;
    default:
      out.words = {0, bitmap.words[1] & ~kHigh, bitmap.words[2], bitmap.words[3]};
      break;
  }
  return out;
}

// Digits of the first three octets of an IPv4 address.
uint32_t BaseDigits(const OpenBlock& block) {
  return Digits(block.base.octets[0]) + Digits(block.base.octets[1]) + Digits(block.base.octets[2]);
}

// Digits of all four octets; all IPv6 owner names have one length, which is 0 here.
uint32_t LengthOf(const OpenBlock& block, uint8_t offset) {
  return block.base.family == Family::kIpv6 ? 0 : BaseDigits(block) + Digits(offset);
}

// The offsets whose owner names have this length.
TargetBitmap OfLength(const OpenBlock& block, uint32_t length) {
  if (block.base.family == Family::kIpv6) return length == 0 ? block.targets : TargetBitmap{};
  const uint32_t base = BaseDigits(block);
  return length > base && length - base <= 3 ? OfDigits(block.targets, length - base) : TargetBitmap{};
}

// Each block begins somewhere else, or the last label would be the same in a whole turn.
uint8_t StartOf(const OpenBlock& block) {
  return static_cast<uint8_t>(block.position * 0x9E3779B97F4A7C15U >> 56);
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
  return !open_.empty() || !aside_.empty();
}

void OpenBlocks::TakeBack(netio::Instant now) {
  while (!aside_.empty() && aside_.front().until <= now) {
    open_.push_back(aside_.front().block);
    aside_.pop_front();
  }
}

bool OpenBlocks::Admit(size_t index, netio::Instant now, Admits admits) {
  if (aside_.size() == most_ || admits(open_[index].base)) return true;
  aside_.push_back({.until = now + kAside, .block = open_[index]});
  open_[index] = open_.back();
  open_.pop_back();
  return false;
}

TargetAddress OpenBlocks::Take(size_t index, uint8_t offset) {
  OpenBlock& block = open_[index];
  last_ = block.position;
  block.targets.Clear(offset);
  const TargetAddress target{
      .address = WithOffset(block.base, offset), .position = block.position, .offset = offset};
  turn_ = index;
  if (block.targets.Empty()) {
    open_[index] = open_.back();
    open_.pop_back();
  } else {
    ++turn_;
  }
  return target;
}

size_t OpenBlocks::TakeRun(std::span<TargetAddress> out, netio::Instant now, Admits admits) {
  if (out.empty()) return 0;
  TakeBack(now);
  Refill();
  if (open_.empty()) return 0;
  // Each block in turn says what length a run has, so that none waits for ever.
  if (++leader_ >= open_.size()) leader_ = 0;
  if (open_[leader_].position == last_ && open_.size() > 1 && ++leader_ == open_.size()) leader_ = 0;
  while (!Admit(leader_, now, admits)) {
    if (open_.empty()) Refill();
    if (open_.empty()) return 0;
    if (leader_ >= open_.size()) leader_ = 0;
  }
  const OpenBlock& block = open_[leader_];
  const uint8_t offset = NextOffset(block.targets, StartOf(block));
  const uint32_t length = LengthOf(block, offset);
  out[0] = Take(leader_, offset);
  size_t taken = 1;
  for (uint32_t looks = 0; taken < out.size() && looks < kLooks && !open_.empty();) {
    if (turn_ >= open_.size()) turn_ = 0;
    if (open_[turn_].position == last_ && open_.size() > kFew) break;
    const TargetBitmap fitting = OfLength(open_[turn_], length);
    if (fitting.Empty()) {
      ++turn_;
      ++looks;
      continue;
    }
    looks = 0;
    if (!Admit(turn_, now, admits)) continue;
    out[taken++] = Take(turn_, NextOffset(fitting, StartOf(open_[turn_])));
  }
  return taken;
}

}  // namespace scanner
