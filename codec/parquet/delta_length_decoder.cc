#include "codec/parquet/delta_length_decoder.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace codec::parquet {

absl::StatusOr<DeltaLengthDecoder> DeltaLengthDecoder::Open(std::span<const uint8_t> data) {
  const absl::StatusOr<DeltaBinaryDecoder> lengths =
      DeltaBinaryDecoder::Open(data, DeltaBinaryDecoder::Width::k32);
  if (!lengths.ok()) return lengths.status();
  DeltaBinaryDecoder skipped = *lengths;
  const absl::StatusOr<size_t> end = skipped.SkipAll();
  if (!end.ok()) return end.status();
  return DeltaLengthDecoder(*lengths, data.subspan(*end));
}

absl::Status DeltaLengthDecoder::Decode(std::span<std::string_view> out) {
  std::array<int64_t, 256> lengths;
  while (!out.empty()) {
    const size_t taken = std::min(out.size(), lengths.size());
    absl::Status decoded = lengths_.Decode(std::span(lengths).first(taken));
    if (!decoded.ok()) return decoded;
    for (size_t i = 0; i < taken; ++i) {
      if (lengths[i] < 0) return absl::DataLossError("the length of a text is negative");
      const auto length = static_cast<size_t>(lengths[i]);
      if (length > octets_.size()) return absl::DataLossError("a text runs past the end of its page");
      out[i] = {reinterpret_cast<const char*>(octets_.data()), length};
      octets_ = octets_.subspan(length);
    }
    out = out.subspan(taken);
  }
  return absl::OkStatus();
}

absl::Status DeltaLengthDecoder::CheckEnd() const {
  if (left() > 0) return absl::DataLossError("a delta encoding holds more values than its page");
  if (!octets_.empty()) return absl::DataLossError("the page goes on behind its last value");
  return absl::OkStatus();
}

}  // namespace codec::parquet
