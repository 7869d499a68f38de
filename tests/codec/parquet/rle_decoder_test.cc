#include "codec/parquet/rle_decoder.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

using namespace std::string_view_literals;

struct Case {
  const char* name;
  std::string_view octets;
  unsigned width;
  std::vector<uint32_t> values;  // As many as are asked for.
  std::string_view fault;        // None: the values come.
};

TEST(RleDecoder, TakesWhatTheFormatAllows) {
  const Case cases[] = {
      {"no bits, no octets", ""sv, 0, {0, 0, 0}, ""},
      {"no bits, one run", "\x06"sv, 0, {0, 0, 0}, ""},
      {"nothing asked", ""sv, 1, {}, ""},
      {"a run", "\x06\x05"sv, 3, {5, 5, 5}, ""},
      {"a run longer than needed", "\x60\x05"sv, 3, {5, 5, 5}, ""},
      {"a run shorter than needed", "\x04\x05"sv, 3, {5, 5, 5}, "the runs end before the last value"},
      {"two runs", "\x04\x05\x02\x01"sv, 3, {5, 5, 1}, ""},
      {"a run of none", "\x00\x05\x02\x01"sv, 3, {1}, ""},
      {"runs of none only", "\x00\x05\x00\x05"sv, 3, {5}, "the runs end before the last value"},
      {"a value of two octets", "\x02\x01\x01"sv, 9, {257}, ""},
      {"a value cut off", "\x02\x01"sv, 9, {257}, "the value of a run is cut off"},
      {"the highest value", "\x02\x07"sv, 3, {7}, ""},
      {"a value too high", "\x02\x08"sv, 3, {8}, "the value of a run has too many bits"},
      {"32 bits", "\x02\xFF\xFF\xFF\xFF"sv, 32, {0xFFFFFFFF}, ""},
      {"packed, Encodings.md's example", "\x03\x88\xC6\xFA"sv, 3, {0, 1, 2, 3, 4, 5, 6, 7}, ""},
      {"packed, more than needed", "\x03\x88\xC6\xFA"sv, 3, {0, 1}, ""},
      {"packed, cut short behind the last value", "\x03\x01\x02\x03"sv, 8, {1, 2, 3}, ""},
      {"packed, cut short before the last value",
       "\x03\x01\x02\x03"sv,
       8,
       {1, 2, 3, 4},
       "the runs end before the last value"},
      {"packed, no groups", "\x01\x02\x05"sv, 3, {5}, ""},
      {"packed, more groups than octets", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x07"sv, 8, {7}, ""},
      {"packed, then a run", "\x03\xFF\x06\x00"sv, 1, {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}, ""},
      {"no octets", ""sv, 1, {0}, "the runs end before the last value"},
      {"a length that goes on", "\x80"sv, 1, {0}, "the runs end before the last value"},
      {"a length of 64 bits", "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x01"sv, 1, {1, 1}, ""},
      {"a length of 65 bits",
       "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02\x01"sv,
       1,
       {1, 1},
       "the length of a run has more than 64 bits"},
  };
  for (const Case& c : cases) {
    RleDecoder decoder(AsOctets(c.octets), c.width);
    std::vector<uint32_t> values(c.values.size());
    const absl::Status decoded = decoder.Decode(std::span(values));
    EXPECT_EQ(MessageOf(decoded), c.fault) << c.name;
    if (decoded.ok()) {
      EXPECT_EQ(values, c.values) << c.name;
    }
  }
}

TEST(RleDecoder, KnowsWhereItsValuesEnd) {
  const std::string packed = "\x41" + std::string(32, '\xFF');
  const struct {
    const char* name;
    std::string_view octets;
    unsigned width;
    size_t values;
    bool end;
  } cases[] = {
      {"no octets", ""sv, 1, 0, true},
      {"no bits, no octets", ""sv, 0, 3, true},
      {"no bits, one run", "\x06"sv, 0, 3, true},
      {"no bits, a run that is longer", "\x06"sv, 0, 2, false},
      {"no bits, packed", "\x03"sv, 0, 3, true},
      {"a run", "\x06\x05"sv, 3, 3, true},
      {"a run that is longer", "\x06\x05"sv, 3, 2, false},
      {"a run of none behind", "\x06\x05\x00\x05"sv, 3, 3, true},
      {"a run behind", "\x06\x05\x02\x05"sv, 3, 3, false},
      {"half a run behind", "\x06\x05\x02"sv, 3, 3, false},
      {"packed, filled up", packed, 1, 1, true},
      {"packed, more than is filled up", packed, 1, 0, false},
      {"packed, an octet behind", "\x03\xFF\xFF"sv, 1, 8, false},
  };
  for (const auto& c : cases) {
    RleDecoder decoder(AsOctets(c.octets), c.width);
    std::vector<uint32_t> values(c.values);
    ASSERT_TRUE(decoder.Decode(std::span(values)).ok()) << c.name;
    EXPECT_EQ(decoder.CheckEnd().ok(), c.end) << c.name;
  }
}

TEST(RleDecoder, DecodesEveryWidthInPiecesOfAnySize) {
  std::mt19937_64 random(1);
  for (unsigned width = 0; width <= RleDecoder::kMaxWidth; ++width) {
    std::vector<uint32_t> expected;
    std::string octets;
    for (int run = 0; run < 20; ++run) {
      const uint64_t mask = (uint64_t{1} << width) - 1;
      if (random() % 2 == 0) {
        const uint64_t value = random() & mask;
        const size_t length = random() % 300;
        octets += Varint(length << 1) + LittleEndian(value, static_cast<int>((width + 7) / 8));
        expected.insert(expected.end(), length, static_cast<uint32_t>(value));
      } else {
        std::vector<uint64_t> values(8 * (1 + random() % 20));
        for (uint64_t& value : values) value = random() & mask;
        octets += Varint(values.size() / 8 << 1 | 1) + PackBits(values, width);
        for (const uint64_t value : values) expected.push_back(static_cast<uint32_t>(value));
      }
    }
    RleDecoder decoder(AsOctets(octets), width);
    std::vector<uint32_t> values(expected.size());
    for (size_t at = 0; at < values.size();) {
      const size_t piece = std::min<size_t>(1 + random() % 50, values.size() - at);
      ASSERT_TRUE(decoder.Decode(std::span(values).subspan(at, piece)).ok()) << width;
      at += piece;
    }
    EXPECT_EQ(values, expected) << width;
    uint32_t more = 0;
    EXPECT_TRUE(decoder.CheckEnd().ok()) << width;
    EXPECT_FALSE(decoder.Decode(std::span(&more, 1)).ok()) << width;
  }
}

}  // namespace
}  // namespace codec::parquet
