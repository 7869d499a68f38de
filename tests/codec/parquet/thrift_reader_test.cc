#include "codec/parquet/thrift_reader.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kType = "a field has another type than the format says";
constexpr std::string_view kCutOff = "the structure is cut off";
constexpr std::string_view kFit = "a number does not fit its type";

std::string Fault(const ThriftReader& reader) { return reader.ok() ? "" : reader.fault(); }

// Skips every field of a structure.
std::string SkipAll(std::string_view octets) {
  ThriftReader reader(AsOctets(octets));
  for (ThriftField field; reader.Next(field);) reader.Skip(field);
  if (reader.ok()) {
    EXPECT_EQ(reader.offset(), octets.size());
  }
  return Fault(reader);
}

TEST(ThriftReader, ReadsFieldsInAnyOrder) {
  const std::string octets = ThriftOctets().I64(9, -5).I32(2, 7).Text(300, "text").Bool(1, true).Whole();
  ThriftReader reader(AsOctets(octets));
  ThriftField field;
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.id, 9);
  EXPECT_EQ(reader.ReadI64(field), -5);
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(reader.ReadI32(field), 7);
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.id, 300);
  EXPECT_EQ(reader.ReadBinary(field), "text");
  ASSERT_TRUE(reader.Next(field));
  EXPECT_TRUE(reader.ReadBool(field));
  EXPECT_FALSE(reader.Next(field));
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.offset(), octets.size());
}

TEST(ThriftReader, AddsShortFieldIds) {
  ThriftReader reader(AsOctets("\x15\x02\x25\x04\x00"sv));  // +1 and +2.
  ThriftField field;
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.id, 1);
  EXPECT_EQ(reader.ReadI32(field), 1);
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.id, 3);
  EXPECT_EQ(reader.ReadI32(field), 2);
}

TEST(ThriftReader, RefusesWhatDoesNotFit) {
  using Read = std::function<void(ThriftReader&, const ThriftField&)>;
  const Read i32 = [](ThriftReader& reader, const ThriftField& field) { reader.ReadI32(field); };
  const Read i64 = [](ThriftReader& reader, const ThriftField& field) { reader.ReadI64(field); };
  const Read text = [](ThriftReader& reader, const ThriftField& field) { reader.ReadBinary(field); };
  const Read boolean = [](ThriftReader& reader, const ThriftField& field) { reader.ReadBool(field); };
  const Read structs = [](ThriftReader& reader, const ThriftField& field) {
    reader.ReadList(field, ThriftType::kStruct);
  };
  const Read structure = [](ThriftReader& reader, const ThriftField& field) { reader.EnterStruct(field); };
  const struct {
    const char* name;
    std::string octets;
    const Read& read;
    std::string_view fault;
  } cases[] = {
      {"32 bits, highest", ThriftOctets().I32(1, INT32_MAX).Whole(), i32, ""},
      {"32 bits, too high", ThriftOctets().I32(1, int64_t{INT32_MAX} + 1).Whole(), i32, kFit},
      {"32 bits, lowest", ThriftOctets().I32(1, INT32_MIN).Whole(), i32, ""},
      {"32 bits, too low", ThriftOctets().I32(1, int64_t{INT32_MIN} - 1).Whole(), i32, kFit},
      {"64 bits, lowest", ThriftOctets().I64(1, INT64_MIN).Whole(), i64, ""},
      {"65 bits", ThriftOctets().Field(6, 1, std::string(9, '\xFF') + '\x02').Whole(), i64,
       "a number has more than 64 bits"},
      {"another width", ThriftOctets().I64(1, 1).Whole(), i32, kType},
      {"a number for a text", ThriftOctets().I32(1, 1).Whole(), text, kType},
      {"a number for a boolean", ThriftOctets().I32(1, 1).Whole(), boolean, kType},
      {"false", ThriftOctets().Bool(1, false).Whole(), boolean, ""},
      {"a number for a structure", ThriftOctets().I32(1, 1).Whole(), structure, kType},
      {"a text", ThriftOctets().Text(1, "abc").Whole().substr(0, 6), text, ""},
      {"a text cut off", ThriftOctets().Text(1, "abc").Whole().substr(0, 5), text, kCutOff},
      {"a text of 2^64 octets", ThriftOctets().Field(8, 1, Varint(~uint64_t{0})).Whole(), text, kCutOff},
      {"structures", ThriftOctets().Structs(1, {ThriftOctets()}).Whole(), structs, ""},
      {"no structures, of no type", ThriftOctets().Field(9, 1, std::string(1, '\0')).Whole(), structs, ""},
      {"numbers for structures", ThriftOctets().Field(9, 1, "\x15\x02").Whole(), structs,
       "a list has elements of another type than the format says"},
      {"more structures than octets", ThriftOctets().Field(9, 1, "\xFC" + Varint(3)).Whole(), structs,
       kCutOff},
  };
  for (const auto& c : cases) {
    ThriftReader reader(AsOctets(c.octets));
    ThriftField field;
    ASSERT_TRUE(reader.Next(field)) << c.name;
    c.read(reader, field);
    EXPECT_EQ(Fault(reader), c.fault) << c.name;
    EXPECT_EQ(reader.cut_off(), c.fault == kCutOff) << c.name;
    if (!reader.ok()) {
      EXPECT_FALSE(reader.Next(field)) << c.name;
    }
  }
}

TEST(ThriftReader, SkipsEveryType) {
  const std::string everything = ThriftOctets()
                                     .Bool(1, true)
                                     .Bool(2, false)
                                     .Field(3, 3, "x")
                                     .Field(4, 4, Zigzag(-300))
                                     .I32(5, 5)
                                     .I64(6, INT64_MIN)
                                     .Field(7, 7, std::string(8, 'd'))
                                     .Text(8, "text")
                                     .Field(9, 9, "\x21\x01\x02")          // Two booleans.
                                     .Field(10, 10, "\x15\x02")            // A set of one number.
                                     .Field(11, 11, "\x01\x85\x01k\x02")   // A map of one text to one number.
                                     .Field(11, 12, std::string(1, '\0'))  // An empty map has no types.
                                     .Struct(13, ThriftOctets().Bool(1, true).I32(2, 1))
                                     .Structs(14, {ThriftOctets(), ThriftOctets().Text(1, "x")})
                                     .Field(13, 15, std::string(16, 'u'))
                                     .Whole();
  EXPECT_EQ(SkipAll(everything), "");
  for (size_t size = 0; size < everything.size(); ++size) {
    EXPECT_EQ(SkipAll(std::string_view(everything).substr(0, size)), kCutOff) << size;
  }
}

TEST(ThriftReader, SkipsOnlyWhatIsBounded) {
  const std::string_view deep = "structures lie too deep in one another";
  const std::string_view unknown = "a field has an unknown type";
  // Lists of one list each: 0x19.
  const auto lists = [](int depth) {
    return ThriftOctets()
        .Field(9, 1, std::string(static_cast<size_t>(depth), '\x19') + std::string(1, '\0'))
        .Whole();
  };
  // The field's list is the first level, and an empty list the last.
  EXPECT_EQ(SkipAll(lists(ThriftReader::kMaxDepth - 1)), "");
  EXPECT_EQ(SkipAll(lists(ThriftReader::kMaxDepth)), deep);
  EXPECT_EQ(SkipAll(lists(100'000)), deep);
  EXPECT_EQ(SkipAll(std::string(100'000, '\x1C')), deep) << "structures";
  EXPECT_EQ(SkipAll("\x1E\x00"sv), unknown);
  EXPECT_EQ(SkipAll("\x19\x10\x00"sv), unknown) << "a list of nothing";
  EXPECT_EQ(SkipAll("\x19\x1E\x00"sv), unknown) << "a list of an unknown type";
  EXPECT_EQ(SkipAll("\x19\xFC\xFF\xFF\xFF\xFF\x07\x00"sv), kCutOff) << "a list of 2^31 structures";
  EXPECT_EQ(SkipAll("\x1B\xFF\xFF\xFF\xFF\x07\x55\x00"sv), kCutOff) << "a map of 2^31";
  EXPECT_EQ(SkipAll(ThriftOctets().I32(32767, 1).Whole()), "");
  EXPECT_EQ(SkipAll(ThriftOctets().I32(32768, 1).Whole()), kFit);
  std::string last = ThriftOctets().I32(32767, 1).Whole();
  last.back() = '\x15';
  EXPECT_EQ(SkipAll(last), kFit) << "an id behind the last one";
}

}  // namespace
}  // namespace codec::parquet
