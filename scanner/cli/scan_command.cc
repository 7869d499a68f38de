#include "scanner/cli/scan_command.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "netio/clock.h"
#include "scanner/cli/complaint.h"
#include "scanner/cli/driver.h"
#include "scanner/cli/dry_run.h"
#include "scanner/cli/progress.h"
#include "scanner/cli/resolv_conf.h"
#include "scanner/cli/scan_plan.h"
#include "scanner/cli/scan_report.h"
#include "scanner/cli/side_file.h"
#include "scanner/cli/summary.h"
#include "scanner/sink/output_file.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/row_sink.h"

namespace scanner {
namespace {

ExitCode Fail(ExitCode code, const absl::Status& status) {
  Complain(status);
  return code;
}

std::string ServerName(const netio::Endpoint& endpoint) {
  return endpoint.port == kDnsPort ? netio::ToAddressString(endpoint) : netio::ToString(endpoint);
}

// The first few servers, for a message.
std::string ServerNames(const ScanPlan& plan) {
  constexpr size_t kMost = 5;
  std::string names;
  for (size_t i = 0; i < std::min(kMost, plan.servers.size()); ++i) {
    names += (i == 0 ? "" : ", ") + ServerName(plan.servers[i].endpoint);
  }
  if (plan.servers.size() > kMost) names += " and " + std::to_string(plan.servers.size() - kMost) + " more";
  return names;
}

// Everything that a scan holds open while it runs.
struct Scan {
  Scan(ScanPlan planned, const ScanOptions& typed)
      : options(typed),
        plan(std::move(planned)),
        facts{.scan_id = plan.scan_id,
              .seed = plan.cursor.seed,
              .shard = plan.cursor.shard,
              .shards = plan.cursor.shards,
              .excluded = plan.targets.excluded(),
              .reserved = plan.targets.reserved()},
        blocks(std::move(plan.targets)),
        cursor(blocks, plan.cursor) {
    facts.targets = cursor.shard_targets();
  }

  const ScanOptions& options;
  ScanPlan plan;  // Its targets have gone into `blocks`.
  ScanFacts facts;
  BlockSet blocks;
  BlockCursor cursor;
  SideFile metadata;
  SideFile status;
  std::unique_ptr<Driver> driver;
  std::unique_ptr<OutputFile> output;
  std::unique_ptr<RowSink> sink;
};

// Everything that can be refused before the first packet.
absl::Status OpenScan(Scan& scan) {
  absl::StatusOr<std::unique_ptr<Driver>> driver = Driver::Open(scan.plan, scan.cursor);
  if (!driver.ok()) return driver.status();
  scan.driver = *std::move(driver);
  for (const auto& [file, option, path] :
       {std::tuple(&scan.metadata, "--metadata-file", &scan.plan.metadata_file),
        std::tuple(&scan.status, "--status-file", &scan.plan.status_file)}) {
    if (path->empty()) continue;
    absl::StatusOr<SideFile> side = SideFile::Create(option, *path);
    if (!side.ok()) return side.status();
    *file = *std::move(side);
  }
  absl::StatusOr<std::unique_ptr<OutputFile>> output =
      OutputFile::Create(scan.plan.output, scan.plan.overwrite);
  if (!output.ok()) {
    return absl::InvalidArgumentError("--output: " + std::string(output.status().message()));
  }
  scan.output = *std::move(output);
  scan.sink = MakeRowSink(scan.plan.format, scan.plan.columns, scan.output->file());
  absl::Status status = scan.sink->Begin();
  if (!status.ok()) scan.output->Discard().IgnoreError();  // The first error is the one that tells.
  return status;
}

std::vector<ServerReport> ServerReports(const Driver& driver) {
  std::vector<ServerReport> reports;
  const ServerTable& servers = driver.servers();
  for (uint32_t i = 0; i < servers.size(); ++i) {
    const ServerIndex server{i};
    reports.push_back({.name = ServerName(servers.endpoint(server)),
                       .counts = servers.pace(server).counts(),
                       .rtt_us = driver.RttOf(server)});
  }
  return reports;
}

// A status line a second.
class StatusLines {
 public:
  explicit StatusLines(Scan& scan) : scan_(scan) {}

  void Update(const SweepSnapshot& snapshot) {
    if (snapshot.elapsed < next_) return;
    next_ = snapshot.elapsed + std::chrono::seconds(1);
    Write(snapshot);
  }
  void Write(const SweepSnapshot& snapshot) {
    if (!scan_.status.valid()) return;
    const std::string text = StatusText(scan_.facts, snapshot, netio::WallClockMicros());
    if (const absl::Status status = scan_.status.Write(text); !status.ok()) Complain(status);
  }

 private:
  Scan& scan_;
  Duration next_{0};
};

// Whether standard output is a pipe that nobody reads any more.
bool ReaderIsGone(const ScanPlan& plan) {
  if (plan.output != "-") return false;
  pollfd out{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

// What became of a sweep and its results.
struct Outcome {
  SweepEnd end;
  absl::Status written;
  SweepSnapshot snapshot;

  bool Renamed() const { return end == SweepEnd::kComplete && written.ok(); }
};

std::string WhereResultsAre(const ScanPlan& plan, const Outcome& outcome) {
  if (plan.output == "-") return "standard output";
  return outcome.Renamed() ? plan.output : plan.output + ".partial";
}

// The line that says why a sweep ended early; empty for one that is complete.
std::string WhyEnded(const Scan& scan, const Outcome& outcome) {
  if (!outcome.written.ok()) return std::string(outcome.written.message());
  const std::string rest = outcome.snapshot.counts.completed == 0
                               ? "; nothing was done"
                               : "; what was done is in " + WhereResultsAre(scan.plan, outcome);
  switch (outcome.end) {
    case SweepEnd::kComplete:
    case SweepEnd::kWriteFailed:
      return {};
    case SweepEnd::kInterrupted:
      return "interrupted" + rest;
    case SweepEnd::kMaxTargets:
      return "stopped at --max-targets" + rest;
    case SweepEnd::kMaxRuntime:
      return "stopped at --max-runtime" + rest;
    case SweepEnd::kNobodyAnswers:
      return "no resolver answers: " + ServerNames(scan.plan) +
             "; check the addresses or name others with --resolver";
    case SweepEnd::kSilence:
      return "no resolver has answered for 120 seconds: " + ServerNames(scan.plan) + rest;
  }
  return {};
}

ExitCode CodeOf(SweepEnd end, const ScanPlan& plan, const SinkCounts& counts) {
  switch (end) {
    case SweepEnd::kComplete: {
      const auto temperrors = static_cast<double>(counts.verdicts[static_cast<size_t>(Verdict::kTemperror)]);
      const bool many = temperrors > plan.max_temperror * static_cast<double>(counts.completed);
      return many ? ExitCode::kManyTemperrors : ExitCode::kComplete;
    }
    case SweepEnd::kInterrupted:
    case SweepEnd::kMaxTargets:
    case SweepEnd::kMaxRuntime:
      return ExitCode::kInterrupted;
    case SweepEnd::kNobodyAnswers:
    case SweepEnd::kSilence:
    case SweepEnd::kWriteFailed:
      return ExitCode::kCannotGoOn;
  }
  return ExitCode::kCannotGoOn;
}

// Ends the process as the system would have, had the signal not been ignored.
[[noreturn]] void EndByBrokenPipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  std::abort();
}

Outcome Sweep(Scan& scan, StatusLines& status_lines) {
  const bool show =
      scan.plan.progress == ProgressMode::kAlways ||
      (scan.plan.progress == ProgressMode::kAuto && !scan.options.quiet && isatty(STDERR_FILENO) != 0);
  Progress progress(show, scan.facts.targets);
  RecordBuilder builder(scan.plan.columns, scan.plan.scan_id);
  SinkThread sink(scan.driver->rows(), builder, *scan.sink, scan.plan.filter, nullptr);
  Outcome outcome;
  outcome.end = scan.driver->Run(sink, [&](const SweepSnapshot& snapshot) {
    progress.Update(snapshot);
    status_lines.Update(snapshot);
  });
  outcome.written = sink.Join();
  outcome.snapshot = scan.driver->Snapshot(sink);
  return outcome;
}

// Gives the results their name, or keeps what there is.
absl::Status CloseOutput(OutputFile& output, const Outcome& outcome) {
  if (outcome.end == SweepEnd::kComplete) return output.Complete();
  return outcome.snapshot.counts.completed == 0 ? output.Discard() : output.Keep();
}

void PrintSummary(const Scan& scan, const Outcome& outcome, const std::vector<ServerReport>& servers) {
  if (scan.options.quiet || (outcome.snapshot.counts.completed == 0 && outcome.end != SweepEnd::kComplete)) {
    return;
  }
  const SummaryFacts facts{.scan = scan.facts,
                           .end = outcome.written.ok() ? outcome.end : SweepEnd::kWriteFailed,
                           .forward = scan.plan.forward,
                           .results = WhereResultsAre(scan.plan, outcome)};
  const bool table = scan.options.verbose;
  std::fputs(SummaryText(facts, outcome.snapshot, table ? servers : std::vector<ServerReport>()).c_str(),
             stderr);
}

ExitCode RunSweep(Scan& scan) {
  if (!scan.options.quiet && !scan.driver->notice().empty()) Complain(scan.driver->notice());
  scan.facts.started_at = netio::WallClockMicros();
  StatusLines status_lines(scan);
  Outcome outcome = Sweep(scan, status_lines);
  if (!outcome.written.ok() && ReaderIsGone(scan.plan)) EndByBrokenPipe();
  if (outcome.written.ok()) outcome.written = CloseOutput(*scan.output, outcome);

  const std::vector<ServerReport> servers = ServerReports(*scan.driver);
  status_lines.Write(outcome.snapshot);
  absl::Status described;
  if (scan.metadata.valid()) {
    described = scan.metadata.Write(
        MetadataText(scan.facts, scan.options, outcome.snapshot, servers, netio::WallClockMicros()));
  }
  PrintSummary(scan, outcome, servers);
  if (const std::string why = WhyEnded(scan, outcome); !why.empty()) Complain(why);
  if (!described.ok()) Complain(described);
  if (!outcome.written.ok() || !described.ok()) return ExitCode::kCannotGoOn;
  return CodeOf(outcome.end, scan.plan, outcome.snapshot.counts);
}

}  // namespace

ExitCode RunScan(const ScanOptions& options) {
  absl::StatusOr<ScanPlan> plan = PlanScan(options, std::cin);
  if (!plan.ok()) return Fail(ExitCode::kBadUsage, plan.status());
  Scan scan(*std::move(plan), options);
  if (options.dry_run) {
    const DryRunFacts facts{.excluded = scan.facts.excluded, .reserved = scan.facts.reserved};
    std::fputs(DryRunText(scan.plan, facts, scan.cursor).c_str(), stderr);
    return ExitCode::kComplete;
  }
  if (const absl::Status status = OpenScan(scan); !status.ok()) return Fail(ExitCode::kBadUsage, status);
  return RunSweep(scan);
}

}  // namespace scanner
