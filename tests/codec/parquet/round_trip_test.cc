// What the writer writes, the reader reads.
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/file_reader.h"
#include "codec/parquet/footer_writer.h"
#include "codec/parquet/row_group_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/group_rows.h"
#include "tests/codec/parquet/memory_source.h"
#include "tests/codec/parquet/read_file.h"

namespace codec::parquet {
namespace {

const Schema kSchema = {
    {"address", Type::kByteArray, Meaning::kString, Shape::kRequired, Packing::kDelta, true},
    {"verdict", Type::kByteArray, Meaning::kString, Shape::kOptional, Packing::kDictionary},
    {"names", Type::kByteArray, Meaning::kString, Shape::kList, Packing::kDelta},
    {"flags", Type::kByteArray, Meaning::kString, Shape::kList, Packing::kDictionary},
    {"ttl", Type::kInt32, Meaning::kNone, Shape::kOptional, Packing::kDelta},
    {"attempts", Type::kInt32, Meaning::kNone, Shape::kRequired, Packing::kDictionary},
    {"ipv4", Type::kInt64, Meaning::kNone, Shape::kOptional, Packing::kDelta},
    {"authoritative", Type::kBoolean, Meaning::kNone, Shape::kOptional, Packing::kDelta},
    {"observed_at", Type::kInt64, Meaning::kTimestampMicrosUtc, Shape::kOptional, Packing::kDelta},
    {"zone", Type::kByteArray, Meaning::kString, Shape::kOptional, Packing::kDictionary},
};

struct Value {
  bool null = false;
  int64_t number = 0;
  std::string text;
  std::vector<std::string> items;
};
using Row = std::vector<Value>;

// How values are chosen.
struct Mix {
  uint64_t null_share = 3;    // Of ten.
  uint64_t different = 1000;  // Texts, and beyond it numbers.
  uint64_t most_items = 4;
  uint64_t longest_text = 60;
};

Row MakeRow(std::mt19937_64& random, const Mix& mix) {
  const auto text = [&] {
    std::mt19937_64 chosen(random() % mix.different);
    std::string made = "host-" + std::to_string(chosen() % 100) + ".";
    made.resize(made.size() + chosen() % mix.longest_text, static_cast<char>(chosen()));
    return made;
  };
  Row row;
  for (const Field& field : kSchema) {
    Value& value = row.emplace_back();
    value.null = field.shape == Shape::kOptional && random() % 10 < mix.null_share;
    if (field.shape == Shape::kList) {
      for (uint64_t left = random() % (mix.most_items + 1); left > 0; --left) value.items.push_back(text());
    } else if (field.type == Type::kByteArray) {
      value.text = text();
    } else {
      value.number = static_cast<int64_t>(random() >> random() % 64);
      if (random() % 2 == 0) value.number = -value.number;
      if (field.type == Type::kInt32) value.number = static_cast<int32_t>(value.number);
      if (field.type == Type::kBoolean) value.number &= 1;
    }
  }
  return row;
}

bool IsPresent(const Field& field, const Value& value) {
  return field.shape == Shape::kList ? !value.items.empty() : !value.null;
}

void Append(const Value& value, size_t column, GroupRows& open) {
  const Field& field = kSchema[column];
  if (!IsPresent(field, value)) return;
  if (field.shape == Shape::kList) {
    for (const std::string& item : value.items) open.Add(column, item);
  } else if (field.type == Type::kByteArray) {
    open.Add(column, value.text);
  } else {
    open.Add(column, value.number);
  }
}

std::vector<uint8_t> WriteFile(const std::vector<Row>& rows, size_t group_rows, size_t page_rows) {
  ByteBuffer file;
  file.Append(kMark);
  RowGroupWriter writer(kSchema, {.page_rows = page_rows});
  GroupRows open(writer);
  std::vector<ByteBuffer> groups;
  for (size_t begin = 0; begin < rows.size(); begin += group_rows) {
    const std::span<const Row> group =
        std::span(rows).subspan(begin, std::min(group_rows, rows.size() - begin));
    for (const Row& row : group) {
      for (size_t field = 0; field < kSchema.size(); ++field) Append(row[field], field, open);
      open.EndRow();
    }
    ByteBuffer data;
    open.Finish(file.size(), data, groups.emplace_back());
    file.Append(data.bytes());
  }
  FooterWriter footer(kSchema);
  footer.Start(rows.size(), groups.size(), file);
  for (const ByteBuffer& group : groups) footer.RowGroup(group.bytes(), file);
  EXPECT_TRUE(footer.End({{"seed", "7"}, {"scan_id", ""}}, "round_trip_test", file));
  return {file.bytes().begin(), file.bytes().end()};
}

std::string Shown(const Field& field, const Value& value) {
  if (field.shape == Shape::kList) {
    std::string shown = "[";
    for (const std::string& item : value.items) shown += (shown.size() > 1 ? "," : "") + ShowText(item);
    return shown + "]";
  }
  if (value.null) return "null";
  return field.type == Type::kByteArray ? ShowText(value.text) : std::to_string(value.number);
}

void ExpectRoundTrip(const std::vector<Row>& rows, size_t group_rows, size_t page_rows) {
  const MemorySource source(WriteFile(rows, group_rows, page_rows));
  const auto opened = FileReader::Open(source);
  ASSERT_TRUE(opened.ok()) << opened.status();
  FileReader& reader = **opened;
  EXPECT_TRUE(reader.unusable_columns().empty());
  EXPECT_EQ(reader.rows(), rows.size());
  ASSERT_EQ(reader.key_values().size(), 2);
  EXPECT_EQ(reader.key_values()[0].key, "seed");
  EXPECT_EQ(reader.key_values()[0].value, "7");
  EXPECT_EQ(reader.key_values()[1].value, "");
  ASSERT_EQ(reader.schema().size(), kSchema.size());
  for (size_t i = 0; i < kSchema.size(); ++i) {
    EXPECT_EQ(reader.schema()[i].name, kSchema[i].name);
    EXPECT_EQ(reader.schema()[i].type, kSchema[i].type) << kSchema[i].name;
    EXPECT_EQ(reader.schema()[i].meaning, kSchema[i].meaning) << kSchema[i].name;
    EXPECT_EQ(reader.schema()[i].shape, kSchema[i].shape) << kSchema[i].name;
  }
  for (const Row& row : rows) {
    const absl::StatusOr<bool> moved = reader.Next();
    ASSERT_TRUE(moved.ok() && *moved) << moved.status();
    for (size_t field = 0; field < kSchema.size(); ++field) {
      ASSERT_EQ(ShowRow(reader, field), Shown(kSchema[field], row[field])) << kSchema[field].name;
    }
  }
  EXPECT_FALSE(reader.Next().value());
}

std::vector<Row> MakeRows(size_t count, const Mix& mix) {
  std::mt19937_64 random(count);
  std::vector<Row> rows;
  for (size_t i = 0; i < count; ++i) rows.push_back(MakeRow(random, mix));
  return rows;
}

TEST(RoundTrip, AnyNumberOfRows) {
  for (const size_t rows : {0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 255, 256, 257, 1000}) {
    SCOPED_TRACE(rows);
    ExpectRoundTrip(MakeRows(rows, {}), 1000, 1000);
  }
}

TEST(RoundTrip, AnyNumberOfPagesAndRowGroups) {
  const std::vector<Row> rows = MakeRows(1500, {});
  for (const size_t page_rows : {1, 100, 256, 500, 5000}) {
    for (const size_t group_rows : {1, 300, 500, 1499, 1500}) {
      SCOPED_TRACE(testing::Message() << page_rows << " rows a page, " << group_rows << " a group");
      ExpectRoundTrip(rows, group_rows, page_rows);
    }
  }
}

TEST(RoundTrip, AnyMixOfValues) {
  const Mix mixes[] = {
      {.null_share = 0},
      {.null_share = 10, .most_items = 0},
      {.null_share = 1, .different = 1, .most_items = 1},
      {.different = 3},
      {.null_share = 5, .different = 1'000'000},
      {.most_items = 600, .longest_text = 10},
      {.different = 200, .longest_text = 5000},
  };
  for (const Mix& mix : mixes) {
    SCOPED_TRACE(testing::Message() << mix.null_share << " " << mix.different << " " << mix.most_items);
    ExpectRoundTrip(MakeRows(150, mix), 100, 64);
  }
}

// Pages have checksums: an octet that is wrong before the footer is noticed, or was not needed for the rows.
TEST(RoundTrip, NoticesDamage) {
  const std::vector<uint8_t> whole = WriteFile(MakeRows(50, {}), 50, 50);
  const FileText expected = ReadOctets(whole);
  ASSERT_TRUE(expected.status.ok());
  const size_t footer = whole.size() - 8 - (whole[whole.size() - 8] | whole[whole.size() - 7] << 8);
  size_t noticed = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::vector<uint8_t> damaged = whole;
    damaged[at] ^= 0x10;
    const FileText file = ReadOctets(damaged, 100);
    if (!file.status.ok()) {
      ++noticed;
    } else if (at < footer) {
      ASSERT_EQ(file.rows, expected.rows) << at;
    }
  }
  EXPECT_GT(noticed, whole.size() / 2);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadOctets({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}).status.ok())
        << size;
  }
}

}  // namespace
}  // namespace codec::parquet
