// The numbers of one page or dictionary, whatever their encoding.
#ifndef CODEC_PARQUET_NUMBER_DECODER_H_
#define CODEC_PARQUET_NUMBER_DECODER_H_

#include <cstdint>
#include <span>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/delta_binary_decoder.h"
#include "codec/parquet/dictionary_decoder.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/plain_decoder.h"
#include "codec/parquet/rle_decoder.h"

namespace codec::parquet {

class NumberDecoder {
 public:
  // No values.
  NumberDecoder() : decoder_(PlainNumberDecoder({}, PhysicalType::kInt32)) {}

  // `data` and `dictionary`, which is that of the column chunk or empty, must outlive the decoder. `type` is
  // one that PlainNumberDecoder has.
  static absl::StatusOr<NumberDecoder> Open(std::span<const uint8_t> data, PhysicalType type,
                                            Encoding encoding, std::span<const int64_t> dictionary);

  // The next out.size() values; an error when there are fewer.
  absl::Status Decode(std::span<int64_t> out) {
    return std::visit([out](auto& decoder) { return decoder.Decode(out); }, decoder_);
  }

  // An error unless the values given are all there are and nothing follows them.
  absl::Status CheckEnd() {
    return std::visit([](auto& decoder) { return decoder.CheckEnd(); }, decoder_);
  }

 private:
  using Any = std::variant<PlainNumberDecoder, RleDecoder, DeltaBinaryDecoder, DictionaryDecoder<int64_t>>;
  explicit NumberDecoder(Any decoder) : decoder_(decoder) {}

  Any decoder_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_NUMBER_DECODER_H_
