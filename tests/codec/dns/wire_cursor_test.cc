#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "codec/dns/wire_reader.h"
#include "codec/dns/wire_writer.h"

namespace codec::dns {
namespace {

constexpr std::array<uint8_t, 7> kOctets = {1, 2, 3, 4, 5, 6, 7};

TEST(WireReaderTest, ReadsToTheLastOctet) {
  WireReader in(kOctets);
  EXPECT_EQ(in.ReadU8(), 0x01);
  EXPECT_EQ(in.ReadU16(), 0x0203);
  EXPECT_EQ(in.ReadU32(), 0x04050607U);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.left(), 0U);
  EXPECT_EQ(in.ReadBytes(0).size(), 0U);
  EXPECT_TRUE(in.ok());
}

TEST(WireReaderTest, OneOctetTooManyPoisonsAllThatFollows) {
  WireReader in(kOctets, 4);
  EXPECT_EQ(in.ReadU32(), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.offset(), 4U);
  EXPECT_EQ(in.ReadU8(), 0);
  EXPECT_EQ(in.ReadU16(), 0);
  EXPECT_TRUE(in.ReadBytes(1).empty());
  EXPECT_EQ(in.left(), 0U);
}

TEST(WireReaderTest, StartsPoisonedBehindTheEnd) {
  EXPECT_TRUE(WireReader(kOctets, 7).ok());
  EXPECT_FALSE(WireReader(kOctets, 8).ok());
}

TEST(WireReaderTest, SkipsWhatIsThere) {
  WireReader in(kOctets);
  in.Skip(6);
  EXPECT_EQ(in.ReadU8(), 7);
  in.Skip(SIZE_MAX);
  EXPECT_FALSE(in.ok());
}

TEST(WireWriterTest, WritesToTheLastOctet) {
  std::array<uint8_t, 9> out{};
  WireWriter writer(out);
  writer.WriteU8(1);
  writer.WriteU16(0x0203);
  writer.WriteU32(0x04050607);
  writer.WriteBytes(std::array<uint8_t, 2>{8, 9});
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.length(), 9U);
  EXPECT_EQ(out, (std::array<uint8_t, 9>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(WireWriterTest, OneOctetTooManyPoisonsAllThatFollows) {
  std::array<uint8_t, 3> out{};
  WireWriter writer(out);
  writer.WriteU16(0x0102);
  writer.WriteU16(0x0304);
  EXPECT_FALSE(writer.ok());
  writer.WriteU8(5);
  EXPECT_EQ(writer.length(), 2U);
  EXPECT_EQ(out, (std::array<uint8_t, 3>{1, 2, 0}));
}

}  // namespace
}  // namespace codec::dns
