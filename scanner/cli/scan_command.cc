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
  if (!output.ok()) return output.status();
  scan.output = *std::move(output);
  scan.sink = MakeRowSink(scan.plan.format, scan.plan.columns, scan.plan.scan_id, scan.output->file());
  return scan.sink->Begin();
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
    if (!scan_.status.valid() || snapshot.elapsed < next_) return;
    next_ = snapshot.elapsed + std::chrono::seconds(1);
    Write(snapshot);
  }
  void Write(const SweepSnapshot& snapshot) {
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

std::string WhereResultsAre(const ScanPlan& plan, bool complete) {
  if (plan.output == "-") return "standard output";
  return complete ? plan.output : plan.output + ".partial";
}

// The line that says why a sweep ended early; empty where the summary says enough.
std::string WhyEnded(SweepEnd end, const Scan& scan, const absl::Status& written) {
  if (!written.ok()) return std::string(written.message());
  switch (end) {
    case SweepEnd::kComplete:
    case SweepEnd::kWriteFailed:
      return {};
    case SweepEnd::kInterrupted:
      return "interrupted; what was done is in " + WhereResultsAre(scan.plan, false);
    case SweepEnd::kMaxTargets:
      return "stopped at --max-targets; what was done is in " + WhereResultsAre(scan.plan, false);
    case SweepEnd::kMaxRuntime:
      return "stopped at --max-runtime; what was done is in " + WhereResultsAre(scan.plan, false);
    case SweepEnd::kNobodyAnswers:
      return "no resolver answers: " + ServerNames(scan.plan) + "; check the addresses or use --resolver";
    case SweepEnd::kSilence:
      return "no resolver has answered for 120 seconds: " + ServerNames(scan.plan) +
             "; what was done is in " + WhereResultsAre(scan.plan, false);
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

ExitCode Sweep(Scan& scan) {
  const bool quiet = scan.options.quiet;
  if (!quiet && !scan.driver->notice().empty()) Complain(scan.driver->notice());
  const bool show = scan.plan.progress == ProgressMode::kAlways ||
                    (scan.plan.progress == ProgressMode::kAuto && !quiet && isatty(STDERR_FILENO) != 0);
  scan.facts.started_at = netio::WallClockMicros();
  Progress progress(show, scan.facts.targets);
  StatusLines status_lines(scan);
  SinkThread sink(scan.driver->rows(), *scan.sink, scan.plan.filter, nullptr);
  const SweepEnd end = scan.driver->Run(sink, [&](const SweepSnapshot& snapshot) {
    progress.Update(snapshot);
    status_lines.Update(snapshot);
  });
  absl::Status written = sink.Join();
  progress.Clear();
  if (!written.ok() && ReaderIsGone(scan.plan)) EndByBrokenPipe();
  if (written.ok()) written = end == SweepEnd::kComplete ? scan.output->Complete() : scan.output->Keep();

  const SweepSnapshot snapshot = scan.driver->Snapshot(sink);
  const std::vector<ServerReport> servers = ServerReports(*scan.driver);
  if (scan.status.valid()) status_lines.Write(snapshot);
  const absl::Status described =
      scan.metadata.Write(scan.metadata.valid() ? MetadataText(scan.facts, scan.options, snapshot, servers,
                                                               netio::WallClockMicros())
                                                : std::string());
  if (!quiet) {
    const SummaryFacts facts{
        .scan = scan.facts,
        .end = written.ok() ? end : SweepEnd::kWriteFailed,
        .forward = scan.plan.forward,
        .results = WhereResultsAre(scan.plan, end == SweepEnd::kComplete && written.ok())};
    const bool table = scan.options.verbose;
    std::fputs(SummaryText(facts, snapshot, table ? servers : std::vector<ServerReport>()).c_str(), stderr);
  }
  if (const std::string why = WhyEnded(end, scan, written); !why.empty()) Complain(why);
  if (!described.ok()) Complain(described);
  if (!written.ok() || !described.ok()) return ExitCode::kCannotGoOn;
  return CodeOf(end, scan.plan, snapshot.counts);
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
  return Sweep(scan);
}

}  // namespace scanner
