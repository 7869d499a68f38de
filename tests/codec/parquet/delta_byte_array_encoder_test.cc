#include "codec/parquet/delta_byte_array_encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/delta_binary_encoder.h"
#include "codec/parquet/delta_byte_array_decoder.h"

namespace codec::parquet {
namespace {

using Octets = std::vector<uint8_t>;

Octets Encoded(const std::vector<std::string>& values) {
  DeltaByteArrayEncoder encoder;
  for (const std::string& value : values) encoder.Add(value);
  ByteBuffer out;
  encoder.Finish(out);
  return {out.bytes().begin(), out.bytes().end()};
}

std::vector<std::string> Decoded(const Octets& octets, size_t count) {
  std::vector<std::string> values;
  auto decoder = DeltaByteArrayDecoder::Open(octets);
  EXPECT_TRUE(decoder.ok());
  std::vector<std::string_view> part(64);
  while (values.size() < count) {
    part.resize(std::min<size_t>(64, count - values.size()));
    const auto decoded = decoder->Decode(part);
    EXPECT_TRUE(decoded.ok()) << decoded.status();
    if (!decoded.ok()) break;
    for (size_t i = 0; i < *decoded; ++i) values.emplace_back(part[i]);
  }
  return values;
}

TEST(DeltaByteArrayEncoderTest, IsPrefixesThenSuffixLengthsThenSuffixes) {
  // The example of the format's text.
  ByteBuffer expected;
  EncodeDeltaLengths(std::vector<int32_t>{0, 2, 0, 3}, expected);
  EncodeDeltaLengths(std::vector<int32_t>{4, 2, 6, 5}, expected);
  expected.Append(std::string_view("axislebabbleyhood"));
  ByteBuffer out;
  DeltaByteArrayEncoder encoder;
  for (const std::string_view value : {"axis", "axle", "babble", "babyhood"}) encoder.Add(value);
  encoder.Finish(out);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), out.size()),
            std::string(reinterpret_cast<const char*>(expected.data()), expected.size()));
}

TEST(DeltaByteArrayEncoderTest, SaysHowValuesCompareBytewise) {
  const struct {
    std::string before;
    std::string value;
    std::strong_ordering expected;
  } cases[] = {
      {"a", "a", std::strong_ordering::equal},
      {"", "", std::strong_ordering::equal},
      {"", "a", std::strong_ordering::greater},
      {"a", "", std::strong_ordering::less},
      {"ab", "a", std::strong_ordering::less},
      {"a", "ab", std::strong_ordering::greater},
      {"a\x7F", "a\x80", std::strong_ordering::greater},
      {"\xFF", "a", std::strong_ordering::less},
      {"12345678", "12345678", std::strong_ordering::equal},
      {"123456789", "12345678", std::strong_ordering::less},
      {"1234567890abcdeX", "1234567890abcdeY", std::strong_ordering::greater},
      {"1234567X90abcdeX", "1234567W90abcdeY", std::strong_ordering::less},
  };
  for (const auto& c : cases) {
    DeltaByteArrayEncoder encoder;
    encoder.Add(c.before);
    EXPECT_EQ(encoder.Add(c.value).order, c.expected) << c.before << " then " << c.value;
  }
}

TEST(DeltaByteArrayEncoderTest, IsReadBackAtEveryBoundary) {
  for (const size_t size : {0, 1, 2, 31, 32, 33, 127, 128, 129, 130, 1000}) {
    std::vector<std::string> values;
    values.reserve(size);
    for (size_t i = 0; i < size; ++i) {
      values.push_back(i % 5 == 3 ? "" : "host-" + std::to_string(i * i) + std::string(i % 300, 'x'));
    }
    EXPECT_EQ(Decoded(Encoded(values), size), values) << size;
  }
}

TEST(DeltaByteArrayEncoderTest, FinishForgets) {
  DeltaByteArrayEncoder encoder;
  ByteBuffer first;
  ByteBuffer second;
  encoder.Add("same");
  encoder.Finish(first);
  encoder.Add("same");
  encoder.Finish(second);
  EXPECT_EQ(Octets(first.bytes().begin(), first.bytes().end()),
            Octets(second.bytes().begin(), second.bytes().end()));
}

}  // namespace
}  // namespace codec::parquet
