// Memory for octets that is reused and only ever grows.
#ifndef CODEC_PARQUET_OCTET_BUFFER_H_
#define CODEC_PARQUET_OCTET_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace codec::parquet {

// What it holds is not set to zero first: memory that a hostile length asks for is not used before octets
// come.
class OctetBuffer {
 public:
  uint8_t* data() { return data_.get(); }
  const uint8_t* data() const { return data_.get(); }
  size_t capacity() const { return capacity_; }

  // Makes room for `size` octets. The first `keep`, at most capacity(), stay what they are but may move.
  void Reserve(size_t size, size_t keep) {
    if (size <= capacity_) return;
    const size_t grown = std::max(size, capacity_ + capacity_ / 2);
    std::unique_ptr<uint8_t[]> data(new uint8_t[grown]);
    if (keep > 0) std::memcpy(data.get(), data_.get(), keep);
    data_ = std::move(data);
    capacity_ = grown;
  }

 private:
  std::unique_ptr<uint8_t[]> data_;
  size_t capacity_ = 0;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_OCTET_BUFFER_H_
