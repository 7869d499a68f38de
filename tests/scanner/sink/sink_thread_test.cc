#include "scanner/sink/sink_thread.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/sink/output_format.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class KeepingListener : public CompletionListener {
 public:
  void OnCompleted(std::span<const Completion> completions) override {
    for (const Completion& done : completions) {
      EXPECT_TRUE(seen.emplace(done.block, done.offset).second);
    }
  }
  std::vector<uint8_t> Progress() const override { return {}; }
  std::set<std::pair<uint64_t, int>> seen;
};

// What sinks that write only with leave share.
class Gate {
 public:
  void Pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
    ++rows;
  }
  void Open() {
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
    }
    opened_.notify_all();
  }
  uint64_t rows = 0;

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

class GatedSink : public RowSink {
 public:
  explicit GatedSink(Gate& gate) : gate_(gate) {}

  absl::Status Begin() override { return absl::OkStatus(); }
  absl::Status Write(const Record& /*record*/) override {
    gate_.Pass();
    return absl::OkStatus();
  }
  absl::Status Drain() override { return absl::OkStatus(); }
  absl::Status Checkpoint(CheckpointScope /*scope*/, SinkCheckpoint& /*out*/) override {
    return absl::OkStatus();
  }
  absl::Status Finish(const RowGroupLog& /*log*/, const FileFacts& /*facts*/) override {
    return absl::OkStatus();
  }

 private:
  Gate& gate_;
};

// A writer without a journal, begun.
class TestWriter {
 public:
  TestWriter(OutputFormat format, const std::vector<Column>& columns, netio::StorageFile& file,
             RowFilter filter, CompletionListener* listener)
      : TestWriter([=, &file] { return MakeRowSink(format, columns, file); }, &file, filter, listener) {}
  TestWriter(std::function<std::unique_ptr<RowSink>()> make_sink, netio::StorageFile* file, RowFilter filter,
             CompletionListener* listener)
      : writer_({.builder = &builder_,
                 .filter = filter,
                 .file = file,
                 .listener = listener,
                 .make_sink = std::move(make_sink)}) {
    EXPECT_TRUE(writer_.Begin(netio::Instant{}).ok());
  }

  ResultWriter& operator*() { return writer_; }
  ResultWriter* operator->() { return &writer_; }

 private:
  RecordBuilder builder_{AllColumns(), "s"};
  ResultWriter writer_;
};

TestRow NumberedRow(uint64_t number, Verdict verdict, Reason reason, Status status) {
  TestRow row = RowFor("192.0.2.1");
  row.header.block = number / 256;
  row.header.offset = static_cast<uint8_t>(number % 256);
  row.header.verdict = verdict;
  row.header.reason = reason;
  row.header.ptr_status = status;
  if (status == Status::kNoError) row.names = {{"a"}};
  return row;
}

void Push(RowChannel& channel, const std::vector<TestRow>& rows) {
  std::unique_ptr<RowBlock> block = channel.Take();
  for (const TestRow& row : rows) AppendRow(row, *block);
  ASSERT_TRUE(channel.Reserve(block->bytes()));
  channel.Push(std::move(block));
}

TEST(SinkThread, WritesWhatTheFilterWantsAndCountsAndCompletesAll) {
  netio::SimStorage storage;
  const auto file = storage.Create("a").value();
  RowChannel channel(1 << 20);
  KeepingListener listener;
  TestWriter writer({}, {Column::kAttempts, Column::kReason}, *file, RowFilter::Parse("problems").value(),
                    &listener);
  SinkThread thread(channel, *writer);
  TestRow pass = NumberedRow(300, Verdict::kPass, Reason::kConfirmed, Status::kNoError);
  pass.header.confirmed = 1;
  Push(channel, {pass, NumberedRow(1, Verdict::kFail, Reason::kForwardMissing, Status::kNoError)});
  Push(channel, {NumberedRow(2, Verdict::kPermerror, Reason::kNoPtr, Status::kNxdomain),
                 NumberedRow(3, Verdict::kPermerror, Reason::kNoPtr, Status::kNodata),
                 NumberedRow(4, Verdict::kTemperror, Reason::kPtrError, static_cast<Status>(3841))});
  channel.Close();
  EXPECT_TRUE(thread.Join().ok());
  EXPECT_EQ(TextOf(storage, "a"),
            "attempts,reason\r\n0,forward_missing\r\n0,no_ptr\r\n0,no_ptr\r\n0,ptr_error\r\n");
  const SinkCounts counts = thread.counts();
  EXPECT_EQ(counts.completed, 5U);
  EXPECT_EQ(counts.rows, 4U);
  EXPECT_EQ(counts.found, 2U);
  EXPECT_EQ(counts.names, 2U);
  EXPECT_EQ(counts.confirmed_names, 1U);
  EXPECT_THAT(counts.NamedVerdicts(), UnorderedElementsAre(Pair("pass", 1), Pair("fail", 1),
                                                           Pair("permerror", 2), Pair("temperror", 1)));
  EXPECT_THAT(counts.NamedReasons(), UnorderedElementsAre(Pair("confirmed", 1), Pair("forward_missing", 1),
                                                          Pair("no_ptr", 2), Pair("ptr_error", 1)));
  EXPECT_THAT(counts.NamedPtrStatuses(), UnorderedElementsAre(Pair("NOERROR", 2), Pair("NXDOMAIN", 1),
                                                              Pair("NODATA", 1), Pair("RCODE3841", 1)));
  EXPECT_THAT(counts.NamedEvidence(), UnorderedElementsAre(Pair("query", 5)));
  EXPECT_EQ(listener.seen, (std::set<std::pair<uint64_t, int>>{{1, 44}, {0, 1}, {0, 2}, {0, 3}, {0, 4}}));
}

TEST(SinkThread, ASlowSinkTakesTheCreditAwayAndLosesNothing) {
  Gate gate;
  const TestRow row = NumberedRow(0, Verdict::kPermerror, Reason::kNoPtr, Status::kNxdomain);
  RowBlock one;
  AppendRow(row, one);
  constexpr uint64_t kCreditRows = 50;
  constexpr uint64_t kRows = 1000;
  RowChannel channel(kCreditRows * one.bytes());
  KeepingListener listener;
  TestWriter writer([&gate] { return std::make_unique<GatedSink>(gate); }, nullptr, RowFilter(), &listener);
  SinkThread thread(channel, *writer);
  uint64_t pushed = 0;
  const auto push_one = [&] {
    if (!channel.Reserve(one.bytes())) return false;
    std::unique_ptr<RowBlock> block = channel.Take();
    AppendRow(NumberedRow(pushed++, Verdict::kPermerror, Reason::kNoPtr, Status::kNxdomain), *block);
    channel.Push(std::move(block));
    return true;
  };
  while (push_one()) {
  }
  EXPECT_EQ(pushed, kCreditRows);  // The sink has written none, so that no credit came back.
  gate.Open();
  while (pushed < kRows) {
    if (!push_one()) std::this_thread::yield();
  }
  channel.Close();
  EXPECT_TRUE(thread.Join().ok());
  EXPECT_EQ(gate.rows, kRows);
  EXPECT_EQ(listener.seen.size(), kRows);
}

TEST(SinkThread, AFullDiskIsTheErrorAndEnginesGoOnUntilTheyStop) {
  netio::SimStorage storage;
  storage.LimitBytes(2000);
  const auto file = storage.Create("sweep.csv.partial").value();
  RowChannel channel(1 << 20);
  KeepingListener listener;
  TestWriter writer({}, AllColumns(), *file, RowFilter(), &listener);
  SinkThread thread(channel, *writer);
  const TestRow row = NumberedRow(0, Verdict::kPermerror, Reason::kNoPtr, Status::kNxdomain);
  RowBlock one;
  AppendRow(row, one);
  uint64_t number = 0;
  while (!thread.failed()) {
    ASSERT_LT(number, 10'000'000U);
    if (!channel.Reserve(one.bytes())) {
      std::this_thread::yield();
      continue;
    }
    std::unique_ptr<RowBlock> block = channel.Take();
    AppendRow(NumberedRow(number++, Verdict::kPermerror, Reason::kNoPtr, Status::kNxdomain), *block);
    channel.Push(std::move(block));
  }
  // More than the credit in all: it comes back although nothing is written.
  for (int i = 0; i < 20'000;) {
    if (!channel.Reserve(one.bytes())) {
      std::this_thread::yield();
      continue;
    }
    std::unique_ptr<RowBlock> block = channel.Take();
    AppendRow(row, *block);
    channel.Push(std::move(block));
    ++i;
  }
  channel.Close();
  EXPECT_EQ(thread.Join().message(), "sweep.csv.partial: No space left on device");
  EXPECT_EQ(thread.counts().completed, listener.seen.size());
  EXPECT_LT(thread.counts().completed, 2000 / 50U);
  EXPECT_EQ(TextOf(storage, "sweep.csv.partial").size(), 2000U);
}

TEST(SinkThread, AnErrorAtTheVeryEndIsReported) {
  netio::SimStorage storage;
  const auto file = storage.Create("sweep.csv.zst.partial").value();
  TestWriter writer({.kind = OutputFormat::Kind::kCsv, .zstd = true}, AllColumns(), *file, RowFilter(),
                    nullptr);
  storage.LimitBytes(10);  // The compressor keeps all of it back until the frame ends.
  RowChannel channel(1 << 20);
  SinkThread thread(channel, *writer);
  Push(channel, {NumberedRow(0, Verdict::kPermerror, Reason::kNoPtr, Status::kNxdomain)});
  channel.Close();
  EXPECT_TRUE(thread.Join().ok());
  EXPECT_EQ(writer->Finish({}).message(), "sweep.csv.zst.partial: No space left on device");
}

TEST(SinkThread, WithoutARowTheFileIsStillWhole) {
  netio::SimStorage storage;
  const auto file = storage.Create("a").value();
  TestWriter writer({.kind = OutputFormat::Kind::kCsv, .zstd = true}, {Column::kAddress}, *file, RowFilter(),
                    nullptr);
  RowChannel channel(1000);
  SinkThread thread(channel, *writer);
  channel.Close();
  EXPECT_TRUE(thread.Join().ok());
  EXPECT_TRUE(writer->Finish({}).ok());
  EXPECT_EQ(Unzstd(TextOf(storage, "a")), "address\r\n");
  EXPECT_EQ(thread.counts().completed, 0U);
}

}  // namespace
}  // namespace scanner
