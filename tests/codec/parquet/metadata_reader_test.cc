#include "codec/parquet/metadata_reader.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

constexpr const char* kMissing = "a field is missing that the format requires";
constexpr const char* kEncrypted = "the file is encrypted, which is not read here";
constexpr const char* kCutOff = "the structure is cut off";

ThriftOctets Metadata() { return ThriftOctets().I32(1, 6).I32(4, 6).I64(5, 10).I64(7, 20).I64(9, 4); }
ThriftOctets Chunk() { return ThriftOctets().I64(2, 0).Struct(3, Metadata()); }
ThriftOctets Group(const ThriftOctets& chunk) {
  return ThriftOctets().Structs(1, {chunk}).I64(2, 0).I64(3, 10);
}

std::string GroupFault(const ThriftOctets& group) {
  const std::string octets = group.Whole();
  ThriftReader reader(AsOctets(octets));
  RowGroup read;
  ReadRowGroup(reader, 1, read);
  return reader.ok() ? "" : reader.fault();
}

std::string FooterFault(const ThriftOctets& footer) {
  const std::string octets = footer.Whole();
  ThriftReader reader(AsOctets(octets));
  Footer read;
  ReadFooter(reader, read);
  return reader.ok() ? "" : reader.fault();
}

TEST(MetadataReader, ReadsRowGroups) {
  const std::string octets = ThriftOctets()
                                 .I64(3, 10)
                                 .Text(77, "x")
                                 .Structs(1, {ThriftOctets().Struct(3, Metadata().I64(11, 3))})
                                 .Whole();
  ThriftReader reader(AsOctets(octets));
  RowGroup group;
  ReadRowGroup(reader, 1, group);
  ASSERT_TRUE(reader.ok()) << reader.fault();
  EXPECT_EQ(group.rows, 10);
  ASSERT_EQ(group.columns.size(), 1);
  const ColumnMetadata& metadata = group.columns[0].metadata;
  EXPECT_EQ(metadata.type, PhysicalType::kByteArray);
  EXPECT_EQ(metadata.codec, Codec::kZstd);
  EXPECT_EQ(metadata.values, 10);
  EXPECT_EQ(metadata.compressed_bytes, 20);
  EXPECT_EQ(metadata.data_page_offset, 4);
  EXPECT_EQ(metadata.dictionary_page_offset, 3);
}

TEST(MetadataReader, RefusesRowGroupsThatItCannotRead) {
  EXPECT_EQ(GroupFault(Group(Chunk())), "");
  EXPECT_EQ(GroupFault(Group(ThriftOctets().I64(2, 0))), kMissing);
  EXPECT_EQ(GroupFault(Group(ThriftOctets().Struct(3, ThriftOctets().I32(1, 6)))), kMissing);
  EXPECT_EQ(GroupFault(ThriftOctets().Structs(1, {Chunk()})), kMissing) << "no number of rows";
  EXPECT_EQ(GroupFault(ThriftOctets().Structs(1, {Chunk(), Chunk()}).I64(3, 10)),
            "a row group has another number of columns than the schema");
  EXPECT_EQ(GroupFault(Group(Chunk().Text(1, ""))), "");
  EXPECT_EQ(GroupFault(Group(Chunk().Text(1, "other.parquet"))), "a column is in another file");
  EXPECT_EQ(GroupFault(Group(Chunk().Struct(8, ThriftOctets()))), kEncrypted);
  EXPECT_EQ(GroupFault(Group(Chunk().Text(9, "x"))), kEncrypted);
}

TEST(MetadataReader, ReadsFooters) {
  const ThriftOctets root = ThriftOctets().Text(4, "schema").I32(5, 1);
  const ThriftOctets time = ThriftOctets().Bool(1, false).Struct(2, ThriftOctets().Struct(3, ThriftOctets()));
  const ThriftOctets column =
      ThriftOctets().I32(1, 2).I32(3, 1).Text(4, "at").I32(6, 9).Struct(10, ThriftOctets().Struct(8, time));
  const ThriftOctets pair = ThriftOctets().Text(1, "seed").Text(2, "7");
  const std::string octets = ThriftOctets()
                                 .Structs(5, {pair, ThriftOctets().Text(1, "alone")})
                                 .Structs(4, {Group(Chunk()), Group(Chunk())})
                                 .I64(3, 20)
                                 .Structs(2, {root, column})
                                 .I32(1, 2)
                                 .Whole();
  ThriftReader reader(AsOctets(octets));
  Footer footer;
  ReadFooter(reader, footer);
  ASSERT_TRUE(reader.ok()) << reader.fault();
  EXPECT_EQ(footer.rows, 20);
  ASSERT_EQ(footer.schema.size(), 2);
  EXPECT_EQ(footer.schema[0].children, 1);
  EXPECT_EQ(footer.schema[1].name, "at");
  EXPECT_EQ(footer.schema[1].type, PhysicalType::kInt64);
  EXPECT_EQ(footer.schema[1].repetition, Repetition::kOptional);
  EXPECT_EQ(footer.schema[1].converted_type, 9);
  EXPECT_EQ(footer.schema[1].logical.kind, LogicalType::Kind::kTimestamp);
  EXPECT_EQ(footer.schema[1].logical.unit, TimeUnit::kNanos);
  EXPECT_FALSE(footer.schema[1].logical.utc);
  ASSERT_EQ(footer.key_values.size(), 2);
  EXPECT_EQ(footer.key_values[0].value, "7");
  EXPECT_EQ(footer.key_values[1].value, "");
  ASSERT_EQ(footer.row_groups.size(), 2);
  for (const size_t offset : footer.row_groups) {
    ThriftReader group_reader(AsOctets(octets), offset);
    RowGroup group;
    ReadRowGroup(group_reader, 1, group);
    EXPECT_TRUE(group_reader.ok());
    EXPECT_EQ(group.rows, 10);
  }
  for (size_t size = 0; size < octets.size(); ++size) {
    ThriftReader cut(AsOctets(octets).first(size));
    ReadFooter(cut, footer);
    EXPECT_TRUE(cut.cut_off()) << size;
  }
}

TEST(MetadataReader, RefusesFootersThatItCannotRead) {
  const std::vector<ThriftOctets> schema = {ThriftOctets().Text(4, "schema").I32(5, 0)};
  const auto footer = [&] { return ThriftOctets().Structs(2, schema).I64(3, 0).Structs(4, {}); };
  EXPECT_EQ(FooterFault(footer()), "");
  EXPECT_EQ(FooterFault(ThriftOctets().Structs(2, schema).I64(3, 0)), kMissing);
  EXPECT_EQ(FooterFault(ThriftOctets().Structs(2, {ThriftOctets().I32(5, 0)}).I64(3, 0).Structs(4, {})),
            kMissing);
  EXPECT_EQ(FooterFault(footer().Struct(8, ThriftOctets())), kEncrypted);
  EXPECT_EQ(FooterFault(footer().Structs(5, {ThriftOctets().Text(2, "no key")})), kMissing);
  const ThriftOctets pair = ThriftOctets().Text(1, "k");
  EXPECT_EQ(FooterFault(footer().Structs(5, std::vector(kMaxFooterEntries, pair))), "");
  EXPECT_EQ(FooterFault(footer().Structs(5, std::vector(kMaxFooterEntries + 1, pair))),
            "the file's metadata has more than 65536 entries of one kind");
  EXPECT_EQ(FooterFault(footer().Field(9, 5, "\xFC" + Varint(1 << 30))), kCutOff);
  const ThriftOctets unit = ThriftOctets().Struct(2, ThriftOctets().Struct(4, ThriftOctets()));
  const ThriftOctets time = ThriftOctets().Text(4, "x").Struct(10, ThriftOctets().Struct(8, unit));
  EXPECT_EQ(FooterFault(ThriftOctets().Structs(2, {time})), "a time has an unknown unit");
}

TEST(MetadataReader, ReadsPageHeaders) {
  const ThriftOctets v1 = ThriftOctets().I32(1, 5).I32(2, 8).I32(3, 3).I32(4, 4);
  const ThriftOctets v2 = ThriftOctets().I32(1, 5).I32(2, 1).I32(3, 4).I32(4, 7).I32(5, 10).I32(6, 11);
  const auto read = [](int type, int id, const ThriftOctets& header, PageHeader& out) {
    const std::string octets =
        ThriftOctets().I32(1, type).I32(2, 100).I32(3, 50).I32(4, -1).Struct(id, header).Whole();
    ThriftReader reader(AsOctets(octets));
    ReadPageHeader(reader, out);
    return std::string(reader.ok() ? "" : reader.fault());
  };
  PageHeader header;
  ASSERT_EQ(read(0, 5, v1, header), "");
  EXPECT_EQ(header.uncompressed_size, 100);
  EXPECT_EQ(header.compressed_size, 50);
  EXPECT_EQ(header.crc, 0xFFFFFFFF);
  EXPECT_EQ(header.values, 5);
  EXPECT_EQ(header.encoding, Encoding::kRleDictionary);
  EXPECT_EQ(header.definition_encoding, Encoding::kRle);
  EXPECT_EQ(header.repetition_encoding, Encoding::kBitPacked);
  header = {};
  ASSERT_EQ(read(3, 8, v2, header), "");
  EXPECT_EQ(header.nulls, 1);
  EXPECT_EQ(header.rows, 4);
  EXPECT_EQ(header.encoding, Encoding::kDeltaByteArray);
  EXPECT_EQ(header.definition_bytes, 10);
  EXPECT_EQ(header.repetition_bytes, 11);
  EXPECT_TRUE(header.compressed) << "unless it is told";
  ThriftOctets stored = v2;
  ASSERT_EQ(read(3, 8, stored.Bool(7, false), header), "");
  EXPECT_FALSE(header.compressed);
  EXPECT_EQ(read(2, 7, ThriftOctets().I32(1, 5).I32(2, 0), header), "");
  EXPECT_EQ(read(2, 7, ThriftOctets().I32(1, 5), header), kMissing);
  EXPECT_EQ(read(0, 8, v2, header), kMissing) << "the header of another type of page";
  EXPECT_EQ(read(3, 5, v1, header), kMissing);
  EXPECT_EQ(read(2, 5, v1, header), kMissing);
  EXPECT_EQ(read(0, 5, ThriftOctets().I32(1, 5).I32(2, 8).I32(3, 3), header), kMissing);
  EXPECT_EQ(read(3, 8, ThriftOctets().I32(1, 5), header), kMissing);
}

}  // namespace
}  // namespace codec::parquet
