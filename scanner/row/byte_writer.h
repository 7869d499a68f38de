// Numbers and octets appended one behind another; byte_reader.h reads them.
#ifndef SCANNER_ROW_BYTE_WRITER_H_
#define SCANNER_ROW_BYTE_WRITER_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace scanner {

class ByteWriter {
 public:
  // `out` outlives the writer.
  explicit ByteWriter(std::vector<uint8_t>& out) : out_(out) {}

  void Octet(uint8_t value) { out_.push_back(value); }
  void Fixed32(uint32_t value) { Fixed(value, 4); }  // Little-endian.
  void Fixed64(uint64_t value) { Fixed(value, 8); }
  // LEB128: seven bits an octet, the lowest first; at most ten octets.
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<uint8_t>(value | 0x80));
    out_.push_back(static_cast<uint8_t>(value));
  }
  void Raw(std::span<const uint8_t> octets) { out_.insert(out_.end(), octets.begin(), octets.end()); }
  // The length as Varint, then the octets.
  void Blob(std::span<const uint8_t> octets) {
    Varint(octets.size());
    Raw(octets);
  }
  void Text(std::string_view text) {
    Blob(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  }

 private:
  void Fixed(uint64_t value, int octets) {
    for (int i = 0; i < octets; ++i) out_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }

  std::vector<uint8_t>& out_;
};

}  // namespace scanner

#endif  // SCANNER_ROW_BYTE_WRITER_H_
