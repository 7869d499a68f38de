#include "scanner/cli/open_scan.h"

#include <cstdlib>
#include <tuple>
#include <utility>

#include "netio/clock.h"
#include "netio/file_storage.h"
#include "scanner/cli/resolv_conf.h"
#include "scanner/sink/output_format.h"

namespace scanner {
namespace {

absl::Status ForOutput(const absl::Status& status) {
  return {absl::IsUnavailable(status) ? status.code() : absl::StatusCode::kInvalidArgument,
          "--output: " + std::string(status.message())};
}

std::string TemporaryDirectory() {
  const char* const named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

}  // namespace

std::string ServerName(const netio::Endpoint& endpoint) {
  return endpoint.port == kDnsPort ? netio::ToAddressString(endpoint) : netio::ToString(endpoint);
}

OpenScan::OpenScan(ScanPlan planned, const ScanOptions& typed)
    : options(typed),
      plan(std::move(planned)),
      facts{.scan_id = plan.scan_id,
            .seed = plan.cursor.seed,
            .shard = plan.cursor.shard,
            .shards = plan.cursor.shards,
            .excluded = plan.targets.excluded(),
            .reserved = plan.targets.reserved()},
      blocks_(std::move(plan.targets)),
      sweep_(blocks_, plan.cursor),
      ledger_(sweep_) {
  facts.targets = sweep_.shard_targets();
}

absl::Status OpenScan::Prepare() {
  if (absl::Status status = FindFiles(); !status.ok()) return status;
  if (files_->found() == ScanFiles::Found::kComplete) return absl::OkStatus();
  CursorOptions order = plan.cursor;
  order.start = ledger_.progress().next();
  cursor_.emplace(blocks_, order, ledger_.progress().Open());
  absl::StatusOr<std::unique_ptr<Driver>> driver = Driver::Open(plan, *cursor_);
  if (!driver.ok()) return driver.status();
  driver_ = *std::move(driver);
  return OpenSideFiles();
}

absl::Status OpenScan::FindFiles() {
  facts.started_at = netio::WallClockMicros();
  const ScanFiles::Request request{
      .overwrite = plan.overwrite, .resume = plan.resume, .begins = FirstOctets(plan.format, plan.columns)};
  const JournalHeader header{.identity = plan.identity,
                             .scan_id = plan.scan_id,
                             .started_at = facts.started_at,
                             .overwrite = plan.overwrite};
  absl::StatusOr<std::unique_ptr<ScanFiles>> files = ScanFiles::Find(plan.output, request, header);
  if (!files.ok()) return ForOutput(files.status());
  files_ = *std::move(files);
  facts.started_at = files_->header().started_at;
  state_ = files_->TakeState();
  if (!state_ || files_->found() != ScanFiles::Found::kInterrupted) return absl::OkStatus();
  if (const absl::Status status = ledger_.Resume(*state_); !status.ok()) {
    return ForOutput(absl::DataLossError(plan.output +
                                         ".journal is damaged: " + std::string(status.message()) +
                                         "; bring a good copy back, or start afresh with --overwrite"));
  }
  return absl::OkStatus();
}

absl::Status OpenScan::OpenSideFiles() {
  for (const auto& [file, option, path] : {std::tuple(&metadata_file, "--metadata-file", &plan.metadata_file),
                                           std::tuple(&status_file, "--status-file", &plan.status_file)}) {
    if (path->empty()) continue;
    absl::StatusOr<SideFile> side = SideFile::Create(option, *path);
    if (!side.ok()) return side.status();
    *file = *std::move(side);
  }
  return absl::OkStatus();
}

absl::Status OpenScan::OpenFiles() {
  if (absl::Status status = files_->Open(); !status.ok()) return status;
  if (files_->found() == ScanFiles::Found::kComplete) return absl::OkStatus();
  if (absl::Status status = MakeWriter(); !status.ok()) return status;
  opened_ = netio::MonotonicNow();
  ledger_.Watch([this] { return Totals(); });
  if (state_) {
    absl::Status status = writer_->Resume(*state_, opened_);
    state_.reset();
    return status;
  }
  absl::Status status = writer_->Begin(opened_);
  if (!status.ok()) files_->Discard().IgnoreError();  // The first error is the one that tells.
  return status;
}

absl::Status OpenScan::MakeWriter() {
  if (plan.format.kind == OutputFormat::Kind::kParquet && files_->journal() == nullptr) {
    absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = netio::CreateUnnamedFile(TemporaryDirectory());
    if (!file.ok()) return file.status();
    spool_.emplace(*std::move(file));
  }
  builder_.emplace(plan.columns, plan.scan_id);
  writer_.emplace(ResultWriter::Parts{
      .builder = &*builder_,
      .filter = plan.filter,
      .file = &files_->file(),
      .journal = files_->journal(),
      .spool = spool_ ? &*spool_ : nullptr,
      .listener = &ledger_,
      .make_sink = [this] { return MakeRowSink(plan.format, plan.columns, plan.parquet, files_->file()); }});
  return absl::OkStatus();
}

RunTotals OpenScan::Totals() const {
  const SweepSnapshot snapshot = driver_->EngineSnapshot();
  RunTotals totals{.engines = snapshot.engines,
                   .receive_drops = snapshot.transport.receive_drops,
                   .elapsed = netio::MonotonicNow() - opened_,
                   .servers = {}};
  const ServerTable& servers = driver_->servers();
  for (uint32_t i = 0; i < servers.size(); ++i) {
    const ServerIndex server{i};
    totals.servers.emplace(ServerName(servers.endpoint(server)), servers.pace(server).counts());
  }
  return totals;
}

}  // namespace scanner
