// parquet_matrix_writer DIRECTORY: writes the files that independent readers are to agree on, each as Parquet
// and as CSV of the same rows, and cases.json, which says what there is.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/file_storage.h"
#include "netio/storage.h"
#include "nlohmann/json.hpp"
#include "scanner/sink/columns.h"
#include "scanner/sink/csv_sink.h"
#include "scanner/sink/parquet_sink.h"
#include "scanner/sink/row_sink.h"
#include "tests/parquet/matrix_row.h"
#include "tests/parquet/matrix_rows.h"

namespace matrix {
namespace {

using scanner::Column;
using scanner::ColumnKind;

constexpr uint32_t kDefaultGroup = 122'880;
constexpr uint64_t kMutantRows = 129;

struct Case {
  std::string name;
  Content content;
  uint64_t rows;
  uint32_t row_group_rows = kDefaultGroup;
  bool bloom_filter = true;
  bool checkpoints = false;  // As a scan takes them, whenever the sink wants one.
  std::string fields = {};   // Empty: all columns.
};

std::vector<Case> Cases() {
  return {
      {.name = "rows_0", .content = Content::kMixed, .rows = 0},
      {.name = "rows_1", .content = Content::kMixed, .rows = 1},
      {.name = "rows_2", .content = Content::kMixed, .rows = 2},
      {.name = "rows_127", .content = Content::kMixed, .rows = 127},
      {.name = "rows_128", .content = Content::kMixed, .rows = 128},
      {.name = "rows_129", .content = Content::kMixed, .rows = 129},
      {.name = "rows_20480", .content = Content::kMixed, .rows = 20'480},
      {.name = "rows_20481", .content = Content::kMixed, .rows = 20'481},
      {.name = "rows_122880", .content = Content::kSweep, .rows = kDefaultGroup},
      {.name = "rows_122881", .content = Content::kSweep, .rows = kDefaultGroup + 1},
      {.name = "rows_1000000", .content = Content::kSweep, .rows = 1'000'000, .checkpoints = true},
      {.name = "nulls_1", .content = Content::kNulls, .rows = 1},
      {.name = "nulls_20481", .content = Content::kNulls, .rows = 20'481},
      {.name = "no_nulls_129", .content = Content::kNoNulls, .rows = 129},
      {.name = "no_nulls_70000", .content = Content::kNoNulls, .rows = 70'000},
      {.name = "extremes", .content = Content::kExtremes, .rows = kExtremeRows},
      {.name = "results_129", .content = Content::kResults, .rows = 129},
      {.name = "results_20481", .content = Content::kResults, .rows = 20'481},
      {.name = "groups_of_1000", .content = Content::kMixed, .rows = 10'001, .row_group_rows = 1000},
      {.name = "groups_and_checkpoints",
       .content = Content::kSweep,
       .rows = 10'000,
       .row_group_rows = 1000,
       .checkpoints = true},
      {.name = "groups_of_1", .content = Content::kExtremes, .rows = 5, .row_group_rows = 1},
      {.name = "groups_of_122880",
       .content = Content::kSweep,
       .rows = 2 * kDefaultGroup + 1,
       .fields = "address,verdict,names,rtt_us,observed_at,ipv4"},
      {.name = "no_bloom",
       .content = Content::kMixed,
       .rows = 3000,
       .row_group_rows = 1000,
       .bloom_filter = false},
      {.name = "two_fields", .content = Content::kMixed, .rows = 1000, .fields = "address,names"},
      {.name = "other_order",
       .content = Content::kMixed,
       .rows = 1000,
       .fields = "scan_id,observed_at,flags,ipv4,authenticated,address,verdict,rtt_us"},
      {.name = "no_address", .content = Content::kMixed, .rows = 1000, .fields = "names,asn,verdict"},
  };
}

scanner::FileFacts FactsOf(const Case& made) {
  return {{"schema_version", "1"},
          {"version", "0.1.0"},
          {"scan_id", "0123456789abcdef"},
          {"options", R"({"targets":["198.18.0.0/15"],"note":"\"quoted\", and a comma"})"},
          {"seed", "18446744073709551615"},
          {"shard", "0/1"},
          {"started_at", "2026-01-01T00:00:00.000000Z"},
          {"ended_at", "2026-01-01T00:01:40.000000Z"},
          {"case", made.name},
          {"empty", ""}};
}

// What a journal would keep.
class KeptRowGroups final : public scanner::RowGroupLog {
 public:
  void Add(std::vector<std::vector<uint8_t>> row_groups) {
    for (std::vector<uint8_t>& row_group : row_groups) kept_.push_back(std::move(row_group));
  }
  uint64_t row_groups() const override { return kept_.size(); }
  absl::Status ForEach(Visit visit) const override {
    for (const std::vector<uint8_t>& row_group : kept_) {
      if (absl::Status status = visit(row_group); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::vector<uint8_t>> kept_;
};

// A sink, and what it is given besides rows.
class SinkRun {
 public:
  SinkRun(std::unique_ptr<scanner::RowSink> sink, bool checkpoints)
      : sink_(std::move(sink)), checkpoints_(checkpoints) {}

  absl::Status Begin() { return sink_->Begin(); }
  absl::Status Write(const scanner::Record& record) {
    if (absl::Status status = sink_->Write(record); !status.ok()) return status;
    if (!checkpoints_ || !sink_->WantsCheckpoint()) return absl::OkStatus();
    scanner::SinkCheckpoint checkpoint;
    if (absl::Status status = sink_->Checkpoint(scanner::CheckpointScope::kSinceLast, checkpoint);
        !status.ok()) {
      return status;
    }
    log_.Add(std::move(checkpoint.row_groups));
    return absl::OkStatus();
  }
  absl::Status Finish(const scanner::FileFacts& facts) { return sink_->Finish(log_, facts); }

 private:
  std::unique_ptr<scanner::RowSink> sink_;
  const bool checkpoints_;
  KeptRowGroups log_;
};

absl::Status WriteCase(const Case& made, netio::Storage& storage) {
  std::vector<Column> columns = scanner::AllColumns();
  if (!made.fields.empty()) {
    absl::StatusOr<std::vector<Column>> chosen = scanner::ParseFields(made.fields);
    if (!chosen.ok()) return chosen.status();
    columns = *std::move(chosen);
  }
  const auto parquet_file = storage.Create(made.name + ".parquet");
  if (!parquet_file.ok()) return parquet_file.status();
  const auto csv_file = storage.Create(made.name + ".csv");
  if (!csv_file.ok()) return csv_file.status();
  const scanner::ParquetOptions options = {
      .row_group_rows = made.row_group_rows,
      .bloom_filter = made.bloom_filter,
  };
  SinkRun parquet(std::make_unique<scanner::ParquetSink>(columns, options, **parquet_file), made.checkpoints);
  SinkRun csv(std::make_unique<scanner::CsvSink>(columns, std::make_unique<scanner::PlainStream>(**csv_file)),
              false);

  if (absl::Status status = parquet.Begin(); !status.ok()) return status;
  if (absl::Status status = csv.Begin(); !status.ok()) return status;
  MatrixRow row;
  scanner::Record record;
  for (uint64_t i = 0; i < made.rows; ++i) {
    MakeRow(made.content, i, row);
    row.Fill(record);
    if (absl::Status status = parquet.Write(record); !status.ok()) return status;
    if (absl::Status status = csv.Write(record); !status.ok()) return status;
  }
  if (absl::Status status = parquet.Finish(FactsOf(made)); !status.ok()) return status;
  return csv.Finish({});
}

nlohmann::json Described(const Case& made) {
  return {{"name", made.name},
          {"rows", made.rows},
          {"row_group_rows", made.row_group_rows},
          // Else the octets of a row group may end it before.
          {"fills_row_groups", !made.fields.empty() || made.row_group_rows < kDefaultGroup},
          {"bloom_filter", made.bloom_filter},
          {"facts", FactsOf(made)}};
}

// ---- Mutants: the rows of one case, but for one value ----

enum class Mutation : uint8_t { kChanged, kRemoved };

// False where there is nothing to change.
bool Mutate(Mutation mutation, Column column, MatrixRow& row) {
  Cell& cell = row.cell(column);
  const ColumnKind kind = scanner::Info(column).kind;
  if (kind == ColumnKind::kList ? cell.items.empty() : cell.null) return false;
  if (mutation == Mutation::kRemoved) {
    cell.null = true;
    cell.items.clear();
    return true;
  }
  switch (kind) {
    case ColumnKind::kList:
      cell.items.back() += "x";
      break;
    case ColumnKind::kString:
      cell.text += "x";
      break;
    case ColumnKind::kBoolean:
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
    case ColumnKind::kTimestamp:
      cell.number ^= 1;
      break;
  }
  return true;
}

absl::StatusOr<nlohmann::json> WriteMutant(Mutation mutation, Column column, netio::Storage& storage) {
  const std::string name = std::string(mutation == Mutation::kChanged ? "changed_" : "removed_") +
                           std::string(scanner::Info(column).name);
  const auto file = storage.Create(name + ".parquet");
  if (!file.ok()) return file.status();
  scanner::ParquetSink sink(scanner::AllColumns(), scanner::ParquetOptions{}, **file);
  if (absl::Status status = sink.Begin(); !status.ok()) return status;
  MatrixRow row;
  scanner::Record record;
  std::string mutated;
  for (uint64_t i = 0; i < kMutantRows; ++i) {
    MakeRow(Content::kMixed, i, row);
    const std::string address = row.cell(Column::kAddress).text;
    if (mutated.empty() && i > kMutantRows / 2 && Mutate(mutation, column, row)) mutated = address;
    row.Fill(record);
    if (absl::Status status = sink.Write(record); !status.ok()) return status;
  }
  if (mutated.empty()) return absl::InternalError(name + ": no row has a value to change");
  if (absl::Status status = sink.Finish(KeptRowGroups(), {}); !status.ok()) return status;
  return nlohmann::json{{"name", name}, {"column", scanner::Info(column).name}, {"address", mutated}};
}

absl::StatusOr<nlohmann::json> WriteMutants(netio::Storage& storage) {
  nlohmann::json mutants = nlohmann::json::array();
  for (const Mutation mutation : {Mutation::kChanged, Mutation::kRemoved}) {
    for (const Column column : scanner::AllColumns()) {
      if (mutation == Mutation::kRemoved && column == Column::kAddress) continue;  // It is required.
      absl::StatusOr<nlohmann::json> mutant = WriteMutant(mutation, column, storage);
      if (!mutant.ok()) return mutant.status();
      mutants.push_back(*std::move(mutant));
    }
  }
  return mutants;
}

absl::Status WriteAll(const std::string& directory) {
  const absl::StatusOr<std::unique_ptr<netio::FileStorage>> storage =
      netio::FileStorage::OpenDirectory(directory);
  if (!storage.ok()) return storage.status();
  nlohmann::json cases = nlohmann::json::array();
  for (const Case& made : Cases()) {
    if (absl::Status status = WriteCase(made, **storage); !status.ok()) return status;
    cases.push_back(Described(made));
  }
  absl::StatusOr<nlohmann::json> mutants = WriteMutants(**storage);
  if (!mutants.ok()) return mutants.status();
  std::ofstream manifest(directory + "/cases.json");
  // Of the rows of which case the mutants are.
  manifest << nlohmann::json{{"cases", cases}, {"mutants_of", "rows_129"}, {"mutants", *mutants}}.dump(1)
           << '\n';
  manifest.close();
  return manifest ? absl::OkStatus() : absl::UnavailableError(directory + "/cases.json cannot be written");
}

}  // namespace
}  // namespace matrix

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: parquet_matrix_writer DIRECTORY\n";
    return EXIT_FAILURE;
  }
  if (const absl::Status status = matrix::WriteAll(argv[1]); !status.ok()) {
    std::cerr << status << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
