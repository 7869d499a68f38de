#include "codec/parquet/delta_byte_array_encoder.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "codec/parquet/delta_binary_encoder.h"

namespace codec::parquet {
namespace {

uint64_t Load(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

size_t CommonPrefix(std::string_view a, std::string_view b) {
  static_assert(std::endian::native == std::endian::little, "the first octet is the lowest");
  constexpr size_t kWord = sizeof(uint64_t);
  const size_t most = std::min(a.size(), b.size());
  size_t at = 0;
  if (most < kWord) {
    while (at < most && a[at] == b[at]) ++at;
    return at;
  }
  // The last word overlaps the one before it.
  for (;; at = std::min(at + kWord, most - kWord)) {
    const uint64_t difference = Load(a.data() + at) ^ Load(b.data() + at);
    if (difference != 0) return at + static_cast<size_t>(std::countr_zero(difference)) / 8;
    if (at == most - kWord) return most;
  }
}

}  // namespace

DeltaByteArrayEncoder::Step DeltaByteArrayEncoder::Add(std::string_view value) {
  const size_t prefix = CommonPrefix(last_, value);
  const std::string_view suffix = value.substr(prefix);
  prefixes_.push_back(static_cast<int32_t>(prefix));
  suffixes_.push_back(static_cast<int32_t>(suffix.size()));
  octets_.Append(suffix);
  const std::string_view rest = last_.substr(prefix);
  last_ = value;
  if (suffix.empty() || rest.empty()) return {prefix, suffix.size() <=> rest.size()};
  return {prefix, static_cast<uint8_t>(suffix.front()) <=> static_cast<uint8_t>(rest.front())};
}

void DeltaByteArrayEncoder::Finish(ByteBuffer& out) {
  EncodeDeltaLengths(prefixes_, out);
  EncodeDeltaLengths(suffixes_, out);
  out.Append(octets_.bytes());
  prefixes_.clear();
  suffixes_.clear();
  octets_.Clear();
  last_ = {};
}

}  // namespace codec::parquet
