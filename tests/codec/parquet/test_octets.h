// Octets as tests write them: text literals, numbers, packed bits, Thrift structures.
#ifndef TESTS_CODEC_PARQUET_TEST_OCTETS_H_
#define TESTS_CODEC_PARQUET_TEST_OCTETS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace codec::parquet {

inline std::span<const uint8_t> AsOctets(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline std::string LittleEndian(uint64_t value, int octets) {
  std::string out;
  for (; octets > 0; --octets, value >>= 8) out += static_cast<char>(value & 0xFF);
  return out;
}

inline std::string Varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}

inline std::string Zigzag(int64_t value) {
  return Varint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}

// Bit by bit, least significant first; the last octet is filled up with zeros.
inline std::string PackBits(std::span<const uint64_t> values, unsigned width) {
  std::string out((values.size() * width + 7) / 8, '\0');
  size_t bit = 0;
  for (const uint64_t value : values) {
    for (unsigned i = 0; i < width; ++i, ++bit) {
      if ((value >> i & 1) != 0) out[bit / 8] = static_cast<char>(out[bit / 8] | 1 << bit % 8);
    }
  }
  return out;
}

// DELTA_BINARY_PACKED of `values`, of which the last miniblock is whole.
struct DeltaShape {
  uint64_t block = 128;
  uint64_t miniblocks = 4;
  unsigned width = 64;  // Of every difference; those of the values must fit.
};
std::string PackDeltas(const std::vector<int64_t>& values, DeltaShape shape = {});

// A structure in the compact protocol; every field has its id in full.
class ThriftOctets {
 public:
  ThriftOctets& I32(int id, int64_t value) { return Field(5, id, Zigzag(value)); }
  ThriftOctets& I64(int id, int64_t value) { return Field(6, id, Zigzag(value)); }
  ThriftOctets& Bool(int id, bool value) { return Field(value ? 1 : 2, id, ""); }
  ThriftOctets& Text(int id, std::string_view text) {
    return Field(8, id, Varint(text.size()) + std::string(text));
  }
  ThriftOctets& Struct(int id, const ThriftOctets& value) { return Field(12, id, value.Whole()); }
  ThriftOctets& Structs(int id, const std::vector<ThriftOctets>& values) {
    std::string list = '\xFC' + Varint(values.size());
    for (const ThriftOctets& value : values) list += value.Whole();
    return Field(9, id, list);
  }
  ThriftOctets& Field(int type, int id, const std::string& octets) {
    octets_ += static_cast<char>(type) + Zigzag(id) + octets;
    return *this;
  }
  std::string Whole() const { return octets_ + '\0'; }

 private:
  std::string octets_;
};

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_TEST_OCTETS_H_
