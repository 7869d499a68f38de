// What a row costs as Parquet, from the row block to the octets of the file, and how long it is: a million
// rows of arpasim's Internet, all columns. With a directory as its argument it also leaves there what it
// wrote, and the same rows as CSV, for a comparison with others (parquet_against_duckdb).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/discard_file.h"
#include "netio/file_storage.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/result_words.h"
#include "tools/arpasim/core/model.h"
#include "tools/arpasim/core/truth.h"

namespace scanner {
namespace {

constexpr uint32_t kFirst = uint32_t{10} << 24;  // 10.0.0.0/12
constexpr uint32_t kBlocks = 4096;
constexpr uint32_t kBlockRows = 256;
constexpr uint32_t kRows = kBlocks * kBlockRows;
// Answers that came in together: they have the time of one burst, and mostly its round trip.
constexpr uint32_t kBurst = 64;

class NoRowGroups final : public RowGroupLog {
 public:
  uint64_t row_groups() const override { return 0; }
  absl::Status ForEach(Visit /*visit*/) const override { return absl::OkStatus(); }
};

// From presentation form, with `\DDD`.
std::vector<uint8_t> Wire(std::string_view name) {
  std::vector<uint8_t> wire;
  size_t label = 0;  // Where its length is.
  if (name != ".") wire.push_back(0);
  for (size_t i = 0; name != "." && i < name.size(); ++i) {
    if (name[i] == '.') {
      label = wire.size();
      wire.push_back(0);
      continue;
    }
    const bool escaped = name[i] == '\\';
    wire.push_back(static_cast<uint8_t>(escaped ? std::stoi(std::string(name.substr(i + 1, 3))) : name[i]));
    if (escaped) i += 3;
    ++wire[label];
  }
  wire.push_back(0);
  return wire;
}

template <typename Enum, typename Name>
Enum Find(std::string_view word, uint32_t count, const Name& name) {
  for (uint32_t i = 0; i < count; ++i) {
    if (name(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  std::abort();  // arpasim's words are those of results.
}

Status StatusOf(std::string_view word) {
  constexpr uint32_t kStatuses = static_cast<uint32_t>(Status::kLoop) + 1;
  std::array<char, 16> scratch;
  // Outcomes first: RCODEs without a mnemonic are many.
  const auto name = [&scratch](Status status) { return ToString(status, scratch); };
  for (uint32_t i = static_cast<uint32_t>(Status::kNodata); i < kStatuses; ++i) {
    if (name(static_cast<Status>(i)) == word) return static_cast<Status>(i);
  }
  return Find<Status>(word, kStatuses, name);
}

RowHeader HeaderOf(const arpasim::TruthRow& truth, uint32_t position) {
  RowHeader header;
  arpasim::WriteOctets(truth.address, header.address.data());
  header.server = {127, 0, 0, 1};
  header.server_octets = 4;
  const uint32_t burst = position / kBurst;
  header.observed_at = 1'769'904'000'000'000 + int64_t{burst} * 97;
  header.rtt_us = static_cast<int32_t>(160 + burst * 2654435761U % 128 + (position % 16 == 0 ? 40 : 0));
  header.attempts = 1;
  header.verdict = truth.verdict.empty() ? Verdict::kNone : *VerdictOf(truth.verdict);
  header.reason = truth.reason.empty() ? Reason::kNone : *ReasonOf(truth.reason);
  header.ptr_status = StatusOf(truth.ptr_status);
  header.has_forward_status = !truth.forward_status.empty();
  if (header.has_forward_status) header.forward_status = StatusOf(truth.forward_status);
  if (truth.ptr_ttl) header.ptr_ttl = static_cast<int32_t>(*truth.ptr_ttl);
  if (truth.forward_ttl) header.forward_ttl = static_cast<int32_t>(*truth.forward_ttl);
  if (truth.ede) header.ede = *truth.ede;
  if (truth.authoritative) header.authoritative = *truth.authoritative ? 1 : 0;
  header.authenticated = 0;
  for (const std::string_view flag : truth.flags) {
    header.flags |= Bit(Find<Flag>(flag, kFlags, [](Flag f) { return ToString(f); }));
  }
  header.names = static_cast<uint16_t>(truth.names.size());
  for (size_t i = 0; i < truth.names.size(); ++i) {
    if (std::ranges::count(truth.confirmed_names, truth.names[i]) != 0) header.confirmed |= uint64_t{1} << i;
  }
  header.forward_addresses = static_cast<uint32_t>(truth.forward_addresses.size());
  header.has_alias_target = !truth.alias_target.empty();
  header.has_zone = !truth.zone.empty();
  return header;
}

void AppendTruth(const arpasim::TruthRow& truth, uint32_t position, RowBlock& block) {
  block.Begin(HeaderOf(truth, position));
  for (const std::string& name : truth.names) block.AppendName(Wire(name));
  for (const arpasim::Address& address : truth.forward_addresses) {
    std::array<uint8_t, 16> octets;
    block.AppendAddress(std::span(octets).first(arpasim::WriteOctets(address, octets.data())));
  }
  if (!truth.alias_target.empty()) block.AppendName(Wire(truth.alias_target));
  if (!truth.zone.empty()) block.AppendName(Wire(truth.zone));
  block.End();
}

// The offsets of the addresses in the order of their rows.
std::vector<uint32_t> Order(bool scan) {
  std::vector<uint32_t> order(kRows);
  std::iota(order.begin(), order.end(), 0);
  if (!scan) return order;
  // Every block is open, and any of them is the next to give its next address.
  std::vector<uint32_t> blocks(kRows);
  for (uint32_t i = 0; i < kRows; ++i) blocks[i] = i % kBlocks;
  std::ranges::shuffle(blocks, std::mt19937(1));
  std::vector<uint32_t> next(kBlocks);
  for (uint32_t i = 0; i < kRows; ++i) order[i] = blocks[i] * kBlockRows + next[blocks[i]]++;
  return order;
}

// A million rows of a sweep; made once for each order.
const std::vector<std::unique_ptr<RowBlock>>& Blocks(bool scan) {
  static std::array<std::vector<std::unique_ptr<RowBlock>>, 2> kept;
  std::vector<std::unique_ptr<RowBlock>>& blocks = kept[scan ? 1 : 0];
  if (!blocks.empty()) return blocks;
  const arpasim::Model model(0, arpasim::Mix::Internet());
  uint32_t position = 0;
  for (const uint32_t offset : Order(scan)) {
    if (blocks.empty() || !blocks.back()->HasRoom()) blocks.push_back(std::make_unique<RowBlock>());
    const arpasim::Address address{.v6 = false, .high = 0, .low = kFirst + offset};
    AppendTruth(arpasim::TruthOf(model, {}, address), position++, *blocks.back());
  }
  return blocks;
}

absl::Status Write(bool scan, OutputFormat format, const ParquetOptions& options, netio::StorageFile& file) {
  RecordBuilder builder(AllColumns(), "0123456789abcdef");
  const std::unique_ptr<RowSink> sink = MakeRowSink(format, AllColumns(), options, file);
  if (absl::Status status = sink->Begin(); !status.ok()) return status;
  RowView row;
  for (const std::unique_ptr<RowBlock>& block : Blocks(scan)) {
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
  (void)Blocks(scan);
  uint64_t size = 0;
  for ([[maybe_unused]] auto _ : state) {
    bench::DiscardFile file;
    if (!Write(scan, {.kind = kind}, options, file).ok()) state.SkipWithError("write failed");
    size = file.Size().value();
  }
  const auto rows = static_cast<double>(kRows);
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
