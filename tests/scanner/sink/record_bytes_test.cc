#include "scanner/sink/record_bytes.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "netio/sim_random.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

using Bytes = std::vector<uint8_t>;

Record FullRecord() {
  Record record;
  record.key = {.ipv6 = true, .high = 0x20010DB8'00000000, .low = UINT64_MAX};
  record.plain = true;
  for (const Column column : AllColumns()) {
    switch (Info(column).kind) {
      case ColumnKind::kString:
        record.SetText(column, Info(column).name);
        break;
      case ColumnKind::kList:
        record.AppendItem(column, Info(column).name);
        record.AppendItem(column, "");
        break;
      case ColumnKind::kInt32:
        record.SetNumber(column, INT32_MAX);
        break;
      case ColumnKind::kInt64:
        record.SetNumber(column, INT64_MIN);
        break;
      case ColumnKind::kBoolean:
        record.SetNumber(column, 1);
        break;
      case ColumnKind::kTimestamp:
        record.SetNumber(column, INT64_MAX);
        break;
    }
  }
  return record;
}

Bytes BytesOf(const Record& record) {
  Bytes bytes;
  AppendRecordBytes(record, bytes);
  return bytes;
}

TEST(RecordBytes, GiveBackWhatWentIn) {
  const Record empty;
  Record number;
  number.key.low = 0xC0000207;
  number.SetNumber(Column::kAttempts, -1);
  Record long_text;
  const std::string text(300, 'x');
  long_text.SetText(Column::kZone, text);
  for (int i = 0; i < 200; ++i) long_text.AppendItem(Column::kNames, text);
  const Record full = FullRecord();
  const std::vector<const Record*> records = {&empty, &full, &number, &long_text};
  Bytes bytes;
  for (const Record* record : records) AppendRecordBytes(*record, bytes);
  std::span<const uint8_t> rest(bytes);
  Record back;
  for (const Record* record : records) {
    ASSERT_TRUE(ReadRecordBytes(rest, back));
    ExpectEqual(back, *record);
  }
  EXPECT_TRUE(rest.empty());
  EXPECT_FALSE(ReadRecordBytes(rest, back));
}

TEST(RecordBytes, EachCutIsRefused) {
  const Bytes bytes = BytesOf(FullRecord());
  Record record;
  for (size_t size = 0; size < bytes.size(); ++size) {
    std::span<const uint8_t> cut = std::span(bytes).first(size);
    EXPECT_FALSE(ReadRecordBytes(cut, record)) << size;
  }
}

TEST(RecordBytes, WhatIsWrongIsRefused) {
  const auto with_value = [](uint32_t columns, const Bytes& value) {
    Bytes bytes = {4, 192, 0, 2, 1};
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(columns >> shift));
    bytes.insert(bytes.end(), value.begin(), value.end());
    return bytes;
  };
  const auto bit = [](Column column) { return uint32_t{1} << static_cast<uint32_t>(column); };
  const struct {
    const char* what;
    Bytes bytes;
    bool legal;
  } cases[] = {
      {"no value", with_value(0, {}), true},
      {"family 4", {4, 0, 0, 0, 0, 0, 0, 0, 0}, true},
      {"family 5", {5, 0, 0, 0, 0, 0, 0, 0, 0}, false},
      {"plain", {0x84, 0, 0, 0, 0, 0, 0, 0, 0}, true},
      {"another bit with the family", {0x44, 0, 0, 0, 0, 0, 0, 0, 0}, false},
      {"the last column", with_value(bit(Column::kScanId), {1, 'a'}), true},
      {"a column behind it", with_value(bit(Column::kScanId) << 1, {1, 'a'}), false},
      {"a text that ends", with_value(bit(Column::kZone), {2, 'a', 'b'}), true},
      {"a text longer than there is", with_value(bit(Column::kZone), {3, 'a', 'b'}), false},
      {"a length of 2^64-1",
       with_value(bit(Column::kZone), {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 'a'}), false},
      {"false", with_value(bit(Column::kAuthoritative), {0}), true},
      {"true", with_value(bit(Column::kAuthoritative), {2}), true},
      {"a boolean of 2", with_value(bit(Column::kAuthoritative), {4}), false},
      {"a boolean of -1", with_value(bit(Column::kAuthoritative), {1}), false},
      {"2^31-1", with_value(bit(Column::kPtrTtl), {0xFE, 0xFF, 0xFF, 0xFF, 0x0F}), true},
      {"2^31", with_value(bit(Column::kPtrTtl), {0x80, 0x80, 0x80, 0x80, 0x10}), false},
      {"2^31 of 64 bits", with_value(bit(Column::kAsn), {0x80, 0x80, 0x80, 0x80, 0x10}), true},
      {"64 bits", with_value(bit(Column::kAsn), {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1}),
       true},
      {"65 bits", with_value(bit(Column::kAsn), {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2}),
       false},
      {"a number without an end",
       with_value(bit(Column::kAsn), {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), false},
      {"one item", with_value(bit(Column::kNames), {1, 1, 'a'}), true},
      {"a list that is said to have items and has none", with_value(bit(Column::kNames), {0}), false},
      {"2^35 items", with_value(bit(Column::kNames), {0x80, 0x80, 0x80, 0x80, 0x80, 1, 1, 'a'}), false},
  };
  Record record;
  for (const auto& c : cases) {
    std::span<const uint8_t> rest(c.bytes);
    EXPECT_EQ(ReadRecordBytes(rest, record), c.legal) << c.what;
    if (c.legal) {
      EXPECT_TRUE(rest.empty()) << c.what;
    }
  }
}

TEST(RecordBytes, DamageNeverReadsBeyondTheEnd) {
  const Bytes bytes = BytesOf(FullRecord());
  netio::SimRandom random(1);
  Record record;
  for (int i = 0; i < 20'000; ++i) {
    Bytes damaged(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(random.Below(bytes.size() + 1)));
    for (uint64_t n = 0; n < 3 && !damaged.empty(); ++n) {
      damaged[random.Below(damaged.size())] = static_cast<uint8_t>(random.Next());
    }
    std::span<const uint8_t> rest(damaged);
    if (!ReadRecordBytes(rest, record)) continue;
    const Bytes again = BytesOf(record);  // Touches every octet of every text.
    std::span<const uint8_t> read_again(again);
    EXPECT_TRUE(ReadRecordBytes(read_again, record));
  }
}

}  // namespace
}  // namespace scanner
