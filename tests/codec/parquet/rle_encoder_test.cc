#include "codec/parquet/rle_encoder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {
namespace {

using Octets = std::vector<uint8_t>;

Octets Taken(const ByteBuffer& buffer) { return {buffer.bytes().begin(), buffer.bytes().end()}; }

std::vector<uint32_t> Counted(uint32_t from, uint32_t to) {
  std::vector<uint32_t> values;
  for (uint32_t value = from; value < to; ++value) values.push_back(value);
  return values;
}

struct Case {
  std::string what;
  std::vector<uint32_t> values;
  int width;
  Octets expected;
};

// The example of the format's text: 0 to 7 in three bits are 88 C6 FA.
const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"nothing", {}, 3, {}},
      {"one value is a run of one", {5}, 3, {0x02, 0x05}},
      {"two different ones are packed", {5, 6}, 3, {0x03, 0x35, 0x00, 0x00}},
      {"0 to 7", Counted(0, 8), 3, {0x03, 0x88, 0xC6, 0xFA}},
      {"0 to 6: the last value is filled up", Counted(0, 7), 3, {0x03, 0x88, 0xC6, 0x1A}},
      {"0 to 8: two groups", Counted(0, 9), 4, {0x05, 0x10, 0x32, 0x54, 0x76, 0x08, 0x00, 0x00, 0x00}},
      {"7 equal ones", std::vector<uint32_t>(7, 1), 1, {0x0E, 0x01}},
      {"63 equal ones", std::vector<uint32_t>(63, 1), 1, {0x7E, 0x01}},
      {"64 equal ones", std::vector<uint32_t>(64, 1), 1, {0x80, 0x01, 0x01}},
      {"width 0", std::vector<uint32_t>(9, 0), 0, {0x12}},
      {"9 bits take two octets in a run", std::vector<uint32_t>(8, 0x1FF), 9, {0x10, 0xFF, 0x01}},
      {"32 bits", std::vector<uint32_t>(8, 0xFFFFFFFE), 32, {0x10, 0xFE, 0xFF, 0xFF, 0xFF}},
  };
  return cases;
}

TEST(RleEncoderTest, WritesWhatTheFormatSays) {
  for (const Case& c : Cases()) {
    ByteBuffer out;
    EncodeRle(c.values, c.width, out);
    EXPECT_EQ(Taken(out), c.expected) << c.what;
  }
}

TEST(RleEncoderTest, ALongRunPartsWhatIsPacked) {
  std::vector<uint32_t> values = {1, 0, 1, 0, 1, 0, 1, 0};
  values.insert(values.end(), 100, 1);
  values.insert(values.end(), {0, 1});
  ByteBuffer out;
  EncodeRle(values, 1, out);
  EXPECT_EQ(Taken(out), (Octets{0x03, 0x55, 0xC8, 0x01, 0x01, 0x03, 0x02}));
}

TEST(RleEncoderTest, AShortRunDoesNot) {
  std::vector<uint32_t> values = {1, 0, 1, 0, 1, 0, 1, 0};
  values.insert(values.end(), 8, 1);
  values.insert(values.end(), {0, 1});
  ByteBuffer out;
  EncodeRle(values, 1, out);
  EXPECT_EQ(Taken(out), (Octets{0x07, 0x55, 0xFF, 0x02}));
}

TEST(RleEncoderTest, BitsAreAsNumbersOfWidthOne) {
  for (const size_t size : {0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 1000}) {
    for (const uint32_t period : {1, 2, 3, 40, 1000}) {
      std::vector<uint32_t> numbers;
      std::vector<uint8_t> bits;
      for (size_t i = 0; i < size; ++i) {
        numbers.push_back(i / period % 2);
        bits.push_back(static_cast<uint8_t>(numbers.back()));
      }
      ByteBuffer from_numbers;
      ByteBuffer from_bits;
      EncodeRle(numbers, 1, from_numbers);
      EncodeRleBits(bits, from_bits);
      EXPECT_EQ(Taken(from_bits), Taken(from_numbers)) << size << " values, period " << period;
    }
  }
}

}  // namespace
}  // namespace codec::parquet
