// Texts behind their lengths: Parquet's Encodings.md, "Delta-length byte array (DELTA_LENGTH_BYTE_ARRAY =
// 6)".
#ifndef CODEC_PARQUET_DELTA_LENGTH_DECODER_H_
#define CODEC_PARQUET_DELTA_LENGTH_DECODER_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/delta_binary_decoder.h"

namespace codec::parquet {

class DeltaLengthDecoder {
 public:
  // `data` must outlive the decoder and the texts, which are views of it.
  static absl::StatusOr<DeltaLengthDecoder> Open(std::span<const uint8_t> data);

  uint64_t left() const { return lengths_.left(); }

  // The next out.size() texts; an error when there are fewer.
  absl::Status Decode(std::span<std::string_view> out);

  // An error unless the texts given are all there are and nothing follows them.
  absl::Status CheckEnd() const;

 private:
  DeltaLengthDecoder(const DeltaBinaryDecoder& lengths, std::span<const uint8_t> octets)
      : lengths_(lengths), octets_(octets) {}

  DeltaBinaryDecoder lengths_;
  std::span<const uint8_t> octets_;  // Of the texts not decoded yet.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DELTA_LENGTH_DECODER_H_
