#include "tests/sim/durable_scan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <span>

#include "scanner/core/target_set.h"
#include "scanner/sink/open_records.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/record_bytes.h"

namespace sim {
namespace {

using scanner::Column;
using scanner::Record;

const std::vector<Column>& Columns() {
  static const std::vector<Column> columns = {Column::kAddress, Column::kVerdict, Column::kReason,
                                              Column::kNames,   Column::kPtrTtl,  Column::kObservedAt};
  return columns;
}

scanner::BlockSet Blocks(const std::vector<std::string>& targets) {
  scanner::TargetSetBuilder builder({.only = std::nullopt, .include_reserved = true});
  for (const std::string& target : targets) EXPECT_TRUE(builder.AddTarget(target).ok()) << target;
  return scanner::BlockSet(std::move(builder).Build());
}

// What tells one row from another.
std::string TextOf(const Record& record) {
  std::string text;
  for (const Column column : {Column::kVerdict, Column::kReason}) {
    text += record.IsNull(column) ? std::string("-") : std::string(record.Text(column));
    text += ' ';
  }
  for (const std::string_view name : record.Items(Column::kNames)) text += std::string(name) + ' ';
  for (const Column column : {Column::kPtrTtl, Column::kObservedAt}) {
    text += record.IsNull(column) ? std::string("-") : std::to_string(record.Number(column));
    text += ' ';
  }
  return text;
}

void Add(const Record& record, RowsByAddress& rows) {
  const std::string address(record.Text(Column::kAddress));
  EXPECT_TRUE(rows.emplace(address, TextOf(record)).second) << address << " has two rows";
}

// A file with a name for readers that want one; gone with this.
class NamedFile {
 public:
  NamedFile(const std::vector<uint8_t>& octets, const std::string& ending)
      : path_(testing::TempDir() + "/durable_scan." + std::to_string(getpid()) + "." + ending) {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
  }
  ~NamedFile() { std::remove(path_.c_str()); }
  NamedFile(const NamedFile&) = delete;
  NamedFile& operator=(const NamedFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

}  // namespace

// Knows what the writer had asked to be kept when it last came back without an error.
class DurableScan::Listener final : public scanner::CompletionListener {
 public:
  explicit Listener(const scanner::BlockCursor& sweep) : progress(sweep), targets_(sweep.shard_targets()) {}

  void OnCompleted(std::span<const scanner::Completion> completions) override {
    for (const scanner::Completion& done : completions) progress.Complete(done.block, done.offset);
  }
  std::vector<uint8_t> Progress() const override {
    kept = progress.completed();
    std::vector<uint8_t> octets;
    progress.Serialize(octets);
    return octets;
  }
  bool AllCompleted() const override { return progress.completed() == targets_; }

  scanner::BlockProgress progress;
  mutable uint64_t kept = 0;

 private:
  const uint64_t targets_;
};

struct DurableScan::Live {
  std::unique_ptr<scanner::ScanFiles> files;
  std::unique_ptr<Listener> listener;
  std::optional<scanner::BlockCursor> cursor;
  std::optional<scanner::RecordBuilder> builder;
  std::optional<scanner::ResultWriter> writer;
  std::vector<scanner::OpenBlock> open;
  netio::Instant kept_at{};  // What was written before this is durable.
};

DurableScan::DurableScan(const DurableScanOptions& options)
    : options_(options),
      filter_(scanner::RowFilter::Parse(options.only).value()),
      blocks_(Blocks(options.targets)),
      sweep_(blocks_, options.order),
      storage_(disk_) {}

scanner::ScanFiles::Request DurableScan::Request() const {
  return {.overwrite = false, .resume = true, .begins = scanner::FirstOctets(options_.format, Columns())};
}

scanner::JournalHeader DurableScan::Header() const {
  return {.identity = {{"--seed", std::to_string(options_.order.seed)}},
          .scan_id = "scan-1",
          .started_at = 1,
          .overwrite = false};
}

std::unique_ptr<scanner::RowSink> DurableScan::MakeSink(netio::StorageFile& file) const {
  return scanner::MakeRowSink(options_.format, Columns(), options_.parquet, file);
}

void DurableScan::AppendRow(const TargetId& target, scanner::RowBlock& block) const {
  const scanner::OpenBlock where = sweep_.At(target.first);
  netio::SimRandom random(target.first * 256 + target.second);
  scanner::RowHeader header;
  const bool ipv4 = where.base.family == scanner::Family::kIpv4;
  header.address_octets = ipv4 ? 4 : 16;
  std::copy_n(where.base.octets.begin(), header.address_octets, header.address.begin());
  header.address[header.address_octets - 1] = target.second;
  header.block = target.first;
  header.offset = target.second;
  header.observed_at = static_cast<int64_t>(random.Below(1'000'000'000'000'000));
  header.ptr_ttl = static_cast<int32_t>(random.Below(86'400));
  header.names = static_cast<uint16_t>(random.Below(3));
  header.verdict = header.names == 0 ? scanner::Verdict::kPermerror : scanner::Verdict::kPass;
  header.reason = header.names == 0 ? scanner::Reason::kNoPtr : scanner::Reason::kConfirmed;
  header.ptr_status = header.names == 0 ? scanner::Status::kNxdomain : scanner::Status::kNoError;
  block.Begin(header);
  for (uint16_t i = 0; i < header.names; ++i) {
    const std::array<uint8_t, 5> name = {3, 'h', static_cast<uint8_t>('a' + i),
                                         static_cast<uint8_t>('a' + random.Below(26)), 0};
    block.AppendName(name);
  }
  block.End();
}

RowsByAddress DurableScan::ExpectedRows(const std::set<TargetId>& targets) const {
  scanner::RowBlock block;
  for (const TargetId& target : targets) AppendRow(target, block);
  scanner::RecordBuilder builder(Columns(), "scan-1");
  scanner::RowView row;
  RowsByAddress rows;
  for (size_t position = 0; block.Read(position, row);) {
    if (filter_.Matches(row.header)) Add(builder.Build(row), rows);
  }
  return rows;
}

std::set<TargetId> DurableScan::AllTargets() const {
  std::set<TargetId> targets;
  for (uint64_t position = 0; position < sweep_.positions(); ++position) {
    const std::optional<scanner::OpenBlock> block = sweep_.InShard(position);
    for (int offset = 0; block && offset < 256; ++offset) {
      const auto octet = static_cast<uint8_t>(offset);
      if (block->targets.Test(octet)) targets.emplace(position, octet);
    }
  }
  return targets;
}

std::set<TargetId> DurableScan::Completed(const scanner::JournalState& state) const {
  const absl::StatusOr<scanner::BlockProgress> progress =
      scanner::BlockProgress::Parse(sweep_, state.progress);
  EXPECT_TRUE(progress.ok()) << progress.status();
  std::set<TargetId> completed = AllTargets();
  if (!progress.ok()) return completed;
  std::erase_if(completed, [&](const TargetId& target) { return target.first >= progress->next(); });
  for (const scanner::OpenBlock& block : progress->Open()) {
    std::erase_if(completed, [&](const TargetId& target) {
      return target.first == block.position && block.targets.Test(target.second);
    });
  }
  EXPECT_EQ(completed.size(), progress->completed());
  EXPECT_EQ(completed.size(), state.counts.completed);
  return completed;
}

RowsByAddress DurableScan::ReadRows(const std::vector<uint8_t>& octets) const {
  RowsByAddress rows;
  // An empty file has no format that a reader could see.
  if (octets.empty()) return rows;
  const NamedFile file(octets, scanner::FormatName(options_.format));
  const absl::StatusOr<std::unique_ptr<scanner::RecordReader>> reader = scanner::OpenRecords(file.path());
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return rows;
  Record record;
  absl::StatusOr<bool> more = (*reader)->Next(record);
  for (; more.ok() && *more; more = (*reader)->Next(record)) Add(record, rows);
  EXPECT_TRUE(more.ok()) << more.status();
  return rows;
}

RunEnd DurableScan::Run(netio::SimRandom& random, uint64_t most) {
  Live live;
  const absl::Status status = Begin(live);
  if (!status.ok()) {
    EXPECT_FALSE(absl::IsFailedPrecondition(status) && !storage_.failed() &&
                 status.message().find("Read-only") == std::string::npos)
        << status;
    return Broken();
  }
  if (live.files->found() == scanner::ScanFiles::Found::kComplete) return RunEnd::kComplete;
  return Sweep(live, random, most);
}

absl::Status DurableScan::Begin(Live& live) {
  absl::StatusOr<std::unique_ptr<scanner::ScanFiles>> files =
      scanner::ScanFiles::FindIn(storage_, kName, kName, Request(), Header());
  if (!files.ok()) return files.status();
  live.files = *std::move(files);
  const std::optional<scanner::JournalState> state = live.files->TakeState();
  live.listener = std::make_unique<Listener>(sweep_);
  if (state) {
    absl::StatusOr<scanner::BlockProgress> progress = scanner::BlockProgress::Parse(sweep_, state->progress);
    if (!progress.ok()) return progress.status();
    live.listener->progress = *std::move(progress);
  }
  scanner::CursorOptions order = options_.order;
  order.start = live.listener->progress.next();
  live.cursor.emplace(blocks_, order, live.listener->progress.Open());
  if (absl::Status status = live.files->Open(); !status.ok()) return status;
  if (live.files->found() == scanner::ScanFiles::Found::kComplete) return absl::OkStatus();
  live.builder.emplace(Columns(), "scan-1");
  scanner::ResultWriter::Parts parts;
  parts.builder = &*live.builder;
  parts.filter = filter_;
  parts.file = &live.files->file();
  parts.journal = live.files->journal();
  parts.listener = live.listener.get();
  parts.make_sink = [this, &live] { return MakeSink(live.files->file()); };
  live.writer.emplace(std::move(parts));
  live.kept_at = now_;
  return state ? live.writer->Resume(*state, now_) : live.writer->Begin(now_);
}

RunEnd DurableScan::Sweep(Live& live, netio::SimRandom& random, uint64_t most) {
  uint64_t left = std::min(most, live.cursor->targets_to_give());
  const bool complete = left == live.cursor->targets_to_give();
  absl::Status status;
  while (status.ok() && left > 0) {
    status = WriteSome(live, random, left);
    if (!status.ok()) break;
    // What is lost when the power fails now was written within an interval and a step.
    EXPECT_LE((now_ - live.kept_at).count(), (scanner::ResultWriter::kInterval + 2 * kLongestStep).count());
    now_ += random.Between(netio::Duration(0), kLongestStep);
    status = live.writer->Tick(now_);
    if (live.listener->kept == live.listener->progress.completed()) live.kept_at = now_;
    if (status.ok()) acknowledged_ = std::max(acknowledged_, live.listener->kept);
  }
  return End(live, status, complete);
}

absl::Status DurableScan::WriteSome(Live& live, netio::SimRandom& random, uint64_t& left) {
  const uint64_t most_open = 1 + random.Below(12);
  scanner::RowBlock block;
  const uint64_t rows = 1 + random.Below(std::min<uint64_t>(left, 120));
  for (uint64_t i = 0; i < rows; ++i, --left, ++asked_) {
    while (live.open.size() < most_open) {
      const std::optional<scanner::OpenBlock> next = live.cursor->Next();
      if (!next) break;
      live.open.push_back(*next);
    }
    const size_t index = random.Below(live.open.size());
    scanner::OpenBlock& from = live.open[index];
    auto offset = static_cast<uint8_t>(random.Next());
    while (!from.targets.Test(offset)) ++offset;
    AppendRow({from.position, offset}, block);
    from.targets.Clear(offset);
    if (from.targets.Empty()) live.open.erase(live.open.begin() + static_cast<std::ptrdiff_t>(index));
  }
  absl::Status status = live.writer->Write(block, now_);
  if (status.ok()) acknowledged_ = std::max(acknowledged_, live.listener->kept);
  return status;
}

RunEnd DurableScan::End(Live& live, absl::Status status, bool complete) {
  if (status.ok()) status = live.writer->Flush(now_);
  if (status.ok()) {
    acknowledged_ = std::max(acknowledged_, live.listener->kept);
    status = live.writer->Finish({});
  }
  if (!status.ok()) {
    live.writer->Salvage({});
    return Broken();
  }
  status = complete ? live.files->Complete() : live.files->Keep();
  if (!status.ok()) return Broken();
  return complete ? RunEnd::kComplete : RunEnd::kInterrupted;
}

void DurableScan::ExpectSound() {
  const std::string journal_name = std::string(kName) + ".journal";
  const std::string partial_name = std::string(kName) + ".partial";
  const bool has_partial = disk_.Exists(partial_name).value();
  if (!has_partial && disk_.Exists(kName).value()) {
    EXPECT_EQ(ReadRows(disk_.Contents(kName).value()), ExpectedRows(AllTargets()));
    return;
  }
  if (!disk_.Exists(journal_name).value()) {
    EXPECT_FALSE(has_partial) << "a file without its journal";
    EXPECT_EQ(acknowledged_, 0U);
    return;
  }
  const absl::StatusOr<std::unique_ptr<scanner::Journal>> journal =
      scanner::Journal::Open({disk_, journal_name, journal_name});
  ASSERT_TRUE(journal.ok()) << journal.status();
  const std::optional<scanner::JournalState> state = (*journal)->TakeState();
  if (!state) {
    EXPECT_EQ(acknowledged_, 0U);
    return;
  }
  const std::set<TargetId> completed = Completed(*state);
  EXPECT_GE(completed.size(), acknowledged_);
  std::vector<uint8_t> durable = disk_.Contents(partial_name).value_or(std::vector<uint8_t>());
  ASSERT_GE(durable.size(), state->length) << "the journal claims what is not there";
  durable.resize(state->length);
  // The same octets elsewhere, finished as a scan would that goes on and finds nothing left to do.
  netio::SimStorage elsewhere;
  const std::unique_ptr<netio::StorageFile> file = elsewhere.Create("copy").value();
  ASSERT_TRUE(file->Append(durable).ok());
  const std::unique_ptr<scanner::RowSink> sink = MakeSink(*file);
  Record record;
  for (std::span<const uint8_t> octets = state->open_records; !octets.empty();) {
    ASSERT_TRUE(scanner::ReadRecordBytes(octets, record));
    ASSERT_TRUE(sink->Write(record).ok());
  }
  ASSERT_TRUE(sink->Finish(**journal, {}).ok());
  EXPECT_EQ(ReadRows(elsewhere.Contents("copy").value()), ExpectedRows(completed));
}

void DurableScan::ExpectReadable() {
  const std::string journal_name = std::string(kName) + ".journal";
  const absl::StatusOr<std::unique_ptr<scanner::Journal>> journal =
      scanner::Journal::Open({disk_, journal_name, journal_name});
  ASSERT_TRUE(journal.ok()) << journal.status();
  const std::optional<scanner::JournalState> state = (*journal)->TakeState();
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(ReadRows(disk_.Contents(std::string(kName) + ".partial").value()),
            ExpectedRows(Completed(*state)));
}

void DurableScan::ExpectComplete() {
  for (const char* left : {".partial", ".journal", ".journal.new"}) {
    EXPECT_FALSE(disk_.Exists(std::string(kName) + left).value()) << left;
  }
  ASSERT_TRUE(disk_.Exists(kName).value());
  EXPECT_EQ(ReadRows(disk_.Contents(kName).value()), ExpectedRows(AllTargets()));
}

}  // namespace sim
