// What a row costs as Parquet, from the row block to the octets of the file, and how long it is: a million
// rows of arpasim's Internet, all columns. With a directory as its argument it also leaves there what it
// wrote, and the same rows as CSV, for a comparison with others (parquet_against_duckdb).
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "bench/discard_file.h"
#include "bench/internet_rows.h"
#include "netio/file_storage.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/record_builder.h"

namespace scanner {
namespace {

class NoRowGroups final : public RowGroupLog {
 public:
  uint64_t row_groups() const override { return 0; }
  absl::Status ForEach(Visit /*visit*/) const override { return absl::OkStatus(); }
};

absl::Status Write(bool scan, OutputFormat format, const ParquetOptions& options, netio::StorageFile& file) {
  RecordBuilder builder(AllColumns(), "0123456789abcdef");
  const std::unique_ptr<RowSink> sink = MakeRowSink(format, AllColumns(), options, file);
  if (absl::Status status = sink->Begin(); !status.ok()) return status;
  RowView row;
  for (const std::unique_ptr<RowBlock>& block : bench::InternetRows(scan)) {
    for (size_t position = 0; block->Read(position, row);) {
      if (absl::Status status = sink->Write(builder.Build(row)); !status.ok()) return status;
    }
  }
  SinkCheckpoint checkpoint;
  if (format.kind != OutputFormat::Kind::kParquet) return sink->Checkpoint(CheckpointScope::kAll, checkpoint);
  return sink->Finish(NoRowGroups(), {});
}

void Run(benchmark::State& state, bool scan, OutputFormat::Kind kind) {
  const ParquetOptions options{.bloom_filter = state.range(0) != 0};
  (void)bench::InternetRows(scan);
  uint64_t size = 0;
  for ([[maybe_unused]] auto _ : state) {
    bench::DiscardFile file;
    if (!Write(scan, {.kind = kind}, options, file).ok()) state.SkipWithError("write failed");
    size = file.Size().value();
  }
  const auto rows = static_cast<double>(bench::kInternetRows);
  state.counters["time_per_row"] =
      benchmark::Counter(rows, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["bytes_per_row"] = static_cast<double>(size) / rows;
}

void BM_ParquetInAddressOrder(benchmark::State& state) { Run(state, false, OutputFormat::Kind::kParquet); }
void BM_ParquetInScanOrder(benchmark::State& state) { Run(state, true, OutputFormat::Kind::kParquet); }

BENCHMARK(BM_ParquetInAddressOrder)->ArgName("bloom")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ParquetInScanOrder)->ArgName("bloom")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

absl::Status Leave(const std::string& path) {
  for (const bool scan : {false, true}) {
    for (const OutputFormat::Kind kind : {OutputFormat::Kind::kCsv, OutputFormat::Kind::kParquet}) {
      const std::string name =
          std::string(scan ? "scan" : "address") + (kind == OutputFormat::Kind::kCsv ? ".csv" : ".parquet");
      auto storage = netio::FileStorage::OpenDirectory(path);
      if (!storage.ok()) return storage.status();
      auto file = (*storage)->Create(name);
      if (!file.ok()) return file.status();
      absl::Status status = Write(scan, {.kind = kind}, {.bloom_filter = false}, **file);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace scanner

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc > 1) {
    const absl::Status status = scanner::Leave(argv[1]);
    if (!status.ok()) {
      std::fprintf(stderr, "parquet_benchmark: %s\n", status.ToString().c_str());
      return 1;
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
