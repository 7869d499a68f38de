// DELTA_BYTE_ARRAY, incremental encoding of strings:
// https://parquet.apache.org/docs/file-format/data-pages/encodings/
#ifndef CODEC_PARQUET_DELTA_BYTE_ARRAY_ENCODER_H_
#define CODEC_PARQUET_DELTA_BYTE_ARRAY_ENCODER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
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
  Step Add(std::string_view value);
  // Appends all that was added, and forgets it.
  void Finish(ByteBuffer& out);

 private:
  std::vector<int32_t> prefixes_;  // Octets in common with the value before.
  std::vector<int32_t> suffixes_;  // Octets that follow.
  ByteBuffer octets_;              // Of all suffixes.
  std::string_view last_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DELTA_BYTE_ARRAY_ENCODER_H_
