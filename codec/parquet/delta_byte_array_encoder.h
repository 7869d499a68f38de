// DELTA_BYTE_ARRAY, incremental encoding of strings:
// https://parquet.apache.org/docs/file-format/data-pages/encodings/
#ifndef CODEC_PARQUET_DELTA_BYTE_ARRAY_ENCODER_H_
#define CODEC_PARQUET_DELTA_BYTE_ARRAY_ENCODER_H_

#include <algorithm>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

class DeltaByteArrayEncoder {
 public:
  // How a value compares with the one before, bytewise; the first one with the empty string.
  struct Step {
    size_t prefix;  // Octets in common.
    std::strong_ordering order;
  };

  // Adds the next value of the page, which must stay valid until the one after it is added.
  Step Add(std::string_view value) {
    const size_t prefix = CommonPrefix(last_, value);
    const std::string_view suffix = value.substr(prefix);
    const std::string_view rest = last_.substr(prefix);
    prefixes_.push_back(static_cast<int32_t>(prefix));
    suffixes_.push_back(static_cast<int32_t>(suffix.size()));
    AppendSuffix(suffix);
    last_ = value;
    if (suffix.empty() || rest.empty()) return {prefix, suffix.size() <=> rest.size()};
    return {prefix, static_cast<uint8_t>(suffix.front()) <=> static_cast<uint8_t>(rest.front())};
  }
  // Appends all that was added, and forgets it.
  void Finish(ByteBuffer& out);

 private:
  static uint64_t Load(const char* at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  static size_t CommonPrefix(std::string_view a, std::string_view b) {
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
  void AppendSuffix(std::string_view suffix) {
    if (suffix.size() > 2 * sizeof(uint64_t)) return octets_.Append(suffix);
    uint8_t* const out = octets_.Room(suffix.size());
    for (size_t i = 0; i < suffix.size(); ++i) out[i] = static_cast<uint8_t>(suffix[i]);
    octets_.Commit(out + suffix.size());
  }

  std::vector<int32_t> prefixes_;  // Octets in common with the value before.
  std::vector<int32_t> suffixes_;  // Octets that follow.
  ByteBuffer octets_;              // Of all suffixes.
  std::string_view last_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DELTA_BYTE_ARRAY_ENCODER_H_
