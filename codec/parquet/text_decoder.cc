#include "codec/parquet/text_decoder.h"

#include <utility>

#include "codec/parquet/encoding_name.h"

namespace codec::parquet {

absl::StatusOr<TextDecoder> TextDecoder::Open(std::span<const uint8_t> data, Encoding encoding,
                                              std::span<const std::string_view> dictionary) {
  const auto wrap = [](auto opened) -> absl::StatusOr<TextDecoder> {
    if (!opened.ok()) return opened.status();
    return TextDecoder(Any(*std::move(opened)));
  };
  switch (encoding) {
    case Encoding::kPlain:
      return TextDecoder(Any(PlainTextDecoder(data)));
    case Encoding::kDeltaLengthByteArray:
      return wrap(DeltaLengthDecoder::Open(data));
    case Encoding::kDeltaByteArray:
      return wrap(DeltaByteArrayDecoder::Open(data));
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary:
      return wrap(DictionaryDecoder<std::string_view>::Open(data, dictionary));
    case Encoding::kRle:
    case Encoding::kBitPacked:
    case Encoding::kDeltaBinaryPacked:
      break;
  }
  return UnreadEncoding(encoding);
}

absl::StatusOr<size_t> TextDecoder::Decode(std::span<std::string_view> out) {
  if (auto* const delta = std::get_if<DeltaByteArrayDecoder>(&decoder_); delta != nullptr) {
    return delta->Decode(out);
  }
  absl::Status decoded = std::visit(
      [out](auto& decoder) -> absl::Status {
        if constexpr (std::is_same_v<std::decay_t<decltype(decoder)>, DeltaByteArrayDecoder>) {
          return absl::OkStatus();
        } else {
          return decoder.Decode(out);
        }
      },
      decoder_);
  if (!decoded.ok()) return decoded;
  return out.size();
}

}  // namespace codec::parquet
