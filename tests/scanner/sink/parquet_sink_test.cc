#include "scanner/sink/parquet_sink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/parquet/byte_source.h"
#include "codec/parquet/file_reader.h"
#include "netio/sim_storage.h"
#include "scanner/sink/record_bytes.h"

namespace scanner {
namespace {

class KeptGroups final : public RowGroupLog {
 public:
  void Add(const SinkCheckpoint& checkpoint) {
    groups_.insert(groups_.end(), checkpoint.row_groups.begin(), checkpoint.row_groups.end());
  }
  uint64_t row_groups() const override { return groups_.size(); }
  absl::Status ForEach(Visit visit) const override {
    for (const std::vector<uint8_t>& group : groups_) {
      if (absl::Status status = visit(group); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::vector<uint8_t>> groups_;
};

class MemorySource final : public codec::parquet::ByteSource {
 public:
  explicit MemorySource(std::vector<uint8_t> octets) : octets_(std::move(octets)) {}
  const std::string& name() const override { return name_; }
  uint64_t size() const override { return octets_.size(); }
  absl::Status ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    if (offset > octets_.size() || out.size() > octets_.size() - offset) return absl::OutOfRangeError("end");
    std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return absl::OkStatus();
  }

 private:
  std::string name_ = "rows.parquet";
  std::vector<uint8_t> octets_;
};

std::string AddressOf(uint64_t number) {
  return "10." + std::to_string(number >> 16 & 255) + "." + std::to_string(number >> 8 & 255) + "." +
         std::to_string(number & 255);
}

// A row that says its number in several ways.
struct Row {
  explicit Row(uint64_t number)
      : address(AddressOf(number)),
        name("host-" + std::to_string(number) + ".example.net"),
        long_name(std::string(number % 300, 'x') + ".example.net") {
    record.key = {.ipv6 = false, .high = 0, .low = uint64_t{10} << 24 | number};
    record.SetText(Column::kAddress, address);
    record.SetText(Column::kVerdict, number % 2 == 0 ? "pass" : "fail");
    if (number % 3 != 0) record.AppendItem(Column::kNames, name);
    if (number % 3 == 2) record.AppendItem(Column::kNames, long_name);
    // Texts of other columns, whole and in part.
    if (number % 3 == 1) record.AppendItem(Column::kConfirmedNames, name);
    if (number % 2 == 0) record.AppendItem(Column::kForwardAddresses, address);
    if (number % 4 == 0) record.AppendItem(Column::kForwardAddresses, "192.0.2.1");
    if (number % 11 == 0) record.SetText(Column::kPtrAliasTarget, std::string_view(name).substr(0, 5));
    if (number % 5 == 0) record.AppendItem(Column::kFlagList, "generic");
    if (number % 10 == 0) record.AppendItem(Column::kFlagList, "multiple_names");
    if (number % 7 == 0) record.SetText(Column::kZone, long_name);
    record.SetNumber(Column::kAuthoritative, number % 2 == 0 ? 1 : 0);
    if (number % 4 != 0) record.SetNumber(Column::kPtrTtl, INT32_MAX - static_cast<int64_t>(number));
    record.SetNumber(Column::kObservedAt, 1'769'904'000'000'000 + static_cast<int64_t>(number));
    record.SetNumber(Column::kIpv4, static_cast<int64_t>(record.key.low));
  }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  std::string address;
  std::string name;
  std::string long_name;
  Record record;
};

void ExpectRow(const codec::parquet::FileReader& reader, const Record& record) {
  for (size_t i = 0; i < kColumns; ++i) {
    const auto column = static_cast<Column>(i);
    if (Info(column).kind == ColumnKind::kList) {
      const auto items = record.Items(column);
      const auto read = reader.Items(i);
      EXPECT_TRUE(std::ranges::equal(items, read)) << Info(column).name;
    } else if (record.IsNull(column)) {
      EXPECT_TRUE(reader.IsNull(i)) << Info(column).name;
    } else if (Info(column).kind == ColumnKind::kString) {
      EXPECT_EQ(reader.Text(i), record.Text(column)) << Info(column).name;
    } else {
      EXPECT_EQ(reader.Number(i), record.Number(column)) << Info(column).name;
    }
  }
}

// Of rows as Row has them: the number of each, in the order of the file. Every value is checked.
std::vector<uint64_t> NumbersIn(const netio::SimStorage& storage) {
  const MemorySource source(*storage.Contents("rows.parquet"));
  const auto reader = codec::parquet::FileReader::Open(source);
  EXPECT_TRUE(reader.ok()) << reader.status();
  std::vector<uint64_t> numbers;
  while (reader.ok()) {
    const absl::StatusOr<bool> more = (*reader)->Next();
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) break;
    const auto ipv4 = static_cast<uint64_t>((*reader)->Number(static_cast<size_t>(Column::kIpv4)));
    numbers.push_back(ipv4 & 0xFFFFFF);
    const Row row(numbers.back());
    ExpectRow(**reader, row.record);
  }
  return numbers;
}

std::vector<uint64_t> Counted(uint64_t from, uint64_t to) {
  std::vector<uint64_t> numbers;
  for (; from < to; ++from) numbers.push_back(from);
  return numbers;
}

void ExpectSame(const Record& record, const Record& expected) {
  for (size_t i = 0; i < kColumns; ++i) {
    const auto column = static_cast<Column>(i);
    ASSERT_EQ(record.IsNull(column), expected.IsNull(column)) << Info(column).name;
    if (expected.IsNull(column)) continue;
    if (Info(column).kind == ColumnKind::kList) {
      EXPECT_TRUE(std::ranges::equal(record.Items(column), expected.Items(column))) << Info(column).name;
    } else if (Info(column).kind == ColumnKind::kString) {
      EXPECT_EQ(record.Text(column), expected.Text(column)) << Info(column).name;
    } else {
      EXPECT_EQ(record.Number(column), expected.Number(column)) << Info(column).name;
    }
  }
}

std::vector<uint64_t> NumbersOf(std::span<const uint8_t> record_bytes) {
  std::vector<uint64_t> numbers;
  Record record;
  while (!record_bytes.empty() && ReadRecordBytes(record_bytes, record)) {
    numbers.push_back(record.key.low & 0xFFFFFF);
    const Row row(numbers.back());
    ExpectSame(record, row.record);
  }
  EXPECT_TRUE(record_bytes.empty());
  return numbers;
}

class ParquetSinkTest : public testing::Test {
 protected:
  // Of a file that goes on; call Begin for a new one.
  ParquetSink& Open(ParquetOptions options) {
    file_ = storage_.Create("rows.parquet").value();
    sink_ = std::make_unique<ParquetSink>(AllColumns(), options, *file_);
    EXPECT_TRUE(sink_->Begin().ok());
    return *sink_;
  }
  ParquetSink& GoOn(ParquetOptions options) {
    sink_ = std::make_unique<ParquetSink>(AllColumns(), options, *file_);
    return *sink_;
  }
  absl::Status Write(uint64_t number) {
    const Row row(number);
    return sink_->Write(row.record);
  }
  SinkCheckpoint Checkpoint(CheckpointScope scope) {
    SinkCheckpoint checkpoint;
    EXPECT_TRUE(sink_->Checkpoint(scope, checkpoint).ok());
    log_.Add(checkpoint);
    return checkpoint;
  }

  netio::SimStorage storage_;
  std::unique_ptr<netio::StorageFile> file_;
  std::unique_ptr<ParquetSink> sink_;
  KeptGroups log_;
};

TEST_F(ParquetSinkTest, NoRowsAreAFile) {
  ASSERT_TRUE(Open({}).Finish(log_, {}).ok());
  EXPECT_EQ(NumbersIn(storage_), std::vector<uint64_t>());
}

TEST_F(ParquetSinkTest, RowGroupsAreFullAndSorted) {
  Open({.row_group_rows = 100});
  for (uint64_t i = 0; i < 250; ++i) ASSERT_TRUE(Write(i * 97 % 250).ok());
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  const std::vector<uint64_t> numbers = NumbersIn(storage_);
  ASSERT_EQ(numbers.size(), 250U);
  EXPECT_TRUE(std::ranges::is_sorted(std::span(numbers).first(100)));
  EXPECT_TRUE(std::ranges::is_sorted(std::span(numbers).subspan(100, 100)));
  EXPECT_TRUE(std::ranges::is_sorted(std::span(numbers).last(50)));
  EXPECT_GT(numbers[99], numbers[100]);
}

TEST_F(ParquetSinkTest, BytesEndARowGroup) {
  Open({.row_group_bytes = 1});
  for (uint64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(Write(i).ok());
    EXPECT_TRUE(sink_->WantsCheckpoint());
    EXPECT_EQ(Checkpoint(CheckpointScope::kSinceLast).row_groups.size(), 1U);
  }
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  EXPECT_EQ(NumbersIn(storage_), Counted(0, 3));
}

TEST_F(ParquetSinkTest, SortsIpv4BeforeIpv6) {
  Open({});
  Record six;
  six.key = {.ipv6 = true, .high = 0, .low = 1};
  six.SetText(Column::kAddress, "::1");
  ASSERT_TRUE(sink_->Write(six).ok());
  ASSERT_TRUE(Write(1).ok());
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  const MemorySource source(*storage_.Contents("rows.parquet"));
  const auto reader = codec::parquet::FileReader::Open(source).value();
  for (const std::string_view address : {"10.0.0.1", "::1"}) {
    ASSERT_TRUE(reader->Next().value());
    EXPECT_EQ(reader->Text(0), address);
  }
}

TEST_F(ParquetSinkTest, KeepsFactsInOrder) {
  ASSERT_TRUE(Open({}).Finish(log_, {{"schema_version", "1"}, {"options", "{\"seed\":0}"}}).ok());
  const MemorySource source(*storage_.Contents("rows.parquet"));
  const auto reader = codec::parquet::FileReader::Open(source).value();
  ASSERT_EQ(reader->key_values().size(), 2U);
  EXPECT_EQ(reader->key_values()[0].key, "schema_version");
  EXPECT_EQ(reader->key_values()[1].value, "{\"seed\":0}");
}

TEST_F(ParquetSinkTest, CheckpointsGiveEveryRowOnce) {
  Open({.row_group_rows = 10});
  for (uint64_t i = 0; i < 4; ++i) ASSERT_TRUE(Write(i).ok());
  EXPECT_FALSE(sink_->WantsCheckpoint());
  EXPECT_EQ(NumbersOf(Checkpoint(CheckpointScope::kSinceLast).open_records), Counted(0, 4));
  EXPECT_EQ(NumbersOf(Checkpoint(CheckpointScope::kSinceLast).open_records), Counted(0, 0));
  for (uint64_t i = 4; i < 7; ++i) ASSERT_TRUE(Write(i).ok());
  EXPECT_EQ(NumbersOf(Checkpoint(CheckpointScope::kSinceLast).open_records), Counted(4, 7));
  EXPECT_EQ(NumbersOf(Checkpoint(CheckpointScope::kAll).open_records), Counted(0, 7));
  for (uint64_t i = 7; i < 12; ++i) ASSERT_TRUE(Write(i).ok());
  EXPECT_TRUE(sink_->WantsCheckpoint());
  const SinkCheckpoint checkpoint = Checkpoint(CheckpointScope::kSinceLast);
  EXPECT_EQ(checkpoint.row_groups.size(), 1U);
  EXPECT_EQ(NumbersOf(checkpoint.open_records), Counted(10, 12));
  EXPECT_FALSE(sink_->WantsCheckpoint());
}

TEST_F(ParquetSinkTest, TheLastRowGroupCanBeEndedBeforeItsCheckpoint) {
  Open({.row_group_rows = 10});
  ASSERT_TRUE(sink_->EndRowGroup().ok());
  EXPECT_FALSE(sink_->WantsCheckpoint());
  for (uint64_t i = 0; i < 4; ++i) ASSERT_TRUE(Write(i).ok());
  ASSERT_TRUE(sink_->EndRowGroup().ok());
  const SinkCheckpoint checkpoint = Checkpoint(CheckpointScope::kAll);
  EXPECT_EQ(checkpoint.row_groups.size(), 1U);
  EXPECT_TRUE(checkpoint.open_records.empty());
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  EXPECT_EQ(NumbersIn(storage_), Counted(0, 4));
}

// The file is cut where a checkpoint left it, the open rows are written again, and others follow.
TEST_F(ParquetSinkTest, AnotherGoesOnAtACheckpoint) {
  Open({.row_group_rows = 10});
  for (uint64_t i = 0; i < 24; ++i) ASSERT_TRUE(Write(i).ok());
  const std::vector<uint64_t> open = NumbersOf(Checkpoint(CheckpointScope::kSinceLast).open_records);
  EXPECT_EQ(open, Counted(20, 24));
  const uint64_t durable = file_->Size().value();
  for (uint64_t i = 24; i < 40; ++i) ASSERT_TRUE(Write(i).ok());
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  EXPECT_EQ(NumbersIn(storage_), Counted(0, 40));

  ASSERT_TRUE(file_->Truncate(durable).ok());
  GoOn({.row_group_rows = 7});
  for (const uint64_t number : open) ASSERT_TRUE(Write(number).ok());
  for (uint64_t i = 24; i < 50; ++i) ASSERT_TRUE(Write(i).ok());
  Checkpoint(CheckpointScope::kSinceLast);
  for (uint64_t i = 50; i < 60; ++i) ASSERT_TRUE(Write(i).ok());
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  EXPECT_EQ(NumbersIn(storage_), Counted(0, 60));
}

// The row group that did not fit stays open, and is cut off; the footer fits in its place.
TEST_F(ParquetSinkTest, AFullDiskLeavesAFileThatCanBeRead) {
  Open({.row_group_rows = 200});
  for (uint64_t i = 0; i < 200; ++i) ASSERT_TRUE(Write(i).ok());
  for (uint64_t i = 200; i < 399; ++i) ASSERT_TRUE(Write(i).ok());
  storage_.LimitBytes(100);
  EXPECT_FALSE(Write(399).ok());
  EXPECT_EQ(NumbersOf(Checkpoint(CheckpointScope::kAll).open_records), Counted(200, 400));
  storage_.LimitBytes(UINT64_MAX);
  ASSERT_TRUE(sink_->Finish(log_, {}).ok());
  EXPECT_EQ(NumbersIn(storage_), Counted(0, 400));
}

TEST_F(ParquetSinkTest, FinishSaysThatTheLastRowGroupDidNotFit) {
  Open({.row_group_rows = 200});
  for (uint64_t i = 0; i < 250; ++i) ASSERT_TRUE(Write(i).ok());
  const uint64_t before = file_->Size().value();
  storage_.LimitBytes(0);
  EXPECT_FALSE(sink_->Finish(log_, {}).ok());
  EXPECT_EQ(file_->Size().value(), before);
}

TEST_F(ParquetSinkTest, RefusesARowWithoutAnAddress) {
  Open({});
  EXPECT_FALSE(sink_->Write(Record()).ok());
  const std::unique_ptr<netio::StorageFile> file = storage_.Create("others.parquet").value();
  ParquetSink others({Column::kVerdict}, {}, *file);
  ASSERT_TRUE(others.Begin().ok());
  EXPECT_TRUE(others.Write(Record()).ok());
}

TEST(ParquetSchemaTest, HasTheColumnsOfTheSpecification) {
  const codec::parquet::Schema schema = ParquetSchema(AllColumns(), true);
  ASSERT_EQ(schema.size(), kColumns);
  for (size_t i = 0; i < kColumns; ++i) {
    EXPECT_EQ(schema[i].name, kColumnInfos[i].name);
    EXPECT_EQ(schema[i].bloom_filter, i == 0) << schema[i].name;
    EXPECT_EQ(schema[i].shape == codec::parquet::Shape::kRequired, i == 0) << schema[i].name;
  }
  EXPECT_FALSE(ParquetSchema(AllColumns(), false)[0].bloom_filter);
}

}  // namespace
}  // namespace scanner
