// What ByteWriter wrote, or anybody else: a bounded cursor that the first failed read poisons.
#ifndef SCANNER_ROW_BYTE_READER_H_
#define SCANNER_ROW_BYTE_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace scanner {

// After a read beyond the end, or of a malformed number, ok() is false and every read gives 0 or nothing.
class ByteReader {
 public:
  // `octets` outlive the reader and what it gives.
  explicit ByteReader(std::span<const uint8_t> octets) : rest_(octets) {}

  bool ok() const { return ok_; }
  // Everything was read, and nothing failed.
  bool AtEnd() const { return ok_ && rest_.empty(); }
  size_t left() const { return rest_.size(); }

  uint8_t Octet() {
    const std::span<const uint8_t> octet = Raw(1);
    return octet.empty() ? uint8_t{0} : octet[0];
  }
  uint32_t Fixed32() { return static_cast<uint32_t>(Fixed(4)); }
  uint64_t Fixed64() { return Fixed(8); }
  // Fails where the number does not fit 64 bits.
  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t octet = Octet();
      if (!ok_) return 0;
      if (shift == 63 && octet > 1) break;
      value |= uint64_t{octet & 0x7FU} << shift;
      if (octet < 0x80) return value;
    }
    Fail();
    return 0;
  }
  std::span<const uint8_t> Raw(uint64_t octets) {
    if (octets > rest_.size()) {
      Fail();
      return {};
    }
    const std::span<const uint8_t> raw = rest_.first(octets);
    rest_ = rest_.subspan(octets);
    return raw;
  }
  std::span<const uint8_t> Blob() { return Raw(Varint()); }
  std::string_view Text() {
    const std::span<const uint8_t> blob = Blob();
    return {reinterpret_cast<const char*>(blob.data()), blob.size()};
  }

 private:
  void Fail() {
    ok_ = false;
    rest_ = {};
  }
  uint64_t Fixed(unsigned octets) {
    uint64_t value = 0;
    const std::span<const uint8_t> raw = Raw(octets);
    for (size_t i = 0; i < raw.size(); ++i) value |= uint64_t{raw[i]} << (8 * i);
    return value;
  }

  std::span<const uint8_t> rest_;
  bool ok_ = true;
};

}  // namespace scanner

#endif  // SCANNER_ROW_BYTE_READER_H_
