#include "codec/parquet/encoding_name.h"

#include "absl/strings/str_cat.h"

namespace codec::parquet {

std::string EncodingName(Encoding encoding) {
  constexpr int32_t kByteStreamSplit = 9;
  switch (encoding) {
    case Encoding::kPlain:
      return "PLAIN";
    case Encoding::kPlainDictionary:
      return "PLAIN_DICTIONARY";
    case Encoding::kRle:
      return "RLE";
    case Encoding::kBitPacked:
      return "BIT_PACKED";
    case Encoding::kDeltaBinaryPacked:
      return "DELTA_BINARY_PACKED";
    case Encoding::kDeltaLengthByteArray:
      return "DELTA_LENGTH_BYTE_ARRAY";
    case Encoding::kDeltaByteArray:
      return "DELTA_BYTE_ARRAY";
    case Encoding::kRleDictionary:
      return "RLE_DICTIONARY";
  }
  const auto number = static_cast<int32_t>(encoding);
  return number == kByteStreamSplit ? "BYTE_STREAM_SPLIT" : absl::StrCat("encoding ", number);
}

absl::Status UnreadEncoding(Encoding encoding) {
  return absl::UnimplementedError(
      absl::StrCat(EncodingName(encoding), " is not read here for values of this type"));
}

}  // namespace codec::parquet
