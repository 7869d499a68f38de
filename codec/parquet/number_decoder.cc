#include "codec/parquet/number_decoder.h"

#include "codec/parquet/bit_unpacker.h"
#include "codec/parquet/encoding_name.h"

namespace codec::parquet {
namespace {

// Booleans have a length before their runs.
absl::StatusOr<RleDecoder> OpenRuns(std::span<const uint8_t> data) {
  constexpr size_t kLengthOctets = 4;
  if (data.empty()) return RleDecoder(data, 1);
  if (data.size() < kLengthOctets || LoadLittleEndian<uint32_t>(data.data()) != data.size() - kLengthOctets) {
    return absl::DataLossError("the runs have another length than their page");
  }
  return RleDecoder(data.subspan(kLengthOctets), 1);
}

}  // namespace

absl::StatusOr<NumberDecoder> NumberDecoder::Open(std::span<const uint8_t> data, PhysicalType type,
                                                  Encoding encoding, std::span<const int64_t> dictionary) {
  const auto wrap = [](const auto& opened) -> absl::StatusOr<NumberDecoder> {
    if (!opened.ok()) return opened.status();
    return NumberDecoder(Any(*opened));
  };
  const bool is_boolean = type == PhysicalType::kBoolean;
  const bool is_integer = type == PhysicalType::kInt32 || type == PhysicalType::kInt64;
  if (encoding == Encoding::kPlain) return NumberDecoder(Any(PlainNumberDecoder(data, type)));
  if (encoding == Encoding::kRle && is_boolean) return wrap(OpenRuns(data));
  if (encoding == Encoding::kDeltaBinaryPacked && is_integer) {
    return wrap(DeltaBinaryDecoder::Open(data, type == PhysicalType::kInt32
                                                   ? DeltaBinaryDecoder::Width::k32
                                                   : DeltaBinaryDecoder::Width::k64));
  }
  if ((encoding == Encoding::kPlainDictionary || encoding == Encoding::kRleDictionary) && !is_boolean) {
    return wrap(DictionaryDecoder<int64_t>::Open(data, dictionary));
  }
  return UnreadEncoding(encoding);
}

}  // namespace codec::parquet
