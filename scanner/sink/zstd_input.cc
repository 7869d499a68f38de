#include "scanner/sink/zstd_input.h"

#include <zstd.h>

#include <cassert>
#include <utility>

namespace scanner {

bool BeginsAsZstd(std::string_view head) {
  if (head.size() < 4) return false;
  uint32_t magic = 0;
  for (size_t i = 0; i < 4; ++i) magic |= uint32_t{static_cast<uint8_t>(head[i])} << (8 * i);
  return magic == ZSTD_MAGICNUMBER || (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

ZstdInput::ZstdInput(std::string name, std::unique_ptr<ByteInput> input)
    : name_(std::move(name)),
      input_(std::move(input)),
      context_(ZSTD_createDCtx()),
      compressed_(ZSTD_DStreamInSize()) {
  assert(context_ != nullptr);
}

ZstdInput::~ZstdInput() { ZSTD_freeDCtx(context_); }

absl::Status ZstdInput::Wrong(std::string_view what) const {
  return absl::InvalidArgumentError(
      (name_ + ": octet " + std::to_string(offset_ + taken_) + ": zstd: ").append(what));
}

absl::Status ZstdInput::Refill() {
  offset_ += filled_;
  taken_ = 0;
  filled_ = 0;
  const absl::StatusOr<size_t> got = input_->Read(compressed_);
  if (!got.ok()) return got.status();
  filled_ = *got;
  at_end_ = filled_ == 0;
  return absl::OkStatus();
}

absl::StatusOr<size_t> ZstdInput::Read(std::span<uint8_t> out) {
  ZSTD_outBuffer to{.dst = out.data(), .size = out.size(), .pos = 0};
  while (to.pos == 0) {
    if (taken_ == filled_ && !at_end_) {
      if (absl::Status status = Refill(); !status.ok()) return status;
    }
    if (at_end_ && !in_frame_) return 0;
    ZSTD_inBuffer from{.src = compressed_.data(), .size = filled_, .pos = taken_};
    const size_t left = ZSTD_decompressStream(context_, &to, &from);
    if (ZSTD_isError(left) != 0) return Wrong(ZSTD_getErrorName(left));
    const bool stuck = from.pos == taken_ && to.pos == 0;
    taken_ = from.pos;
    in_frame_ = left != 0;
    if (at_end_ && in_frame_ && stuck) return Wrong("the file ends within a frame");
  }
  return to.pos;
}

}  // namespace scanner
