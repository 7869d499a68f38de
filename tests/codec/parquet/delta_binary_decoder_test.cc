#include "codec/parquet/delta_binary_decoder.h"

#include <cstdint>
#include <limits>
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
using Width = DeltaBinaryDecoder::Width;

absl::StatusOr<std::vector<int64_t>> Decode(std::string_view octets, size_t count, Width width = Width::k64,
                                            size_t piece = 1000) {
  absl::StatusOr<DeltaBinaryDecoder> decoder = DeltaBinaryDecoder::Open(AsOctets(octets), width);
  if (!decoder.ok()) return decoder.status();
  std::vector<int64_t> values(count);
  for (size_t at = 0; at < count; at += piece) {
    const absl::Status decoded = decoder->Decode(std::span(values).subspan(at, std::min(piece, count - at)));
    if (!decoded.ok()) return decoded;
  }
  return values;
}

TEST(DeltaBinaryDecoder, TakesEveryWidthAndBlock) {
  std::mt19937_64 random(1);
  const DeltaShape shapes[] = {{128, 4}, {128, 1}, {256, 4}, {1024, 8}, {1024, 32}, {2048, 8}, {2048, 1}};
  for (DeltaShape shape : shapes) {
    for (shape.width = 0; shape.width <= 64; ++shape.width) {
      for (const size_t count : {1, 2, 32, 33, 34, 128, 129, 130, 1025, 2100}) {
        std::vector<int64_t> values = {static_cast<int64_t>(random())};
        while (values.size() < count) {
          const uint64_t delta = shape.width == 0 ? 7 : random() >> (64 - shape.width);
          values.push_back(static_cast<int64_t>(static_cast<uint64_t>(values.back()) + delta));
        }
        const std::string octets = PackDeltas(values, shape);
        const auto decoded = Decode(octets, count, Width::k64, 1 + random() % 300);
        ASSERT_TRUE(decoded.ok()) << decoded.status() << shape.width;
        ASSERT_EQ(*decoded, values) << shape.block << " " << shape.width << " " << count;
        const std::string longer = octets + "tail";
        DeltaBinaryDecoder skipped = *DeltaBinaryDecoder::Open(AsOctets(longer), Width::k64);
        ASSERT_EQ(skipped.SkipAll().value(), octets.size())
            << shape.block << " " << shape.width << " " << count;
      }
    }
  }
}

TEST(DeltaBinaryDecoder, WrapsAround) {
  using Limits = std::numeric_limits<int64_t>;
  const std::vector<int64_t> wide = {Limits::min(), Limits::max(), 0, Limits::max(), Limits::min(), -1};
  EXPECT_EQ(Decode(PackDeltas(wide), wide.size()).value(), wide);
  // Sums beyond 32 bits wrap to them, however wide the differences were written.
  const std::vector<int64_t> sums = {2147483647, 2147483648, 4294967295, 4294967296, -2147483649};
  const std::vector<int64_t> narrow = {2147483647, -2147483648, -1, 0, 2147483647};
  EXPECT_EQ(Decode(PackDeltas(sums), sums.size(), Width::k32).value(), narrow);
}

std::string Header(uint64_t block, uint64_t miniblocks, uint64_t count) {
  return Varint(block) + Varint(miniblocks) + Varint(count) + Zigzag(3);
}

TEST(DeltaBinaryDecoder, ChecksItsHeader) {
  const std::string_view block = "the block of a delta encoding is no multiple of 128 values";
  const std::string_view miniblock = "the miniblock of a delta encoding is no multiple of 32 values";
  const std::string_view header = "the header of the delta encoding is cut off or too long";
  const struct {
    std::string octets;
    std::string_view fault;
  } cases[] = {
      {Header(128, 4, 1), ""},
      {Header(0, 4, 1), block},
      {Header(64, 2, 1), block},
      {Header(129, 1, 1), block},
      {Header(uint64_t{1} << 31, 1, 1), ""},
      {Header((uint64_t{1} << 31) + 128, 1, 1), block},
      {Header(128, 0, 1), miniblock},
      {Header(128, 3, 1), miniblock},
      {Header(128, 8, 1), miniblock},
      {Header(128, 256, 1), miniblock},
      {Header(128, uint64_t{1} << 63, 1), miniblock},
      {Header(128, 4, 1).substr(0, 4), header},
      {std::string(11, '\x80') + Header(128, 4, 1), header},
      {Header(128, 4, 0), "a delta encoding holds fewer values than its page"},
      {"", "a delta encoding holds fewer values than its page"},
  };
  for (const auto& c : cases) {
    const auto decoded = Decode(c.octets, 1);
    EXPECT_EQ(MessageOf(decoded), c.fault) << testing::PrintToString(c.octets);
    if (decoded.ok()) {
      EXPECT_EQ(*decoded, std::vector<int64_t>{3});
    }
  }
  const std::string no_values = Header(128, 4, 0);
  DeltaBinaryDecoder none = *DeltaBinaryDecoder::Open(AsOctets(no_values), Width::k64);
  EXPECT_EQ(none.SkipAll().value(), no_values.size());
}

TEST(DeltaBinaryDecoder, MayEndBehindTheLastValue) {
  const std::string_view end = "the values of a delta encoding end before the last one";
  const std::vector<int64_t> values = {1, 2, 4, 7};
  const std::string whole = PackDeltas(values, {.width = 8});
  const size_t three = whole.size() - 32 + 3;  // Of the miniblock only what three differences take.
  EXPECT_EQ(Decode(whole.substr(0, three), 4).value(), values);
  EXPECT_EQ(MessageOf(Decode(whole.substr(0, three - 1), 4)), end);
  for (size_t size = Header(128, 4, 4).size(); size < three; ++size) {
    EXPECT_EQ(MessageOf(Decode(whole.substr(0, size), 4)), end) << size;
    DeltaBinaryDecoder skipped = *DeltaBinaryDecoder::Open(AsOctets(whole).first(size), Width::k64);
    EXPECT_EQ(MessageOf(skipped.SkipAll()), end) << size;
  }
}

TEST(DeltaBinaryDecoder, RefusesDifferencesOfMoreThan64Bits) {
  const std::string octets = Header(128, 4, 2) + Zigzag(0);
  EXPECT_TRUE(Decode(octets + "\x40\x41\x41\x41" + std::string(256, '\0'), 2).ok());
  EXPECT_EQ(MessageOf(Decode(octets + "\x41\x01\x01\x01" + std::string(260, '\0'), 2)),
            "a difference of a delta encoding has more than 64 bits");
}

// A count that no memory could hold costs nothing until values are asked for.
TEST(DeltaBinaryDecoder, BelievesNoCount) {
  const std::string octets = Header(128, 4, ~uint64_t{0}) + Zigzag(1) + std::string(4, '\0');
  EXPECT_EQ(Decode(octets, 129).value().back(), 131);
  EXPECT_FALSE(Decode(octets, 130).ok());
  DeltaBinaryDecoder skipped = *DeltaBinaryDecoder::Open(AsOctets(octets), Width::k64);
  EXPECT_FALSE(skipped.SkipAll().ok());
}

}  // namespace
}  // namespace codec::parquet
