#include "codec/parquet/plain_decoder.h"

#include "codec/parquet/bit_unpacker.h"

namespace codec::parquet {
namespace {

absl::Status TooFew() { return absl::DataLossError("the page ends before its last value"); }

absl::Status CheckLeft(size_t octets) {
  if (octets == 0) return absl::OkStatus();
  return absl::DataLossError("the page goes on behind its last value");
}

// Numbers of type T, which `data` is known to hold.
template <typename T>
void LoadNumbers(const uint8_t* data, std::span<int64_t> out) {
  for (size_t i = 0; i < out.size(); ++i) out[i] = LoadLittleEndian<T>(data + i * sizeof(T));
}

}  // namespace

absl::Status PlainNumberDecoder::Decode(std::span<int64_t> out) {
  if (type_ == PhysicalType::kBoolean) return DecodeBits(out);
  if (type_ == PhysicalType::kInt96) return DecodeTimes(out);
  const size_t size = type_ == PhysicalType::kInt32 ? sizeof(int32_t) : sizeof(int64_t);
  if (out.size() > data_.size() / size) return TooFew();
  if (type_ == PhysicalType::kInt32) {
    LoadNumbers<int32_t>(data_.data(), out);
  } else {
    LoadNumbers<int64_t>(data_.data(), out);
  }
  data_ = data_.subspan(out.size() * size);
  return absl::OkStatus();
}

absl::Status PlainNumberDecoder::DecodeBits(std::span<int64_t> out) {
  if (out.size() > data_.size() * 8 - bit_) return TooFew();
  UnpackBits(data_, bit_, 1, out);
  bit_ += out.size();
  return absl::OkStatus();
}

absl::Status PlainNumberDecoder::DecodeTimes(std::span<int64_t> out) {
  constexpr size_t kOctets = 12;
  constexpr int64_t kJulianDayOf1970 = 2'440'588;
  constexpr int64_t kMicrosecondsADay = 86'400'000'000;
  if (out.size() > data_.size() / kOctets) return TooFew();
  for (int64_t& value : out) {
    const auto nanoseconds = LoadLittleEndian<int64_t>(data_.data());
    const int64_t day = LoadLittleEndian<uint32_t>(data_.data() + 8) - kJulianDayOf1970;
    int64_t midnight = 0;
    if (__builtin_mul_overflow(day, kMicrosecondsADay, &midnight) ||
        __builtin_add_overflow(midnight, nanoseconds / 1000, &value)) {
      return absl::DataLossError("a time is too far from 1970");
    }
    data_ = data_.subspan(kOctets);
  }
  return absl::OkStatus();
}

absl::Status PlainNumberDecoder::CheckEnd() const { return CheckLeft(data_.size() - (bit_ + 7) / 8); }

absl::Status PlainTextDecoder::Decode(std::span<std::string_view> out) {
  constexpr size_t kLengthOctets = 4;
  for (std::string_view& text : out) {
    if (data_.size() < kLengthOctets) return TooFew();
    const auto length = LoadLittleEndian<uint32_t>(data_.data());
    data_ = data_.subspan(kLengthOctets);
    if (length > data_.size()) return absl::DataLossError("a text runs past the end of its page");
    text = {reinterpret_cast<const char*>(data_.data()), length};
    data_ = data_.subspan(length);
  }
  return absl::OkStatus();
}

absl::Status PlainTextDecoder::CheckEnd() const { return CheckLeft(data_.size()); }

}  // namespace codec::parquet
