// Octets in the making: grows without clearing, and keeps its memory when it is emptied.
#ifndef CODEC_PARQUET_BYTE_BUFFER_H_
#define CODEC_PARQUET_BYTE_BUFFER_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace codec::parquet {

class ByteBuffer {
 public:
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const uint8_t* data() const { return bytes_.get(); }
  uint8_t* data() { return bytes_.get(); }
  std::span<const uint8_t> bytes() const { return {bytes_.get(), size_}; }
  void Clear() { size_ = 0; }

  // Room for `octets` behind what is there; what is written to it counts once it is committed.
  uint8_t* Room(size_t octets) {
    if (capacity_ - size_ < octets) Grow(octets);
    return bytes_.get() + size_;
  }
  // `end`: behind the last octet written to the room.
  void Commit(const uint8_t* end) {
    size_ = static_cast<size_t>(end - bytes_.get());
    assert(size_ <= capacity_);
  }

  void Append(std::span<const uint8_t> bytes) {
    if (bytes.empty()) return;
    std::memcpy(Room(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void Append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(Room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void AppendByte(uint8_t byte) {
    *Room(1) = byte;
    ++size_;
  }
  // Little-endian, as all numbers of the format.
  void AppendU32(uint32_t value) {
    uint8_t* out = Room(4);
    for (int i = 0; i < 4; ++i) *out++ = static_cast<uint8_t>(value >> (8 * i));
    Commit(out);
  }
  // ULEB128.
  void AppendVarint(uint64_t value) {
    uint8_t* out = Room(10);
    for (; value >= 0x80; value >>= 7) *out++ = static_cast<uint8_t>(value | 0x80);
    *out++ = static_cast<uint8_t>(value);
    Commit(out);
  }
  void AppendZigzag(int64_t value) {
    AppendVarint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
  }

 private:
  void Grow(size_t octets) {
    const size_t capacity = std::max({size_ + octets, 2 * capacity_, size_t{256}});
    auto bytes = std::make_unique_for_overwrite<uint8_t[]>(capacity);
    if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<uint8_t[]> bytes_;
  size_t size_ = 0;  // size_ <= capacity_, always.
  size_t capacity_ = 0;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_BYTE_BUFFER_H_
