// Levels, dictionary indexes and booleans: the hybrid of runs and bit packing of Parquet's Encodings.md, "Run
// Length Encoding / Bit-Packing Hybrid (RLE = 3)".
#ifndef CODEC_PARQUET_RLE_DECODER_H_
#define CODEC_PARQUET_RLE_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"

namespace codec::parquet {

class RleDecoder {
 public:
  static constexpr unsigned kMaxWidth = 32;

  RleDecoder() = default;
  // `data`, which must outlive the decoder, holds runs of values of `width` bits, 0 to kMaxWidth, and no
  // length before them. Values without bits are all 0: there are runs of no octets, or nothing at all.
  RleDecoder(std::span<const uint8_t> data, unsigned width) : data_(data), width_(width) {}

  // The next out.size() values; T is wide enough for them. Runs may hold more values than are asked for.
  template <typename T>
  absl::Status Decode(std::span<T> out);

  // An error unless the values given are all there are, but for what fills up the last packed run.
  absl::Status CheckEnd();

 private:
  absl::Status ReadRun();

  std::span<const uint8_t> data_;
  size_t offset_ = 0;  // Of what follows the run.
  unsigned width_ = 0;
  uint64_t left_ = 0;  // In the run.
  bool packed_ = false;
  uint32_t value_ = 0;            // Of a run that is not packed.
  std::span<const uint8_t> run_;  // Of a packed run.
  uint64_t bit_ = 0;              // In run_.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_RLE_DECODER_H_
