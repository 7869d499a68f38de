// A bounded cursor over bytes that somebody else wrote, in network order.
#ifndef CODEC_DNS_WIRE_READER_H_
#define CODEC_DNS_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace codec::dns {

// Fields at octets that are known to be there.
inline uint16_t LoadU16(const uint8_t* at) { return static_cast<uint16_t>(at[0] << 8 | at[1]); }
inline uint32_t LoadU32(const uint8_t* at) {
  return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}

// The first read that would leave the bytes poisons the cursor: it and all later reads give zeros or nothing
// and do not move, so that a run of fields is read whole and checked once.
class WireReader {
 public:
  explicit WireReader(std::span<const uint8_t> bytes, size_t offset = 0)
      : bytes_(bytes), offset_(offset), ok_(offset <= bytes.size()) {}

  bool ok() const { return ok_; }
  size_t offset() const { return offset_; }
  size_t left() const { return ok_ ? bytes_.size() - offset_ : 0; }

  uint8_t ReadU8() {
    const uint8_t* const at = Take(1);
    return at == nullptr ? uint8_t{0} : at[0];
  }
  uint16_t ReadU16() {
    const uint8_t* const at = Take(2);
    return at == nullptr ? uint16_t{0} : LoadU16(at);
  }
  uint32_t ReadU32() {
    const uint8_t* const at = Take(4);
    return at == nullptr ? 0 : LoadU32(at);
  }
  std::span<const uint8_t> ReadBytes(size_t length) {
    const uint8_t* const at = Take(length);
    return at == nullptr ? std::span<const uint8_t>() : std::span(at, length);
  }
  void Skip(size_t length) { Take(length); }

 private:
  const uint8_t* Take(size_t length) {
    if (length > left() || !ok_) {
      ok_ = false;
      return nullptr;
    }
    const uint8_t* const at = bytes_.data() + offset_;
    offset_ += length;
    return at;
  }

  std::span<const uint8_t> bytes_;
  size_t offset_;  // offset_ <= bytes_.size() while ok_.
  bool ok_;
};

}  // namespace codec::dns

#endif  // CODEC_DNS_WIRE_READER_H_
