// Octets in memory, for readers under test.
#ifndef TESTS_CODEC_PARQUET_MEMORY_SOURCE_H_
#define TESTS_CODEC_PARQUET_MEMORY_SOURCE_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "codec/parquet/byte_source.h"

namespace codec::parquet {

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::vector<uint8_t> octets) : octets_(std::move(octets)) {}

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return octets_.size(); }
  absl::Status ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    if (offset > octets_.size() || out.size() > octets_.size() - offset) {
      return absl::OutOfRangeError("the reader reads beyond the end");
    }
    std::copy_n(octets_.begin() + static_cast<ptrdiff_t>(offset), out.size(), out.begin());
    return absl::OkStatus();
  }

 private:
  std::string name_ = "test.parquet";
  std::vector<uint8_t> octets_;
};

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_MEMORY_SOURCE_H_
