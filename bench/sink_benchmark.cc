// What one row costs the sink's thread, step by step, for rows as a sweep brings them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/discard_file.h"
#include "bench/internet_rows.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/row_filter.h"
#include "scanner/sink/sink_counts.h"

namespace scanner {
namespace {

std::vector<uint8_t> Wire(std::string_view name) {
  std::vector<uint8_t> wire;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    wire.push_back(static_cast<uint8_t>(label.size()));
    wire.insert(wire.end(), label.begin(), label.end());
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  wire.push_back(0);
  return wire;
}

// One IPv4 row with `names` names and as many forward addresses, and everything else that a row can have.
std::unique_ptr<RowBlock> MakeBlock(uint16_t names) {
  auto block = std::make_unique<RowBlock>();
  const std::vector<uint8_t> zone = Wire("18.198.in-addr.arpa");
  for (uint32_t i = 0; block->HasRoom(); ++i) {
    RowHeader header;
    header.address = {198, 18, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    header.server = {192, 0, 2, 53};
    header.server_octets = 4;
    header.observed_at = 1'769'904'000'000'000 + int64_t{i} * 10;
    header.names = names;
    header.forward_addresses = names;
    header.confirmed = names != 0 ? 1 : 0;
    header.verdict = names != 0 ? Verdict::kPass : Verdict::kPermerror;
    header.reason = names != 0 ? Reason::kConfirmed : Reason::kNoPtr;
    header.ptr_status = names != 0 ? Status::kNoError : Status::kNxdomain;
    header.has_forward_status = names != 0;
    header.forward_status = Status::kNoError;
    header.ptr_ttl = 86400;
    header.forward_ttl = 3600;
    header.attempts = 1;
    header.rtt_us = 12345;
    header.has_zone = true;
    header.authoritative = 1;
    header.authenticated = 0;
    block->Begin(header);
    for (uint16_t n = 0; n < names; ++n) {
      block->AppendName(Wire("host-" + std::to_string(i + n) + ".customer.example.net"));
    }
    for (uint16_t n = 0; n < names; ++n) block->AppendAddress(std::span(header.address).first(4));
    block->AppendName(zone);
    block->End();
  }
  return block;
}

// What rows there are: as many names each, or those of the Internet.
constexpr int64_t kInternet = -1;

std::span<const std::unique_ptr<RowBlock>> BlocksOf(int64_t kind) {
  if (kind == kInternet) return bench::InternetRows(/*scan=*/true);
  static std::map<int64_t, std::unique_ptr<RowBlock>> blocks;
  std::unique_ptr<RowBlock>& block = blocks[kind];
  if (block == nullptr) block = MakeBlock(static_cast<uint16_t>(kind));
  return {&block, 1};
}

// Calls `use` with every row, over and over; it returns false where it fails.
template <typename Use>
void Run(benchmark::State& state, const Use& use) {
  const std::span<const std::unique_ptr<RowBlock>> blocks = BlocksOf(state.range(0));
  RowView row;
  uint64_t rows = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (const std::unique_ptr<RowBlock>& block : blocks) {
      rows += block->rows();
      for (size_t position = 0; block->Read(position, row);) {
        if (!use(row)) return state.SkipWithError("writing failed");
      }
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(rows));
  state.counters["time_per_row"] = benchmark::Counter(
      static_cast<double>(rows), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Each does what the one before does, and more.
void BM_Read(benchmark::State& state) {
  Run(state, [](const RowView& row) {
    benchmark::DoNotOptimize(&row);
    return true;
  });
}

void BM_Build(benchmark::State& state) {
  RecordBuilder builder(AllColumns(), "0123456789abcdef");
  Run(state, [&builder](const RowView& row) {
    benchmark::DoNotOptimize(&builder.Build(row));
    return true;
  });
}

void WriteAs(benchmark::State& state, OutputFormat format) {
  bench::DiscardFile file;
  const std::unique_ptr<RowSink> sink = MakeRowSink(format, AllColumns(), file);
  RecordBuilder builder(AllColumns(), "0123456789abcdef");
  Run(state, [&](const RowView& row) { return sink->Write(builder.Build(row)).ok(); });
}

void BM_Csv(benchmark::State& state) { WriteAs(state, {OutputFormat::Kind::kCsv, false}); }
void BM_Ndjson(benchmark::State& state) { WriteAs(state, {OutputFormat::Kind::kNdjson, false}); }
void BM_CsvZstd(benchmark::State& state) { WriteAs(state, {OutputFormat::Kind::kCsv, true}); }

// All that the sink's thread does with a row, apart from the file.
void BM_Counted(benchmark::State& state) {
  bench::DiscardFile file;
  const std::unique_ptr<RowSink> sink = MakeRowSink({}, AllColumns(), file);
  RecordBuilder builder(AllColumns(), "0123456789abcdef");
  const RowFilter filter;
  SinkCounts counts;
  Run(state, [&](const RowView& row) {
    const bool wanted = filter.Matches(row.header);
    counts.Add(row.header, wanted);
    return !wanted || sink->Write(builder.Build(row)).ok();
  });
}

void Kinds(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("names")->Arg(0)->Arg(1)->Arg(4)->Arg(kInternet);
}

BENCHMARK(BM_Read)->Apply(Kinds);
BENCHMARK(BM_Build)->Apply(Kinds);
BENCHMARK(BM_Csv)->Apply(Kinds);
BENCHMARK(BM_Ndjson)->Apply(Kinds);
BENCHMARK(BM_CsvZstd)->ArgName("names")->Arg(1);
BENCHMARK(BM_Counted)->Apply(Kinds);

}  // namespace
}  // namespace scanner

BENCHMARK_MAIN();
