#include "codec/parquet/row_group_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/parquet/footer_writer.h"
#include "codec/parquet/metadata_reader.h"
#include "codec/parquet/page_bounds.h"
#include "codec/parquet/thrift_reader.h"
#include "tests/codec/parquet/group_rows.h"
#include "tests/codec/parquet/memory_source.h"
#include "tests/codec/parquet/read_file.h"

namespace codec::parquet {
namespace {

const Schema& TestSchema() {
  static const Schema schema = {
      {.name = "id", .meaning = Meaning::kString, .shape = Shape::kRequired, .bloom_filter = true},
      {.name = "word", .meaning = Meaning::kString, .packing = Packing::kDictionary},
      {.name = "small", .type = Type::kInt32, .packing = Packing::kPlain},
      {.name = "large", .type = Type::kInt64, .packing = Packing::kDictionary},
      {.name = "yes", .type = Type::kBoolean},
      {.name = "items", .meaning = Meaning::kString, .shape = Shape::kList},
      {.name = "marks", .meaning = Meaning::kString, .shape = Shape::kList, .packing = Packing::kDictionary},
      {.name = "nothing", .meaning = Meaning::kString},
  };
  return schema;
}

// Texts of the rows, which must stay until the group is finished.
struct Rows {
  std::vector<std::string> ids;
  std::vector<std::vector<std::string>> lists;
};

Rows MakeRows(size_t count) {
  Rows rows;
  for (size_t i = 0; i < count; ++i) {
    rows.ids.push_back("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
    std::vector<std::string>& list = rows.lists.emplace_back();
    for (size_t item = 0; item < i % 4; ++item) list.push_back("name-" + std::to_string(i + item));
  }
  return rows;
}

constexpr std::string_view kWords[] = {"pass", "fail", "a-word-of-more-than-sixteen-octets", ""};

// Writes row i, and gives it as ReadOctets shows it.
TextRow WriteRow(const Rows& rows, size_t i, GroupRows& group) {
  TextRow shown = {ShowText(rows.ids[i])};
  group.Add(0, rows.ids[i]);
  const bool null = i % 3 == 1;
  const std::string_view word = kWords[i % 4];
  const int64_t large = i % 2 == 0 ? INT64_MIN + static_cast<int64_t>(i % 7) : INT64_MAX;
  if (null) {
    shown.insert(shown.end(), 4, "null");
  } else {
    group.Add(1, word);
    group.Add(2, int64_t{static_cast<int32_t>(i * 1'000'003)});
    group.Add(3, large);
    group.Add(4, int64_t{i % 5 == 0 ? 1 : 0});
    shown.push_back(ShowText(word));
    shown.push_back(std::to_string(static_cast<int32_t>(i * 1'000'003)));
    shown.push_back(std::to_string(large));
    shown.push_back(i % 5 == 0 ? "1" : "0");
  }
  for (const size_t column : {5, 6}) {
    std::string list;
    for (size_t item = 0; item < rows.lists[i].size(); ++item) {
      const std::string_view text = column == 5 ? std::string_view(rows.lists[i][item]) : kWords[item];
      group.Add(column, text);
      list += (list.empty() ? "" : ",") + ShowText(text);
    }
    shown.push_back("[" + list + "]");
  }
  shown.emplace_back("null");
  group.EndRow();
  return shown;
}

struct TestFileOf {
  std::vector<uint8_t> octets;
  std::vector<TextRow> rows;
  std::vector<RowGroup> groups;
};

RowGroup Parsed(const ByteBuffer& metadata) {
  RowGroup group;
  ThriftReader reader(metadata.bytes());
  ReadRowGroup(reader, TestSchema().size(), group);
  return group;
}

// A file of groups of so many rows each.
TestFileOf Write(const std::vector<size_t>& sizes, RowGroupOptions options) {
  TestFileOf file;
  ByteBuffer whole;
  whole.Append(kMark);
  RowGroupWriter writer(TestSchema(), options);
  GroupRows group(writer);
  FooterWriter footer(TestSchema());
  std::vector<std::vector<uint8_t>> kept;
  for (const size_t size : sizes) {
    const Rows rows = MakeRows(size);
    for (size_t i = 0; i < size; ++i) file.rows.push_back(WriteRow(rows, i, group));
    ByteBuffer data;
    ByteBuffer metadata;
    group.Finish(whole.size(), data, metadata);
    whole.Append(data.bytes());
    kept.emplace_back(metadata.bytes().begin(), metadata.bytes().end());
    file.groups.push_back(Parsed(metadata));
  }
  footer.Start(file.rows.size(), kept.size(), whole);
  for (const std::vector<uint8_t>& metadata : kept) footer.RowGroup(metadata, whole);
  EXPECT_TRUE(footer.End({{.key = "seed", .value = "7"}}, "test", whole));
  file.octets.assign(whole.bytes().begin(), whole.bytes().end());
  return file;
}

TEST(RowGroupWriterTest, IsReadBackAtEveryBoundary) {
  for (const size_t page_rows : {1, 8, 128, 1000}) {
    for (const size_t rows : {1, 2, 7, 8, 9, 127, 128, 129, 1000, 1001}) {
      const TestFileOf file = Write({rows}, {.page_rows = page_rows});
      const FileText text = ReadOctets(file.octets);
      ASSERT_TRUE(text.status.ok()) << rows << " rows, pages of " << page_rows << ": " << text.status;
      ASSERT_EQ(text.rows, file.rows) << rows << " rows, pages of " << page_rows;
    }
  }
}

TEST(RowGroupWriterTest, GroupsStandAlone) {
  const TestFileOf file = Write({300, 1, 300}, {.page_rows = 100});
  const FileText text = ReadOctets(file.octets);
  ASSERT_TRUE(text.status.ok()) << text.status;
  EXPECT_EQ(text.rows, file.rows);
  EXPECT_EQ(text.unusable, std::vector<std::string>());
}

TEST(RowGroupWriterTest, AFileWithoutRowsCanBeRead) {
  const TestFileOf file = Write({}, {});
  const FileText text = ReadOctets(file.octets);
  ASSERT_TRUE(text.status.ok()) << text.status;
  EXPECT_EQ(text.rows.size(), 0U);
  EXPECT_EQ(text.columns.size(), TestSchema().size());
}

// Ids from 10.0.0.0 on are not in bytewise order: 10.0.0.99 is the highest of the first hundred.
TEST(RowGroupWriterTest, TellsBytewiseBounds) {
  PageBounds bounds;
  for (const std::string_view text : {"10.0.0.9", "10.0.0.10", "10.0.0.99", "10.0.0.100", "\xFF", "10"}) {
    bounds.texts.Add(text);
  }
  bounds.nulls = 3;
  const Statistics statistics = ToStatistics(bounds, Type::kByteArray);
  EXPECT_EQ(statistics.min_value, "10");
  EXPECT_EQ(statistics.max_value, "\xFF");
  EXPECT_EQ(statistics.null_count, 3);
}

TEST(RowGroupWriterTest, TellsNumbersInTheirOrder) {
  PageBounds bounds;
  for (const int64_t number : {int64_t{0x80000000}, int64_t{-1}, int64_t{0x7FFFFFFF}})
    bounds.numbers.Add(number);
  const Statistics statistics = ToStatistics(bounds, Type::kInt64);
  EXPECT_EQ(statistics.min_value, std::string(8, '\xFF'));
  EXPECT_EQ(statistics.max_value, std::string("\0\0\0\x80\0\0\0\0", 8));
  EXPECT_FALSE(ToStatistics(PageBounds(), Type::kInt64).min_value.has_value());
}

PageBounds Numbers(int64_t lowest, int64_t highest) {
  PageBounds bounds;
  bounds.numbers.Add(lowest);
  bounds.numbers.Add(highest);
  return bounds;
}

TEST(RowGroupWriterTest, ColumnIndexTellsTheOrderOfPages) {
  const PageBounds none;
  const struct {
    std::string what;
    std::vector<PageBounds> pages;
    BoundaryOrder expected;
  } cases[] = {
      {"one page", {Numbers(1, 2)}, BoundaryOrder::kAscending},
      {"only nulls", {none, none}, BoundaryOrder::kAscending},
      {"ascending, with nulls between", {Numbers(1, 2), none, Numbers(2, 3)}, BoundaryOrder::kAscending},
      {"descending", {Numbers(4, 5), Numbers(3, 5), Numbers(1, 2)}, BoundaryOrder::kDescending},
      {"equal", {Numbers(1, 2), Numbers(1, 2)}, BoundaryOrder::kAscending},
      {"one within the other", {Numbers(1, 5), Numbers(2, 3)}, BoundaryOrder::kUnordered},
      {"up and down", {Numbers(1, 2), Numbers(3, 4), Numbers(1, 2)}, BoundaryOrder::kUnordered},
  };
  for (const auto& c : cases) {
    const ColumnIndex index = ToColumnIndex(c.pages, Type::kInt64);
    EXPECT_EQ(index.order, c.expected) << c.what;
    EXPECT_EQ(index.null_pages.size(), c.pages.size()) << c.what;
  }
}

TEST(RowGroupWriterTest, ColumnsLieOneBehindAnother) {
  const TestFileOf file = Write({500}, {.page_rows = 100});
  const RowGroup& group = file.groups.front();
  EXPECT_EQ(group.rows, 500);
  int64_t at = 4;
  for (const ColumnChunk& chunk : group.columns) {
    const ColumnMetadata& column = chunk.metadata;
    EXPECT_EQ(column.dictionary_page_offset.value_or(column.data_page_offset), at) << column.path.front();
    at += column.compressed_bytes;
  }
}

}  // namespace
}  // namespace codec::parquet
