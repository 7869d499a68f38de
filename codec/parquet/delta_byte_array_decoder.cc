#include "codec/parquet/delta_byte_array_decoder.h"

#include <algorithm>
#include <cstring>

namespace codec::parquet {
namespace {

// No further text is begun in one call beyond this.
constexpr size_t kBatchOctets = size_t{1} << 20;

}  // namespace

absl::StatusOr<DeltaByteArrayDecoder> DeltaByteArrayDecoder::Open(std::span<const uint8_t> data) {
  const absl::StatusOr<DeltaBinaryDecoder> prefixes =
      DeltaBinaryDecoder::Open(data, DeltaBinaryDecoder::Width::k32);
  if (!prefixes.ok()) return prefixes.status();
  DeltaBinaryDecoder skipped = *prefixes;
  const absl::StatusOr<size_t> end = skipped.SkipAll();
  if (!end.ok()) return end.status();
  const absl::StatusOr<DeltaLengthDecoder> suffixes = DeltaLengthDecoder::Open(data.subspan(*end));
  if (!suffixes.ok()) return suffixes.status();
  return DeltaByteArrayDecoder(*prefixes, *suffixes);
}

absl::Status DeltaByteArrayDecoder::ReadBatch() {
  next_ = 0;
  read_ = 0;
  const size_t texts = std::min<uint64_t>(kBatch, prefixes_.left());
  if (texts == 0) return absl::DataLossError("a delta encoding holds fewer values than its page");
  absl::Status decoded = prefixes_.Decode(std::span(prefix_lengths_).first(texts));
  if (decoded.ok()) decoded = suffixes_.Decode(std::span(suffix_texts_).first(texts));
  if (!decoded.ok()) return decoded;
  read_ = texts;
  return absl::OkStatus();
}

absl::StatusOr<DeltaByteArrayDecoder::Extent> DeltaByteArrayDecoder::Measure(size_t wanted) const {
  Extent extent;
  size_t previous = last_size_;
  while (extent.texts < wanted && extent.octets <= kBatchOctets) {
    const int64_t prefix = prefix_lengths_[next_ + extent.texts];
    if (prefix < 0 || static_cast<uint64_t>(prefix) > previous) {
      return absl::DataLossError("a text shares more with the one before than that has");
    }
    previous = static_cast<size_t>(prefix) + suffix_texts_[next_ + extent.texts].size();
    if (previous > kMaxTextOctets) return absl::DataLossError("a text has more than 16 MiB");
    extent.octets += previous;
    ++extent.texts;
  }
  return extent;
}

absl::StatusOr<size_t> DeltaByteArrayDecoder::Decode(std::span<std::string_view> out) {
  if (next_ == read_) {
    absl::Status read = ReadBatch();
    if (!read.ok()) return read;
  }
  const absl::StatusOr<Extent> extent = Measure(std::min(out.size(), read_ - next_));
  if (!extent.ok()) return extent.status();
  // What the first text shares with the last one of the call before is kept in front of the texts.
  if (last_size_ > 0) std::memmove(texts_.data(), texts_.data() + last_at_, last_size_);
  texts_.Reserve(last_size_ + extent->octets, last_size_);
  const uint8_t* previous = texts_.data();
  uint8_t* at = texts_.data() + last_size_;
  for (size_t i = 0; i < extent->texts; ++i, ++next_) {
    const auto prefix = static_cast<size_t>(prefix_lengths_[next_]);
    const std::string_view suffix = suffix_texts_[next_];
    if (prefix > 0) std::memcpy(at, previous, prefix);
    if (!suffix.empty()) std::memcpy(at + prefix, suffix.data(), suffix.size());
    out[i] = {reinterpret_cast<const char*>(at), prefix + suffix.size()};
    previous = at;
    at += out[i].size();
  }
  last_at_ = static_cast<size_t>(previous - texts_.data());
  last_size_ = static_cast<size_t>(at - previous);
  return extent->texts;
}

absl::Status DeltaByteArrayDecoder::CheckEnd() const {
  if (next_ < read_ || prefixes_.left() > 0) {
    return absl::DataLossError("a delta encoding holds more values than its page");
  }
  return suffixes_.CheckEnd();
}

}  // namespace codec::parquet
