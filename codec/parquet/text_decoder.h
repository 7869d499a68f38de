// The texts of one page or dictionary, whatever their encoding.
#ifndef CODEC_PARQUET_TEXT_DECODER_H_
#define CODEC_PARQUET_TEXT_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "codec/parquet/delta_byte_array_decoder.h"
#include "codec/parquet/delta_length_decoder.h"
#include "codec/parquet/dictionary_decoder.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/plain_decoder.h"

namespace codec::parquet {

class TextDecoder {
 public:
  // No values.
  TextDecoder() : decoder_(PlainTextDecoder({})) {}

  // `data` and `dictionary`, which is that of the column chunk or empty, must outlive the decoder and the
  // texts.
  static absl::StatusOr<TextDecoder> Open(std::span<const uint8_t> data, Encoding encoding,
                                          std::span<const std::string_view> dictionary);

  // The next texts, of which it gives the number: from 1 to out.size(), fewer when they are long. They are
  // valid until the next call. An error when there are too few. `out` is not empty.
  absl::StatusOr<size_t> Decode(std::span<std::string_view> out);

  // An error unless the texts given are all there are and nothing follows them.
  absl::Status CheckEnd() {
    return std::visit([](auto& decoder) { return decoder.CheckEnd(); }, decoder_);
  }

 private:
  using Any = std::variant<PlainTextDecoder, DeltaLengthDecoder, DeltaByteArrayDecoder,
                           DictionaryDecoder<std::string_view>>;
  explicit TextDecoder(Any decoder) : decoder_(std::move(decoder)) {}

  Any decoder_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_TEXT_DECODER_H_
