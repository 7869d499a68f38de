#include "scanner/sink/peeking_input.h"

#include <algorithm>

namespace scanner {

absl::StatusOr<std::string_view> PeekingInput::Peek() {
  while (peeked_ < kMostPeeked) {
    const absl::StatusOr<size_t> got = input_->Read(std::span(head_).subspan(peeked_));
    if (!got.ok()) return got.status();
    if (*got == 0) break;
    peeked_ += *got;
  }
  return std::string_view(reinterpret_cast<const char*>(head_.data()), peeked_);
}

absl::StatusOr<size_t> PeekingInput::Read(std::span<uint8_t> out) {
  if (taken_ == peeked_) return input_->Read(out);
  const std::span<const uint8_t> left = std::span(head_).first(peeked_).subspan(taken_);
  const std::span<const uint8_t> part = left.first(std::min(left.size(), out.size()));
  std::ranges::copy(part, out.begin());
  taken_ += part.size();
  return part.size();
}

}  // namespace scanner
