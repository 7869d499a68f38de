// Values one behind another: Parquet's Encodings.md, "Plain (PLAIN = 0)".
#ifndef CODEC_PARQUET_PLAIN_DECODER_H_
#define CODEC_PARQUET_PLAIN_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "codec/parquet/metadata.h"

namespace codec::parquet {

// BOOLEAN (0 or 1), INT32, INT64, and INT96, which is a time: nanoseconds of a day and the Julian day, given
// as microseconds since 1970.
class PlainNumberDecoder {
 public:
  // `data` must outlive the decoder. `type` is one of those four.
  PlainNumberDecoder(std::span<const uint8_t> data, PhysicalType type) : data_(data), type_(type) {}

  // The next out.size() values; an error when there are fewer.
  absl::Status Decode(std::span<int64_t> out);

  // An error unless the values given are all there are.
  absl::Status CheckEnd() const;

 private:
  absl::Status DecodeBits(std::span<int64_t> out);
  absl::Status DecodeTimes(std::span<int64_t> out);

  std::span<const uint8_t> data_;  // Of what is not decoded yet.
  PhysicalType type_;
  uint64_t bit_ = 0;  // In data_, of BOOLEAN.
};

// BYTE_ARRAY.
class PlainTextDecoder {
 public:
  // `data` must outlive the decoder and the texts, which are views of it.
  explicit PlainTextDecoder(std::span<const uint8_t> data) : data_(data) {}

  // The next out.size() texts; an error when there are fewer.
  absl::Status Decode(std::span<std::string_view> out);

  // An error unless the texts given are all there are.
  absl::Status CheckEnd() const;

 private:
  std::span<const uint8_t> data_;  // Of what is not decoded yet.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_PLAIN_DECODER_H_
