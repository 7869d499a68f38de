#include "codec/parquet/delta_binary_encoder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/delta_binary_decoder.h"

namespace codec::parquet {
namespace {

using Octets = std::vector<uint8_t>;

constexpr int64_t kLowest64 = std::numeric_limits<int64_t>::min();
constexpr int64_t kHighest64 = std::numeric_limits<int64_t>::max();
constexpr int32_t kLowest32 = std::numeric_limits<int32_t>::min();
constexpr int32_t kHighest32 = std::numeric_limits<int32_t>::max();

template <typename Number>
Octets Encoded(const std::vector<Number>& values) {
  ByteBuffer out;
  EncodeDeltaBinary(values, out);
  return {out.bytes().begin(), out.bytes().end()};
}

template <typename Number>
std::vector<Number> Decoded(const Octets& octets, DeltaBinaryDecoder::Width width) {
  auto decoder = DeltaBinaryDecoder::Open(octets, width);
  EXPECT_TRUE(decoder.ok()) << decoder.status();
  std::vector<int64_t> wide(decoder->left());
  EXPECT_TRUE(decoder->Decode(wide).ok());
  return {wide.begin(), wide.end()};
}

// A header of 256 values a block, 4 miniblocks, then the number of values and the first one.
TEST(DeltaBinaryEncoderTest, WritesWhatTheFormatSays) {
  const struct {
    std::string what;
    std::vector<int64_t> values;
    Octets expected;
  } cases[] = {
      {"none", {}, {0x80, 0x02, 0x04, 0x00, 0x00}},
      {"one", {-1}, {0x80, 0x02, 0x04, 0x01, 0x01}},
      // Example 1 of the format's text: differences of 1 take no bits.
      {"1 to 5", {1, 2, 3, 4, 5}, {0x80, 0x02, 0x04, 0x05, 0x02, 0x02, 0, 0, 0, 0}},
      // Example 2: differences -2, -2, -2, 1, 1, 1, 1, less the lowest 0, 0, 0, 3, 3, 3, 3 in two bits. A
      // miniblock is written whole.
      {"7 5 3 1 2 3 4 5", {7, 5, 3, 1, 2, 3, 4, 5}, {0x80, 0x02, 0x04, 0x08, 0x0E, 0x03, 2, 0, 0,
                                                     0,    0xC0, 0x3F, 0,    0,    0,    0, 0, 0,
                                                     0,    0,    0,    0,    0,    0,    0, 0}},
  };
  for (const auto& c : cases) EXPECT_EQ(Encoded(c.values), c.expected) << c.what;
}

TEST(DeltaBinaryEncoderTest, DifferencesWrapInTheWidthOfTheNumber) {
  // From the lowest to the highest is -1, and back is 1.
  EXPECT_EQ(Encoded<int32_t>({kLowest32, kHighest32}),
            (Octets{0x80, 0x02, 0x04, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x01, 0, 0, 0, 0}));
  EXPECT_EQ(Encoded<int64_t>({kHighest64, kLowest64}),
            (Octets{0x80, 0x02, 0x04, 0x02, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x02,
                    0, 0, 0, 0}));
}

TEST(DeltaBinaryEncoderTest, NeedsNoMoreBitsThanTheNumberHas) {
  const std::vector<int32_t> values = {0, kHighest32, kLowest32, -1, kHighest32, 0, kLowest32};
  const Octets octets = Encoded(values);
  // Behind the header and the lowest difference.
  const size_t widths = 5 + 5;
  ASSERT_GT(octets.size(), widths);
  EXPECT_LE(octets[widths], 32);
  EXPECT_EQ(Decoded<int32_t>(octets, DeltaBinaryDecoder::Width::k32), values);
}

TEST(DeltaBinaryEncoderTest, IsReadBackAtEveryBoundary) {
  for (const size_t size :
       {0, 1, 2, 7, 8, 9, 31, 32, 33, 34, 63, 64, 65, 66, 255, 256, 257, 258, 512, 513, 514, 20480}) {
    std::vector<int64_t> wide;
    std::vector<int32_t> narrow;
    uint64_t state = size;
    for (size_t i = 0; i < size; ++i) {
      state = state * 6364136223846793005 + 1442695040888963407;
      // Of every magnitude.
      wide.push_back(static_cast<int64_t>(state) >> (state >> 5 & 63));
      narrow.push_back(static_cast<int32_t>(wide.back()));
    }
    EXPECT_EQ(Decoded<int64_t>(Encoded(wide), DeltaBinaryDecoder::Width::k64), wide) << size;
    EXPECT_EQ(Decoded<int32_t>(Encoded(narrow), DeltaBinaryDecoder::Width::k32), narrow) << size;
  }
}

TEST(DeltaBinaryEncoderTest, ExtremesAreReadBack) {
  const std::vector<int64_t> values = {kLowest64, kHighest64, 0, kHighest64, kLowest64, -1, 1, kLowest64};
  EXPECT_EQ(Decoded<int64_t>(Encoded(values), DeltaBinaryDecoder::Width::k64), values);
  // Addresses of 128.0.0.0 and above.
  const std::vector<int64_t> addresses = {0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0, 0xFFFFFFFF};
  EXPECT_EQ(Decoded<int64_t>(Encoded(addresses), DeltaBinaryDecoder::Width::k64), addresses);
}

Octets EncodedLengths(const std::vector<int32_t>& lengths) {
  ByteBuffer out;
  EncodeDeltaLengths(lengths, out);
  return {out.bytes().begin(), out.bytes().end()};
}

// Differences of 1 and -128, less -128; a miniblock is written whole.
TEST(DeltaLengthsTest, TakeAnOctetEach) {
  Octets expected = {0x80, 0x02, 0x04, 0x03, 0xFE, 0x01, 0xFF, 0x01, 8, 0, 0, 0, 0x81, 0x00};
  expected.resize(12 + 64, 0);
  EXPECT_EQ(EncodedLengths({127, 128, 0}), expected);
}

TEST(DeltaLengthsTest, EqualOnesTakeNothing) {
  EXPECT_EQ(EncodedLengths({5, 5, 5}), (Octets{0x80, 0x02, 0x04, 0x03, 0x0A, 0x00, 0, 0, 0, 0}));
}

TEST(DeltaLengthsTest, AreReadBackWhetherTheyFitOrNot) {
  for (const int32_t step : {0, 1, 127, 128, -128, -129, 1 << 20}) {
    for (const size_t size : {0, 1, 2, 64, 65, 66, 257, 258, 1000}) {
      std::vector<int32_t> lengths;
      lengths.reserve(size);
      for (size_t i = 0; i < size; ++i) lengths.push_back((1 << 20) + (i % 3 == 0 ? step : 0));
      EXPECT_EQ(Decoded<int32_t>(EncodedLengths(lengths), DeltaBinaryDecoder::Width::k32), lengths)
          << size << " with steps of " << step;
    }
  }
}

}  // namespace
}  // namespace codec::parquet
