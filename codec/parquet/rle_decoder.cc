#include "codec/parquet/rle_decoder.h"

#include <algorithm>

#include "codec/parquet/bit_unpacker.h"
#include "codec/parquet/varint_reader.h"

namespace codec::parquet {
namespace {

constexpr uint64_t kGroupValues = 8;
// No page has that many values, and they can be counted.
constexpr uint64_t kMostGroups = uint64_t{1} << 32;
// The format fills up the last group of eight; DuckDB fills up 256 values.
constexpr uint64_t kMostPadding = 255;

}  // namespace

absl::Status RleDecoder::ReadRun() {
  uint64_t header = 0;
  switch (ReadVarint(data_, offset_, header)) {
    case VarintFault::kNone:
      break;
    case VarintFault::kCutOff:
      return absl::DataLossError("the runs end before the last value");
    case VarintFault::kTooLong:
      return absl::DataLossError("the length of a run has more than 64 bits");
  }
  const std::span<const uint8_t> rest = data_.subspan(offset_);
  packed_ = (header & 1) != 0;
  if (packed_) {
    // Each group is eight values in `width_` octets. The last group of the data may be cut short behind the
    // last value that is asked for.
    const uint64_t groups = std::min(header >> 1, kMostGroups);
    const uint64_t octets = std::min<uint64_t>(rest.size(), groups * width_);
    run_ = rest.first(octets);
    left_ = width_ == 0 ? groups * kGroupValues : octets * 8 / width_;
    bit_ = 0;
    offset_ += octets;
    return absl::OkStatus();
  }
  const size_t octets = (width_ + 7) / 8;
  if (octets > rest.size()) return absl::DataLossError("the value of a run is cut off");
  value_ = 0;
  for (size_t i = 0; i < octets; ++i) value_ |= uint32_t{rest[i]} << (8 * i);
  if (value_ > LowBits(width_)) return absl::DataLossError("the value of a run has too many bits");
  left_ = header >> 1;
  offset_ += octets;
  return absl::OkStatus();
}

template <typename T>
absl::Status RleDecoder::Decode(std::span<T> out) {
  if (width_ == 0 && data_.empty()) {
    std::fill(out.begin(), out.end(), T{0});
    return absl::OkStatus();
  }
  while (!out.empty()) {
    while (left_ == 0) {
      absl::Status read = ReadRun();
      if (!read.ok()) return read;
    }
    const size_t taken = std::min<uint64_t>(left_, out.size());
    if (packed_) {
      UnpackBits(run_, bit_, width_, out.first(taken));
      bit_ += taken * width_;
    } else {
      std::fill_n(out.begin(), taken, static_cast<T>(value_));
    }
    left_ -= taken;
    out = out.subspan(taken);
  }
  return absl::OkStatus();
}

absl::Status RleDecoder::CheckEnd() {
  bool whole = left_ <= (packed_ ? kMostPadding : 0);
  // Some writers put runs of none there.
  while (whole && offset_ < data_.size()) {
    absl::Status read = ReadRun();
    if (!read.ok()) return read;
    whole = left_ == 0;
  }
  if (!whole) return absl::DataLossError("the runs go on behind the last value");
  return absl::OkStatus();
}

template absl::Status RleDecoder::Decode(std::span<uint8_t>);
template absl::Status RleDecoder::Decode(std::span<uint32_t>);
template absl::Status RleDecoder::Decode(std::span<int64_t>);

}  // namespace codec::parquet
