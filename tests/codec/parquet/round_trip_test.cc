// What the writer writes, the reader reads.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/file_reader.h"
#include "codec/parquet/footer_writer.h"
#include "codec/parquet/row_group_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/file_places.h"
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
    {"ptr_ttl", Type::kInt32, Meaning::kNone, Shape::kOptional, Packing::kPlain},
    {"serial", Type::kInt64, Meaning::kNone, Shape::kRequired, Packing::kPlain},
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

// Where a changed octet may be taken without an error: nothing in the format guards it.
struct Unguarded {
  std::string_view place;  // Of PlacesOf(); with "*" also all that begins so.
  std::string_view what;
  bool tells;  // Other things are read then: in all other places what is read stays the same.
};

const Unguarded kUnguarded[] = {
    {"index", "bloom filters and page indexes, which are not read", false},
    {"header", "four bits of the end of a structure", false},
    {"header.7", "the same", false},
    {"header.7.2", "encoding of a dictionary: two are one", false},
    {"header.8", "four bits of the end of a structure", false},
    {"header.8.2", "nulls, which some writers do not count", false},
    {"header.8.7", "compression, which is the default", false},
    {"footer", "four bits of the end of a structure", false},
    {"footer.1", "version", false},
    {"footer.2*", "names and types", true},
    {"footer.4", "four bits of the end of a structure", false},
    {"footer.4.1", "the same", false},
    {"footer.4.1.2", "offset that is deprecated", false},
    {"footer.4.1.3", "four bits of the end of a structure", false},
    {"footer.4.1.3.2", "encodings, which pages tell too", false},
    {"footer.4.1.3.3", "name, which the schema tells too", false},
    {"footer.4.1.3.6", "length before compression", false},
    {"footer.4.1.3.7", "length, where it grows", false},
    {"footer.4.1.3.9", "offset of the first data page behind a dictionary", false},
    {"footer.4.1.3.12*", "statistics", false},
    {"footer.4.1.3.14", "place of the bloom filter", false},
    {"footer.4.1.3.15", "the same", false},
    {"footer.4.1.4", "places of the page indexes", false},
    {"footer.4.1.5", "the same", false},
    {"footer.4.1.6", "the same", false},
    {"footer.4.1.7", "the same", false},
    {"footer.4.2", "length of the row group before compression", false},
    {"footer.4.5", "offset of the row group", false},
    {"footer.4.6", "length of the row group", false},
    {"footer.5*", "key-value pairs", true},
    {"footer.6", "name of the writer", false},
    {"footer.7*", "order of values in statistics", false},
};

size_t UnguardedAt(std::string_view place) {
  const auto* const found =
      std::find_if(std::begin(kUnguarded), std::end(kUnguarded), [&](const Unguarded& one) {
        if (!one.place.ends_with('*')) return place == one.place;
        return place.starts_with(one.place.substr(0, one.place.size() - 1));
      });
  return static_cast<size_t>(found - std::begin(kUnguarded));
}

bool TellTheSame(const FileText& a, const FileText& b) {
  return a.rows == b.rows && a.columns == b.columns && a.unusable == b.unusable &&
         a.key_values == b.key_values;
}

TEST(RoundTrip, NoticesDamage) {
  const std::vector<uint8_t> whole =
      WriteFile(MakeRows(40, {.different = 20, .most_items = 2, .longest_text = 4}), 40, 25);
  const FileText expected = ReadOctets(whole);
  ASSERT_TRUE(expected.status.ok());
  const std::vector<std::string> places = PlacesOf(whole, kSchema.size());
  std::array<size_t, std::size(kUnguarded)> taken{};
  std::array<size_t, std::size(kUnguarded)> told{};
  for (size_t at = 0; at < whole.size(); ++at) {
    const size_t unguarded = UnguardedAt(places[at]);
    std::vector<uint8_t> damaged = whole;
    for (const int change : {0x01, 0x02, 0x04, 0x10, 0x80, 0xFF}) {
      damaged[at] = static_cast<uint8_t>(whole[at] ^ change);
      const FileText file = ReadOctets(damaged, 100);
      if (!file.status.ok()) {
        ASSERT_TRUE(absl::StartsWith(file.status.message(), "test.parquet: octet ")) << at << file.status;
        continue;
      }
      ASSERT_LT(unguarded, taken.size()) << "octet " << at << ", " << places[at] << ", " << change;
      ++taken[unguarded];
      if (TellTheSame(file, expected)) continue;
      ASSERT_TRUE(kUnguarded[unguarded].tells) << "octet " << at << ", " << places[at] << ", " << change;
      ++told[unguarded];
    }
  }
  for (size_t i = 0; i < taken.size(); ++i) {
    EXPECT_GT(taken[i], 0) << kUnguarded[i].place << ": " << kUnguarded[i].what;
    EXPECT_EQ(told[i] > 0, kUnguarded[i].tells) << kUnguarded[i].place << ": " << kUnguarded[i].what;
  }
}

TEST(RoundTrip, NoticesFilesThatEndEarly) {
  const std::vector<uint8_t> whole = WriteFile(MakeRows(50, {}), 50, 50);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadOctets({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}).status.ok())
        << size;
  }
}

}  // namespace
}  // namespace codec::parquet
