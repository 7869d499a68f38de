// A bounded cursor that writes fields in network order.
#ifndef CODEC_DNS_WIRE_WRITER_H_
#define CODEC_DNS_WIRE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace codec::dns {

// The first write that does not fit poisons the cursor: it and all later writes change nothing.
class WireWriter {
 public:
  explicit WireWriter(std::span<uint8_t> out) : out_(out) {}

  bool ok() const { return ok_; }
  size_t length() const { return length_; }  // Octets written so far.

  void WriteU8(uint8_t value) {
    if (uint8_t* const at = Take(1)) at[0] = value;
  }
  void WriteU16(uint16_t value) {
    if (uint8_t* const at = Take(2)) {
      at[0] = static_cast<uint8_t>(value >> 8);
      at[1] = static_cast<uint8_t>(value);
    }
  }
  void WriteU32(uint32_t value) {
    if (uint8_t* const at = Take(4)) {
      for (int i = 0; i < 4; ++i) at[i] = static_cast<uint8_t>(value >> (24 - 8 * i));
    }
  }
  void WriteBytes(std::span<const uint8_t> bytes) {
    if (bytes.empty()) return;
    if (uint8_t* const at = Take(bytes.size())) std::memcpy(at, bytes.data(), bytes.size());
  }

 private:
  uint8_t* Take(size_t length) {
    if (!ok_ || length > out_.size() - length_) {
      ok_ = false;
      return nullptr;
    }
    uint8_t* const at = out_.data() + length_;
    length_ += length;
    return at;
  }

  std::span<uint8_t> out_;
  size_t length_ = 0;  // length_ <= out_.size(), always.
  bool ok_ = true;
};

}  // namespace codec::dns

#endif  // CODEC_DNS_WIRE_WRITER_H_
