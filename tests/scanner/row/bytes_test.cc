#include <cstdint>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "scanner/row/byte_reader.h"
#include "scanner/row/byte_writer.h"

namespace scanner {
namespace {

TEST(ByteReader, ReadsWhatWasWritten) {
  std::vector<uint8_t> octets;
  ByteWriter writer(octets);
  const std::vector<uint64_t> numbers = {
      0, 1, 127, 128, 16'383, 16'384, UINT32_MAX, uint64_t{1} << 63, UINT64_MAX};
  for (const uint64_t number : numbers) writer.Varint(number);
  writer.Octet(7);
  writer.Fixed32(0x01020304);
  writer.Fixed64(0x0102030405060708);
  writer.Text("name");
  ByteReader reader(octets);
  for (const uint64_t number : numbers) EXPECT_EQ(reader.Varint(), number);
  EXPECT_EQ(reader.Octet(), 7);
  EXPECT_EQ(reader.Fixed32(), 0x01020304U);
  EXPECT_EQ(reader.Fixed64(), 0x0102030405060708U);
  EXPECT_FALSE(reader.AtEnd());
  EXPECT_EQ(reader.Text(), "name");
  EXPECT_TRUE(reader.AtEnd());
}

TEST(ByteReader, IsPoisonedByTheFirstReadThatFails) {
  using Octets = std::vector<uint8_t>;
  const struct {
    const char* what;
    Octets octets;
    void (*read)(ByteReader&);
    bool ok;
  } cases[] = {
      {"a whole number", {0x80, 0x01}, [](ByteReader& r) { r.Varint(); }, true},
      {"half a number", {0x80}, [](ByteReader& r) { r.Varint(); }, false},
      {"the largest number",
       {255, 255, 255, 255, 255, 255, 255, 255, 255, 1},
       [](ByteReader& r) { r.Varint(); },
       true},
      {"one that is larger",
       {255, 255, 255, 255, 255, 255, 255, 255, 255, 2},
       [](ByteReader& r) { r.Varint(); },
       false},
      {"one that is longer",
       {255, 255, 255, 255, 255, 255, 255, 255, 255, 129, 0},
       [](ByteReader& r) { r.Varint(); },
       false},
      {"32 bits", {1, 2, 3, 4}, [](ByteReader& r) { r.Fixed32(); }, true},
      {"24 bits", {1, 2, 3}, [](ByteReader& r) { r.Fixed32(); }, false},
      {"a whole text", {2, 'a', 'b'}, [](ByteReader& r) { r.Text(); }, true},
      {"a text that is cut off", {3, 'a', 'b'}, [](ByteReader& r) { r.Text(); }, false},
      {"a text longer than memory",
       {255, 255, 255, 255, 255, 255, 255, 255, 255, 1},
       [](ByteReader& r) { r.Text(); },
       false},
      {"no octet", {}, [](ByteReader& r) { r.Octet(); }, false},
  };
  for (const auto& c : cases) {
    ByteReader reader(c.octets);
    c.read(reader);
    EXPECT_EQ(reader.ok(), c.ok) << c.what;
    EXPECT_EQ(reader.AtEnd(), c.ok) << c.what;
    if (c.ok) continue;
    EXPECT_EQ(reader.left(), 0U) << c.what;
    EXPECT_EQ(reader.Octet(), 0) << c.what;
    EXPECT_TRUE(reader.Raw(0).empty()) << c.what;
  }
}

}  // namespace
}  // namespace scanner
