#include "scanner/cli/conversion.h"

#include <algorithm>
#include <utility>

#include "netio/file_storage.h"
#include "scanner/cli/schema_version.h"
#include "scanner/sink/open_records.h"

namespace scanner {
namespace {

bool Has(const std::vector<Column>& columns, Column column) {
  return std::ranges::find(columns, column) != columns.end();
}

}  // namespace

Conversion::Conversion(const ConvertPlan& plan)
    : plan_(plan),
      sorter_(plan.sorting, [&plan] { return netio::CreateUnnamedFile(plan.spill_directory); }) {}

ExitCode Conversion::End(ExitCode code, const absl::Status& why) {
  why_ = why;
  return code;
}

ExitCode Conversion::Run() {
  absl::StatusOr<std::unique_ptr<OutputFile>> output = OutputFile::Find(plan_.output, plan_.overwrite);
  if (!output.ok()) {
    return End(ExitCode::kBadUsage,
               absl::InvalidArgumentError("--output: " + std::string(output.status().message())));
  }
  output_ = *std::move(output);
  const ExitCode read = ReadInputs();
  return read == ExitCode::kComplete ? WriteOutput() : read;
}

ExitCode Conversion::ReadInputs() {
  for (const std::string& path : plan_.inputs) {
    const ExitCode read = ReadInput(path);
    if (read != ExitCode::kComplete) return read;
  }
  if (const absl::Status status = sorter_.Finish(); !status.ok()) return End(ExitCode::kCannotGoOn, status);
  return ExitCode::kComplete;
}

ExitCode Conversion::ReadInput(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<RecordReader>> input = OpenRecords(path);
  if (!input.ok()) return End(ExitCode::kBadUsage, input.status());
  if (const absl::Status status = CheckColumns(**input); !status.ok())
    return End(ExitCode::kBadUsage, status);
  AddColumns((*input)->columns());
  AgreeOnFacts((*input)->facts());
  ++inputs_read_;
  Record record;
  for (;;) {
    if (stopped()) return ExitCode::kInterrupted;
    const absl::StatusOr<bool> there = (*input)->Next(record);
    if (!there.ok()) return End(ExitCode::kBadUsage, there.status());
    if (!*there) return ExitCode::kComplete;
    ++counts_.read;
    if (const absl::Status status = sorter_.Add(record); !status.ok())
      return End(ExitCode::kCannotGoOn, status);
  }
}

absl::Status Conversion::CheckColumns(const RecordReader& input) const {
  for (const Column column : AllColumns()) {
    if (!plan_.filter.Needs(column) || Has(input.columns(), column)) continue;
    return absl::InvalidArgumentError("--only judges by the column " + std::string(Info(column).name) +
                                      ", which " + input.name() + " does not have");
  }
  return absl::OkStatus();
}

void Conversion::AddColumns(const std::vector<Column>& columns) {
  if (inputs_read_ == 0) columns_ = columns;
  if (columns_ == columns) return;
  std::vector<Column> all;
  for (const Column column : AllColumns()) {
    if (Has(columns_, column) || Has(columns, column)) all.push_back(column);
  }
  columns_ = std::move(all);
}

void Conversion::AgreeOnFacts(const FileFacts& facts) {
  if (inputs_read_ == 0) facts_ = facts;
  std::erase_if(facts_, [&facts](const auto& fact) { return std::ranges::find(facts, fact) == facts.end(); });
}

FileFacts Conversion::Facts() const {
  FileFacts facts = {{"schema_version", std::to_string(kSchemaVersion)}, {"version", ARPASWEEP_VERSION}};
  for (const auto& fact : facts_) {
    if (fact.first != "schema_version" && fact.first != "version") facts.push_back(fact);
  }
  return facts;
}

ExitCode Conversion::WriteOutput() {
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> spool = netio::CreateUnnamedFile(plan_.spill_directory);
  if (!spool.ok()) return End(ExitCode::kCannotGoOn, spool.status());
  RowGroupSpool row_groups(*std::move(spool));
  has_file_ = output_->named();
  if (const absl::Status status = output_->Create(); !status.ok()) {
    return End(absl::IsAlreadyExists(status) ? ExitCode::kBadUsage : ExitCode::kCannotGoOn, status);
  }
  const std::unique_ptr<RowSink> sink = MakeRowSink(
      plan_.format, plan_.columns.empty() ? columns_ : plan_.columns, plan_.parquet, output_->file());
  absl::Status status = sink->Begin();
  if (status.ok()) status = WriteRows(*sink, row_groups);
  if (status.ok() && !stopped()) status = sink->Finish(row_groups, Facts());
  if (status.ok() && !stopped()) {
    status = output_->Complete();
    if (status.ok()) return ExitCode::kComplete;
  }
  const absl::Status removed = output_->Discard();
  if (status.ok() && removed.ok()) return ExitCode::kInterrupted;
  return End(ExitCode::kCannotGoOn, status.ok() ? removed : status);
}

absl::Status Conversion::WriteRows(RowSink& sink, RowGroupSpool& row_groups) {
  Record record;
  while (!stopped()) {
    const absl::StatusOr<bool> there = sorter_.Next(record);
    if (!there.ok()) return there.status();
    if (!*there) break;
    if (!plan_.filter.Matches(record)) continue;
    if (absl::Status status = sink.Write(record); !status.ok()) return status;
    ++counts_.written;
    if (!sink.WantsCheckpoint()) continue;
    SinkCheckpoint checkpoint;
    if (absl::Status status = sink.Checkpoint(CheckpointScope::kSinceLast, checkpoint); !status.ok()) {
      return status;
    }
    if (absl::Status status = row_groups.Append(checkpoint.row_groups); !status.ok()) return status;
  }
  counts_.replaced = sorter_.replaced();
  return absl::OkStatus();
}

}  // namespace scanner
