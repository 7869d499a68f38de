#include "codec/parquet/thrift_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace codec::parquet {
namespace {

using Octets = std::vector<uint8_t>;
using Type = ThriftWriter::Type;

template <typename Fill>
Octets Written(const Fill& fill) {
  ByteBuffer out;
  ThriftWriter writer(out);
  writer.BeginItem();
  fill(writer);
  writer.End();
  return {out.bytes().begin(), out.bytes().end()};
}

TEST(ThriftWriterTest, NumbersFieldsByTheirDistance) {
  EXPECT_EQ(Written([](ThriftWriter& w) { w.I32(1, 1); }), (Octets{0x15, 0x02, 0x00}));
  EXPECT_EQ(Written([](ThriftWriter& w) { w.I32(15, -1); }), (Octets{0xF5, 0x01, 0x00}));
  EXPECT_EQ(Written([](ThriftWriter& w) { w.I32(16, 0); }), (Octets{0x05, 0x20, 0x00, 0x00}));
  EXPECT_EQ(Written([](ThriftWriter& w) {
              w.I64(1, 64);
              w.I32(3, 0);
            }),
            (Octets{0x16, 0x80, 0x01, 0x25, 0x00, 0x00}));
}

TEST(ThriftWriterTest, BooleansAreTheirType) {
  EXPECT_EQ(Written([](ThriftWriter& w) {
              w.Boolean(1, true);
              w.Boolean(2, false);
            }),
            (Octets{0x11, 0x12, 0x00}));
}

TEST(ThriftWriterTest, ListsOf15AreLong) {
  for (const size_t items : {14, 15}) {
    const Octets octets = Written([items](ThriftWriter& w) {
      w.List(1, Type::kI32, items);
      for (size_t i = 0; i < items; ++i) w.NumberItem(0);
    });
    Octets expected = items == 14 ? Octets{0x19, 0xE5} : Octets{0x19, 0xF5, 0x0F};
    expected.resize(expected.size() + items + 1, 0);
    EXPECT_EQ(octets, expected) << items;
  }
}

TEST(ThriftWriterTest, StructuresCountTheirOwnFields) {
  EXPECT_EQ(Written([](ThriftWriter& w) {
              w.BeginStruct(2);
              w.Binary(1, "ab");
              w.End();
              w.I32(3, 1);
            }),
            (Octets{0x2C, 0x18, 0x02, 'a', 'b', 0x00, 0x15, 0x02, 0x00}));
}

TEST(ThriftWriterTest, GoesOnWhereAnotherStopped) {
  ByteBuffer out;
  ThriftWriter writer(out);
  writer.ContinueItem(4);
  writer.I32(5, 1);
  writer.End();
  EXPECT_EQ(Octets(out.bytes().begin(), out.bytes().end()), (Octets{0x15, 0x02, 0x00}));
}

}  // namespace
}  // namespace codec::parquet
