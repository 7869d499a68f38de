// Files put together by hand: what no writer at hand writes, and what no reader may take.
#include "codec/parquet/file_reader.h"

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/expect_file.h"
#include "tests/codec/parquet/memory_source.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/read_file.h"
#include "tests/codec/parquet/test_file.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

constexpr Encoding kPlain = Encoding::kPlain;
constexpr Encoding kIndexes = Encoding::kRleDictionary;

// ---- What others may write ----

TEST(FileReader, ReadsTheTimesThatSparkWrites) {
  const std::string times = LittleEndian(1'500'000'000, 8) + LittleEndian(2440589, 4) + LittleEndian(0, 8) +
                            LittleEndian(2440588, 4);
  const std::vector<ElementOctets> elements = {
      {.name = "at", .type = PhysicalType::kInt96, .repetition = Repetition::kOptional}};
  const std::string dictionary = DictionaryPage(2, {.body = times}, Encoding::kPlainDictionary);
  // Two runs of levels, then indexes of one bit.
  const std::string page =
      DataPage(3, Encoding::kPlainDictionary,
               {.body = Prefixed({2, 1, 2, 0, 2, 1}) + std::string("\x01\x02\x01\x02\x00", 5)},
               {.repetition = Encoding::kBitPacked});
  const auto size = static_cast<int64_t>(dictionary.size());
  ExpectColumn(FileOctets(1, elements)
                   .RowGroup(3, {{PhysicalType::kInt96, dictionary + page, 3, Codec::kUncompressed, size}})
                   .Whole(),
               {"0", "null", "86401500000"});
}

TEST(FileReader, GoesFromDictionaryToPlainWithinAChunk) {
  const std::string dictionary = DictionaryPage(2, {.body = Int32s({70, 80})});
  const std::string pages = dictionary +
                            DataPage(2, kIndexes, {.body = std::string("\x01\x02\x01\x02\x00", 5)}) +
                            DataPage(0, kPlain, {}) + DataPage(2, kPlain, {.body = Int32s({5, -6})}) +
                            DataPageV2(1, kIndexes, {}, {.body = "\x01\x02\x01"});
  ExpectColumn(Int32File(5, pages), {"80", "70", "5", "-6", "80"});
}

TEST(FileReader, ReadsEveryCompression) {
  const std::string plain = Int32s({1, 2, 3});
  std::string snappy;
  snappy::Compress(plain.data(), plain.size(), &snappy);
  std::string zstd(ZSTD_compressBound(plain.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), plain.data(), plain.size(), 3));
  for (const auto& [codec, body] :
       {std::pair{Codec::kUncompressed, plain}, {Codec::kSnappy, snappy}, {Codec::kZstd, zstd}}) {
    const std::string v1 = DataPage(3, kPlain, {.body = body, .uncompressed = 12});
    const std::string v2 = DataPageV2(3, kPlain, {}, {.body = body, .uncompressed = 12}, true);
    const std::string stored = DataPageV2(3, kPlain, {}, {.body = plain}, false);
    ExpectColumn(Int32File(9, v1 + v2 + stored, codec), {"1", "2", "3", "1", "2", "3", "1", "2", "3"});
  }
}

// Not only pages hold the levels of lists: a row of version 1 may go on in the next page.
TEST(FileReader, PutsListsTogetherAcrossPages) {
  const std::vector<ElementOctets> elements = {
      {.name = "names", .repetition = Repetition::kOptional, .children = 1, .converted = 3},
      {.name = "bag", .repetition = Repetition::kRepeated, .children = 1},
      {.name = "array_element",
       .type = PhysicalType::kByteArray,
       .repetition = Repetition::kOptional,
       .converted = 0}};
  const auto page = [](const std::vector<uint64_t>& repetition, const std::vector<uint64_t>& definition,
                       const std::vector<std::string>& texts) {
    std::vector<uint64_t> r = repetition;
    std::vector<uint64_t> d = definition;
    r.resize(8);
    d.resize(8);
    return DataPage(
        static_cast<int64_t>(repetition.size()), kPlain,
        {.body = Prefixed("\x03" + PackBits(r, 1)) + Prefixed("\x03" + PackBits(d, 2)) + Texts(texts)});
  };
  // [a, b, c, d, e], null, [], [f]
  const std::string pages = page({0, 1}, {3, 3}, {"a", "b"}) + page({1}, {3}, {"c"}) +
                            page({1, 1, 0}, {3, 3, 0}, {"d", "e"}) + page({0, 0}, {1, 3}, {"f"});
  const auto file = [&](const std::string& octets, int64_t values) {
    return FileOctets(1, elements)
        .RowGroup(4, {{PhysicalType::kByteArray, octets, values, Codec::kUncompressed, {}}})
        .Whole();
  };
  ExpectColumn(file(pages, 8), {R"(["a","b","c","d","e"])", "[]", "[]", R"(["f"])"});
  ExpectFault(file(page({1}, {3}, {"a"}), 1), "column names: an item belongs to no list");
  ExpectFault(file(page({0}, {2}, {}), 1), "column names: an item of a list is null");
  ExpectFault(file(page({0, 1}, {3, 1}, {"a"}), 2), "column names: an item of a list is null");
  ExpectFault(file(page({0, 0}, {3, 3}, {"a", "b"}), 2), "column names: holds fewer rows than its row group");
}

TEST(FileReader, KeepsLongListsWhole) {
  const std::vector<ElementOctets> elements = {
      {.name = "n", .type = PhysicalType::kByteArray, .repetition = Repetition::kRepeated}};
  const auto file = [&](uint64_t items) {
    // One run of levels behind the first, which begins the list; the items are one index of no bits.
    const std::string repetition = std::string("\x02\x00", 2) + Varint((items - 1) << 1) + "\x01";
    const std::string definition = Varint(items << 1) + "\x01";
    const std::string pages = DictionaryPage(1, {.body = Texts({"item"})}) +
                              DataPageV2(static_cast<int64_t>(items), kIndexes, {repetition, definition},
                                         {.body = std::string(1, '\0')});
    return FileOctets(1, elements)
        .RowGroup(1,
                  {{PhysicalType::kByteArray, pages, static_cast<int64_t>(items), Codec::kUncompressed, {}}})
        .Whole();
  };
  const MemorySource source(file(ListItems::kMaxItems));
  const auto reader = FileReader::Open(source);
  ASSERT_TRUE(reader.ok()) << reader.status();
  ASSERT_TRUE((*reader)->Next().value());
  EXPECT_EQ((*reader)->Items(0).size(), ListItems::kMaxItems);
  for (const std::string_view item : (*reader)->Items(0)) ASSERT_EQ(item, "item");
  EXPECT_FALSE((*reader)->Next().value());
  ExpectFault(file(ListItems::kMaxItems + 1), "column n: a list has more than 1048576 items");
}

TEST(FileReader, TakesFilesWithoutRows) {
  const FileOctets none(1, {{.name = "n", .type = PhysicalType::kInt32}});
  ExpectColumn(none.Whole(), {});
  FileOctets empty_groups = none;
  empty_groups.RowGroup(0, {{}}).RowGroup(0, {{}});
  ExpectColumn(empty_groups.Whole(), {});
  empty_groups.RowGroup(1, {{.pages = DataPage(1, kPlain, {.body = Int32s({7})}), .values = 1}});
  ExpectColumn(empty_groups.Whole(), {"7"});
}

TEST(FileReader, ChecksChecksums) {
  const std::string body = Int32s({1, 2});
  const auto crc = static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
  ExpectColumn(Int32File(2, DataPage(2, kPlain, {.body = body, .crc = crc})), {"1", "2"});
  ExpectFault(Int32File(2, DataPage(2, kPlain, {.body = body, .crc = crc ^ 1})),
              "the page is damaged: its checksum is another one");
}

// ---- What is wrong ----

// Cannot be read before its footer.
class BrokenSource : public MemorySource {
 public:
  using MemorySource::MemorySource;
  absl::Status ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    if (offset == 4) return absl::DataLossError("test.parquet: the disk is broken");
    return MemorySource::ReadAt(offset, out);
  }
};

TEST(FileReader, HandsOnWhatTheSourceSays) {
  const BrokenSource source(Int32File(1, DataPage(1, kPlain, {.body = Int32s({1})})));
  EXPECT_EQ(MessageOf(ReadFile(source).status), "test.parquet: the disk is broken");
}

TEST(FileReader, KnowsWhatIsNoParquetFile) {
  const std::vector<uint8_t> whole = Int32File(1, DataPage(1, kPlain, {.body = Int32s({1})}));
  const auto changed = [&](size_t at_end, const std::string& octets) {
    std::vector<uint8_t> file = whole;
    std::copy(octets.begin(), octets.end(), file.end() - static_cast<ptrdiff_t>(at_end));
    return file;
  };
  const auto text = [](const std::string& octets) {
    return std::vector<uint8_t>(octets.begin(), octets.end());
  };
  const std::string cut_off = "the file is cut off: it ends without a footer";
  ExpectColumn(whole, {"1"});
  ExpectFault({}, "this is no Parquet file");
  ExpectFault(text("PAR"), "this is no Parquet file");
  ExpectFault(text("address,verdict\n192.0.2.1,pass\n"), "this is no Parquet file");
  ExpectFault(text("PARE" + std::string(20, '\0') + "PARE"), "the file is encrypted, which is not read here");
  ExpectFault(text("PAR1"), cut_off);
  ExpectFault(text("PAR1PAR1"), cut_off);
  ExpectFault({whole.begin(), whole.end() - 1}, cut_off);
  ExpectFault(changed(4, "PARE"), "the file is encrypted, which is not read here");
  ExpectFault(text("PAR1" + LittleEndian(1, 4) + "PAR1"), "the footer is longer than the file");
  ExpectFault(text("PAR1" + LittleEndian(0, 4) + "PAR1"), "footer: the structure is cut off");
  ExpectFault(changed(8, LittleEndian(whole.size() - 11, 4)), "the footer is longer than the file");
  ExpectFault(changed(8, LittleEndian(1, 4)), "footer: a field is missing that the format requires");
}

TEST(FileReader, ChecksTheFooter) {
  const std::string page = DataPage(1, kPlain, {.body = Int32s({1})});
  const std::vector<ElementOctets> elements = {{.name = "n", .type = PhysicalType::kInt32}};
  const auto file = [&](int64_t rows, const ChunkOctets& chunk) {
    return FileOctets(1, elements).RowGroup(rows, {chunk}).Whole();
  };
  const std::string place = "column n: its place, told in the footer, is not in the file";
  ChunkOctets chunk{.pages = page, .values = 1};
  ExpectColumn(file(1, chunk), {"1"});
  ExpectFault(FileOctets(1, elements).RowGroup(1, {chunk}).Whole(2),
              "the row groups hold another number of rows than the footer says");
  ExpectFault(FileOctets(1, elements).RowGroup(1, {chunk, chunk}).Whole(),
              "footer, row group 0: a row group has another number of columns than the schema");
  ExpectFault(FileOctets(2, elements).RowGroup(1, {chunk}).Whole(), "the schema is no tree of columns");
  ExpectFault(file(-1, chunk), "footer, row group 0: a negative number of rows");
  ExpectFault(file(2, chunk), "column n: holds fewer rows than its row group");
  ExpectFault(file(0, chunk), "column n: holds more rows than its row group");

  ChunkOctets changed = chunk;
  changed.more_octets = 1'000'000;
  ExpectFault(file(1, changed), place);
  changed.more_octets = -static_cast<int64_t>(page.size()) - 1;
  ExpectFault(file(1, changed), place);
  changed.more_octets = -1;
  ExpectFault(file(1, changed), "the page runs past the end of its column chunk");
  changed = chunk;
  changed.dictionary_octets = -100;
  ExpectFault(file(1, changed), place);
  changed = chunk;
  changed.values = -1;
  ExpectFault(file(1, changed), place);
  changed.values = 2;
  ExpectFault(file(2, changed), "the column chunk ends before its last value");
  changed.values = 0;
  ExpectFault(file(1, changed), "column n: holds fewer rows than its row group");
  changed = chunk;
  changed.type = PhysicalType::kInt64;
  ExpectFault(file(1, changed), "column n: a row group has another type than the schema");
  for (const auto& [codec, name] :
       {std::pair{2, "gzip"}, {3, "lzo"}, {4, "brotli"}, {5, "lz4"}, {7, "lz4"}, {42, "codec 42"}}) {
    changed = chunk;
    changed.codec = static_cast<Codec>(codec);
    ExpectFault(file(1, changed),
                std::string("compressed with ") + name +
                    ", which is not read here: write the file again with zstd, snappy or no "
                    "compression");
  }
}

TEST(FileReader, ChecksPages) {
  const std::string one = Int32s({1});
  const std::string more = "column n: the pages hold more values than the column chunk";
  const std::string dictionary = DictionaryPage(1, {.body = one});
  const std::string first = "column n: a dictionary is not the first page";
  const std::string lengths = "the page header has a negative length or number of values";
  const struct {
    std::string pages;
    std::string fault;
  } cases[] = {
      {DataPage(2, kPlain, {.body = Int32s({1, 2})}), more},
      {DataPage(1, kPlain, {.body = one.substr(0, 3)}), "column n: the page ends before its last value"},
      {DataPage(-1, kPlain, {.body = one}), lengths},
      {DataPage(1, kPlain, {.body = one, .compressed = -1}), lengths},
      {DataPage(1, kPlain, {.body = one, .uncompressed = -1}), lengths},
      {DataPage(1, kPlain, {.body = one, .compressed = 5}), "the page runs past the end of its column chunk"},
      {DataPage(1, kPlain, {.body = one, .uncompressed = 5}),
       "the page header tells two lengths of what is not compressed"},
      {DataPage(1, kPlain, {.body = one, .uncompressed = int64_t{1} << 29}),
       "the page has more than 256 MiB"},
      {DataPage(1, kIndexes, {.body = std::string(1, '\0')}),
       "column n: there are dictionary indexes, but no dictionary"},
      {dictionary + dictionary, first},
      {DataPage(0, kPlain, {}) + dictionary, first},
      {DictionaryPage(2, {.body = one}), "column n: a dictionary has more values than its page can hold"},
      {DictionaryPage(1, {.body = one}, Encoding::kRleDictionary),
       "column n: RLE_DICTIONARY is not read here for values of this type"},
      {dictionary, "the column chunk ends before its last value"},
      {dictionary + DataPage(1, kIndexes, {.body = "\x01\x02\x01"}),
       "column n: a dictionary index is beyond the dictionary"},
      {DataPage(1, Encoding::kDeltaByteArray, {.body = one}),
       "column n: DELTA_BYTE_ARRAY is not read here for values of this type"},
      {ThriftOctets().I32(1, 7).I32(2, 0).I32(3, 0).Whole(), "column n: a page has an unknown type"},
      {ThriftOctets().I32(1, 0).I32(2, 0).I32(3, 0).Whole(),
       "page header: a field is missing that the format requires"},
      {ThriftOctets().I32(1, 0).I32(2, 0).Whole(),
       "page header: a field is missing that the format requires"},
      {"\x15", "page header: the structure is cut off"},
      {DataPageV2(1, kPlain, {"", "x"}, {.body = "", .uncompressed = -1}),
       "the levels are longer than their page"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.fault);
    ExpectFault(Int32File(1, c.pages), c.fault);
  }
  const std::string index_page =
      ThriftOctets().I32(1, 1).I32(2, 0).I32(3, 4).Struct(6, ThriftOctets()).Whole();
  ExpectColumn(Int32File(1, index_page + "page" + DataPage(1, kPlain, {.body = one})), {"1"});
}

TEST(FileReader, ChecksLevels) {
  const std::vector<ElementOctets> elements = {
      {.name = "n", .type = PhysicalType::kInt32, .repetition = Repetition::kOptional}};
  const auto file = [&](const std::string& page) {
    return FileOctets(1, elements).RowGroup(1, {{.pages = page, .values = 1}}).Whole();
  };
  const std::string one = Int32s({1});
  const std::string longer = "column n: the levels are longer than their page";
  ExpectColumn(file(DataPage(1, kPlain, {.body = Prefixed("\x02\x01") + one})), {"1"});
  ExpectColumn(file(DataPageV2(1, kPlain, {"", "\x02\x01"}, {.body = one})), {"1"});
  ExpectColumn(file(DataPageV2(1, kPlain, {"", std::string("\x02\x00", 2)}, {})), {"null"});
  ExpectColumn(file(DataPageV2(1, Encoding::kDeltaBinaryPacked, {"", std::string("\x02\x00", 2)}, {})),
               {"null"});
  ExpectFault(file(DataPage(1, kPlain, {.body = LittleEndian(3, 4) + "\x02\x01"})), longer);
  ExpectFault(file(DataPage(1, kPlain, {.body = "\x02\x01"})), longer);
  ExpectFault(file(DataPage(1, kPlain, {.body = Prefixed("\x02") + one})), "the value of a run is cut off");
  ExpectFault(file(DataPageV2(1, kPlain, {"", ""}, {.body = one})), "the runs end before the last value");
  ExpectFault(file(DataPage(1, kPlain, {.body = Prefixed("\x02\x02") + one})),
              "the value of a run has too many bits");
  ExpectFault(file(DataPage(1, kPlain, {.body = "\x01" + one}, {.definition = Encoding::kBitPacked})),
              "column n: levels in BIT_PACKED are not read here");
}

TEST(FileReader, ChecksLevelsBeyondTheSchema) {
  // A required list of required items has the definition levels 0 and 1, an optional one also 2: 3 is none.
  const std::vector<ElementOctets> elements = {
      {.name = "n", .repetition = Repetition::kOptional, .children = 1, .converted = 3},
      {.name = "array",
       .type = PhysicalType::kByteArray,
       .repetition = Repetition::kRepeated,
       .converted = {}}};
  for (const char level : {'\x02', '\x03'}) {
    const std::string page = DataPageV2(1, kPlain, {std::string("\x02\x00", 2), std::string("\x02") + level},
                                        {.body = Texts({"x"})});
    const auto file = FileOctets(1, elements)
                          .RowGroup(1, {{PhysicalType::kByteArray, page, 1, Codec::kUncompressed, {}}})
                          .Whole();
    if (level == 2) {
      ExpectColumn(file, {R"(["x"])"});
    } else {
      ExpectFault(file, "column n: a definition level is beyond those that the schema has");
    }
  }
}

TEST(FileReader, ShowsNamesSafely) {
  const std::string name = "a\nb\x1B[31m" + std::string(100, 'x');
  const auto file = FileOctets(1, {{.name = name, .type = PhysicalType::kInt32}}).RowGroup(1, {{}}).Whole();
  ExpectFault(file,
              "column a\\nb\\x1b[31m" + std::string(56, 'x') + "...: holds fewer rows than its row group");
}

TEST(FileReader, BelievesNoLength) {
  std::string snappy;
  const std::string zeros(1000, '\0');
  snappy::Compress(zeros.data(), zeros.size(), &snappy);
  std::string zstd(ZSTD_compressBound(zeros.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), zeros.data(), zeros.size(), 3));
  const auto file = [](Codec codec, const std::string& body, int64_t size) {
    return Int32File(250, DataPage(250, kPlain, {.body = body, .uncompressed = size}), codec);
  };
  const std::vector<std::string> numbers(250, "0");
  const std::string told = "what is compressed with snappy has another length than its page header tells";
  ExpectColumn(file(Codec::kSnappy, snappy, 1000), numbers);
  ExpectFault(file(Codec::kSnappy, snappy, 999), told);
  ExpectFault(file(Codec::kSnappy, "", 4), told);
  ExpectFault(file(Codec::kSnappy, Varint(1 << 20) + "x", 1 << 20),
              "the page header tells of more than snappy can make of this");
  ExpectFault(file(Codec::kSnappy, Varint(4) + "x", 4), "what is compressed with snappy is damaged");
  ExpectColumn(file(Codec::kZstd, zstd, 1000), numbers);
  ExpectFault(file(Codec::kZstd, zstd, 999),
              "what is compressed with zstd is damaged (Destination buffer is too small)");
  ExpectFault(file(Codec::kZstd, zstd, 1001),
              "what is compressed with zstd is shorter than its page header tells");
  ExpectFault(file(Codec::kZstd, zstd, 1 << 28), "the page header tells of more than zstd can make of this");
  ExpectFault(file(Codec::kZstd, zstd.substr(0, zstd.size() - 1), 1000),
              "what is compressed with zstd is damaged (Src size is incorrect)");
}

}  // namespace
}  // namespace codec::parquet
