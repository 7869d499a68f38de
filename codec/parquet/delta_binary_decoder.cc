#include "codec/parquet/delta_binary_decoder.h"

#include <algorithm>
#include <array>

#include "codec/parquet/bit_unpacker.h"
#include "codec/parquet/varint_reader.h"

namespace codec::parquet {
namespace {

// More than any writer uses, and little enough for products not to overflow.
constexpr uint64_t kMaxBlockValues = uint64_t{1} << 31;

}  // namespace

absl::StatusOr<DeltaBinaryDecoder> DeltaBinaryDecoder::Open(std::span<const uint8_t> data, Width width) {
  DeltaBinaryDecoder decoder(data, width);
  if (data.empty()) return decoder;
  absl::Status read = decoder.ReadHeader();
  if (!read.ok()) return read;
  return decoder;
}

absl::Status DeltaBinaryDecoder::ReadHeader() {
  uint64_t block_values = 0;
  uint64_t first = 0;
  for (uint64_t* const field : {&block_values, &miniblocks_, &left_, &first}) {
    if (ReadVarint(data_, offset_, *field) != VarintFault::kNone) {
      return absl::DataLossError("the header of the delta encoding is cut off or too long");
    }
  }
  if (block_values == 0 || block_values % 128 != 0 || block_values > kMaxBlockValues) {
    return absl::DataLossError("the block of a delta encoding is no multiple of 128 values");
  }
  if (miniblocks_ == 0 || block_values % miniblocks_ != 0 || block_values / miniblocks_ % 32 != 0) {
    return absl::DataLossError("the miniblock of a delta encoding is no multiple of 32 values");
  }
  miniblock_values_ = block_values / miniblocks_;
  value_ = static_cast<uint64_t>(UnZigzag(first));
  first_ = left_ > 0;
  return absl::OkStatus();
}

absl::Status DeltaBinaryDecoder::ReadBlock() {
  uint64_t minimum = 0;
  if (ReadVarint(data_, offset_, minimum) != VarintFault::kNone || data_.size() - offset_ < miniblocks_) {
    return absl::DataLossError("the values of a delta encoding end before the last one");
  }
  minimum_ = static_cast<uint64_t>(UnZigzag(minimum));
  widths_ = data_.subspan(offset_, miniblocks_);
  offset_ += miniblocks_;
  return absl::OkStatus();
}

// Begins the next miniblock. The last one of all may be cut short behind its last value.
absl::Status DeltaBinaryDecoder::ReadMiniblock() {
  if (widths_.empty()) {
    absl::Status read = ReadBlock();
    if (!read.ok()) return read;
  }
  bits_ = widths_.front();
  widths_ = widths_.subspan(1);
  if (bits_ > 64) return absl::DataLossError("a difference of a delta encoding has more than 64 bits");
  const std::span<const uint8_t> rest = data_.subspan(offset_);
  miniblock_ = rest.first(std::min<uint64_t>(rest.size(), miniblock_values_ / 8 * bits_));
  if (miniblock_.size() < (std::min(left_, miniblock_values_) * bits_ + 7) / 8) {
    return absl::DataLossError("the values of a delta encoding end before the last one");
  }
  miniblock_left_ = miniblock_values_;
  bit_ = 0;
  offset_ += miniblock_.size();
  return absl::OkStatus();
}

int64_t DeltaBinaryDecoder::Wrapped(uint64_t value) const {
  if (width_ == Width::k32) return static_cast<int32_t>(static_cast<uint32_t>(value));
  return static_cast<int64_t>(value);
}

absl::Status DeltaBinaryDecoder::Decode(std::span<int64_t> out) {
  if (out.size() > left_) return absl::DataLossError("a delta encoding holds fewer values than its page");
  if (out.empty()) return absl::OkStatus();
  if (first_) {
    first_ = false;
    --left_;
    out.front() = Wrapped(value_);
    out = out.subspan(1);
  }
  std::array<uint64_t, 64> differences;
  while (!out.empty()) {
    if (miniblock_left_ == 0) {
      absl::Status read = ReadMiniblock();
      if (!read.ok()) return read;
    }
    const size_t taken = std::min<uint64_t>({miniblock_left_, out.size(), differences.size()});
    UnpackBits(miniblock_, bit_, bits_, std::span(differences).first(taken));
    for (size_t i = 0; i < taken; ++i) {
      value_ += minimum_ + differences[i];
      out[i] = Wrapped(value_);
    }
    bit_ += taken * bits_;
    miniblock_left_ -= taken;
    left_ -= taken;
    out = out.subspan(taken);
  }
  return absl::OkStatus();
}

absl::Status DeltaBinaryDecoder::CheckEnd() const {
  if (left_ > 0) return absl::DataLossError("a delta encoding holds more values than its page");
  if (offset_ < data_.size()) return absl::DataLossError("the page goes on behind its last value");
  return absl::OkStatus();
}

absl::StatusOr<size_t> DeltaBinaryDecoder::SkipAll() {
  if (first_) {
    first_ = false;
    --left_;
  }
  while (left_ > 0) {
    if (miniblock_left_ == 0) {
      absl::Status read = ReadMiniblock();
      if (!read.ok()) return read;
    }
    const uint64_t passed = std::min(left_, miniblock_left_);
    left_ -= passed;
    miniblock_left_ -= passed;
  }
  return offset_;
}

}  // namespace codec::parquet
