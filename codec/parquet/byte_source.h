// Where a reader gets octets from, without knowing what a file is.
#ifndef CODEC_PARQUET_BYTE_SOURCE_H_
#define CODEC_PARQUET_BYTE_SOURCE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"

namespace codec::parquet {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // For errors.
  virtual const std::string& name() const = 0;
  virtual uint64_t size() const = 0;
  // Fills `out` from `offset`; an error, which names the source, when there is less than that.
  virtual absl::Status ReadAt(uint64_t offset, std::span<uint8_t> out) const = 0;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_BYTE_SOURCE_H_
