// Integers as differences: Parquet's Encodings.md, "Delta Encoding (DELTA_BINARY_PACKED = 5)".
#ifndef CODEC_PARQUET_DELTA_BINARY_DECODER_H_
#define CODEC_PARQUET_DELTA_BINARY_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace codec::parquet {

class DeltaBinaryDecoder {
 public:
  enum class Width : uint8_t { k32, k64 };

  // `data`, which must outlive the decoder, begins with the header; what follows the values is ignored
  // until CheckEnd(). No octets at all are no values. Differences of any width are taken: sums wrap to
  // `width`.
  static absl::StatusOr<DeltaBinaryDecoder> Open(std::span<const uint8_t> data, Width width);

  // The values not decoded yet, as the header tells.
  uint64_t left() const { return left_; }

  // The next out.size() values; an error when there are fewer.
  absl::Status Decode(std::span<int64_t> out);

  // An error unless the values given are all there are and nothing follows them.
  absl::Status CheckEnd() const;

  // Passes over all values that are left, block by block, and gives the offset in `data` behind them.
  absl::StatusOr<size_t> SkipAll();

 private:
  DeltaBinaryDecoder(std::span<const uint8_t> data, Width width) : data_(data), width_(width) {}

  absl::Status ReadHeader();
  absl::Status ReadBlock();
  absl::Status ReadMiniblock();
  int64_t Wrapped(uint64_t value) const;

  std::span<const uint8_t> data_;
  Width width_;
  size_t offset_ = 0;                   // Of the next miniblock or, behind the last one, of the next block.
  uint64_t miniblocks_ = 0;             // In a block.
  uint64_t miniblock_values_ = 0;       // In a miniblock, a multiple of 8.
  uint64_t left_ = 0;                   // Values not given yet.
  bool first_ = false;                  // The next value is value_ itself.
  uint64_t value_ = 0;                  // The last value given.
  uint64_t minimum_ = 0;                // Of this block's differences.
  std::span<const uint8_t> widths_;     // Of the miniblocks of this block that are not begun.
  std::span<const uint8_t> miniblock_;  // Packed differences.
  uint64_t miniblock_left_ = 0;         // Differences in it that are not taken.
  uint64_t bit_ = 0;                    // In miniblock_.
  unsigned bits_ = 0;                   // Of a difference in it.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DELTA_BINARY_DECODER_H_
