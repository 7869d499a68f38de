#include "scanner/cli/scan_command.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "netio/clock.h"
#include "netio/fallback.h"
#include "scanner/cli/broken_pipe.h"
#include "scanner/cli/complaint.h"
#include "scanner/cli/driver.h"
#include "scanner/cli/dry_run.h"
#include "scanner/cli/open_scan.h"
#include "scanner/cli/progress.h"
#include "scanner/cli/scan_plan.h"
#include "scanner/cli/scan_report.h"
#include "scanner/cli/summary.h"
#include "scanner/sink/scan_files.h"
#include "scanner/sink/sink_thread.h"

namespace scanner {
namespace {

ExitCode Fail(ExitCode code, const absl::Status& status) {
  Complain(status);
  return code;
}

// The first few servers, for a message.
// Where the sweep begins to ask.
std::string ServerNames(const ScanPlan& plan) {
  constexpr size_t kMost = 5;
  std::vector<netio::Endpoint> servers = plan.root_servers;
  for (const PlannedServer& server : plan.servers) servers.push_back(server.endpoint);
  std::string names;
  for (size_t i = 0; i < std::min(kMost, servers.size()); ++i) {
    names += (i == 0 ? "" : ", ") + ServerName(servers[i]);
  }
  if (servers.size() > kMost) names += " and " + std::to_string(servers.size() - kMost) + " more";
  return names;
}

// Over all runs; those that only earlier ones asked come last.
std::vector<ServerReport> ServerReports(const OpenScan& scan) {
  std::vector<ServerReport> reports;
  std::map<std::string, ServerPace::Counts> earlier = scan.earlier().servers;
  const ServerTable& servers = scan.driver().servers();
  for (uint32_t i = 0; i < servers.size(); ++i) {
    const ServerIndex server{i};
    const std::string name = ServerName(servers.endpoint(server));
    ServerPace::Counts counts = servers.pace(server).counts();
    if (const auto found = earlier.extract(name)) Add(found.mapped(), counts);
    reports.push_back({.name = name, .counts = counts, .rtt_us = scan.driver().RttOf(server)});
  }
  for (const auto& [name, counts] : earlier) {
    reports.push_back({.name = name, .counts = counts, .rtt_us = std::nullopt});
  }
  return reports;
}

// What the runs before have counted is added; rows are counted over all of them already.
SweepSnapshot OverAllRuns(SweepSnapshot snapshot, const RunTotals& earlier) {
  Add(earlier.engines, snapshot.engines);
  snapshot.transport.receive_drops += earlier.receive_drops;
  snapshot.elapsed += earlier.elapsed;
  return snapshot;
}

// A status line a second.
class StatusLines {
 public:
  explicit StatusLines(OpenScan& scan) : scan_(scan) {}

  void Update(const SweepSnapshot& snapshot) {
    if (snapshot.elapsed < next_) return;
    next_ = snapshot.elapsed + std::chrono::seconds(1);
    Write(snapshot);
  }
  void Write(const SweepSnapshot& snapshot) {
    if (!scan_.status_file.valid()) return;
    const std::string text = StatusText(scan_.facts, snapshot, netio::WallClockMicros());
    if (const absl::Status status = scan_.status_file.Write(text); !status.ok()) Complain(status);
  }

 private:
  OpenScan& scan_;
  Duration next_{0};
};

// Says once each what the transports do without.
class FallbackLines {
 public:
  FallbackLines(bool verbose, Progress& progress) : verbose_(verbose), progress_(progress) {}

  void Update(netio::FallbackSet fallbacks) {
    if (!verbose_) return;
    for (uint8_t i = 0; i < netio::kFallbacks; ++i) {
      const auto fallback = static_cast<netio::Fallback>(i);
      if (!fallbacks.Has(fallback) || said_.Has(fallback)) continue;
      progress_.Clear();
      Complain(std::string(Describe(fallback)));
      said_.Add(fallback);
    }
  }

 private:
  const bool verbose_;
  Progress& progress_;
  netio::FallbackSet said_;
};

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
std::string WhyEnded(OpenScan& scan, const Outcome& outcome) {
  if (!outcome.written.ok()) {
    const std::string rest = scan.files().journal() != nullptr
                                 ? "; once that is put right, --resume goes on with what is kept"
                                 : "";
    return std::string(outcome.written.message()) + rest;
  }
  std::string rest = outcome.snapshot.counts.completed == 0
                         ? "; nothing was done"
                         : "; what was done is in " + WhereResultsAre(scan.plan, outcome);
  if (outcome.snapshot.counts.completed != 0 && scan.files().journal() != nullptr) {
    rest += ", and --resume goes on";
  }
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
      if (scan.plan.mode == Mode::kAuthoritative) {
        return "no root server answers: " + ServerNames(scan.plan) + "; check that port " +
               std::to_string(scan.plan.dns_port) + " can be reached, or name others with --root-hints";
      }
      return "no resolver answers: " + ServerNames(scan.plan) +
             "; check the addresses or name others with --resolver";
    case SweepEnd::kSilence:
      if (scan.plan.mode == Mode::kAuthoritative) return "no server has answered for 120 seconds" + rest;
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

Outcome Sweep(OpenScan& scan, StatusLines& status_lines) {
  const bool show =
      scan.plan.progress == ProgressMode::kAlways ||
      (scan.plan.progress == ProgressMode::kAuto && !scan.options.quiet && isatty(STDERR_FILENO) != 0);
  Progress progress(show, scan.facts.targets, scan.writer().counts().completed, scan.earlier().elapsed);
  FallbackLines fallback_lines(scan.options.verbose, progress);
  SinkThread sink(scan.driver().rows(), scan.writer());
  Outcome outcome;
  outcome.end = scan.driver().Run(sink, [&](const SweepSnapshot& snapshot) {
    const SweepSnapshot all = OverAllRuns(snapshot, scan.earlier());
    progress.Update(all);
    status_lines.Update(all);
    fallback_lines.Update(all.transport.fallbacks);
  });
  outcome.written = sink.Join();
  outcome.snapshot = OverAllRuns(scan.driver().Snapshot(sink), scan.earlier());
  fallback_lines.Update(outcome.snapshot.transport.fallbacks);
  return outcome;
}

// Gives the results their name, or makes what there is a file that can be read as it is.
absl::Status CloseOutput(OpenScan& scan, const Outcome& outcome, int64_t ended_at) {
  ScanFiles& files = scan.files();
  const FileFacts facts = FactsOfFile(scan.facts, scan.options, ended_at);
  absl::Status status = outcome.written;
  const bool complete = outcome.end == SweepEnd::kComplete;
  const bool nothing = !complete && outcome.snapshot.counts.completed == 0;
  if (status.ok() && nothing && files.journal() != nullptr) return files.Discard();
  if (status.ok()) status = scan.writer().Finish(facts);
  if (!status.ok()) {
    scan.writer().Salvage(facts);
    return status;
  }
  return complete ? files.Complete() : files.Keep();
}

void PrintSummary(const OpenScan& scan, const Outcome& outcome, const std::vector<ServerReport>& servers) {
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

ExitCode RunSweep(OpenScan& scan) {
  if (scan.options.verbose && !scan.driver().notice().empty()) Complain(scan.driver().notice());
  StatusLines status_lines(scan);
  Outcome outcome = Sweep(scan, status_lines);
  if (!outcome.written.ok() && scan.plan.output == "-" && ReaderIsGone()) EndByBrokenPipe();
  const int64_t ended_at = netio::WallClockMicros();
  outcome.written = CloseOutput(scan, outcome, ended_at);

  const std::vector<ServerReport> servers = ServerReports(scan);
  status_lines.Write(outcome.snapshot);
  absl::Status described;
  if (scan.metadata_file.valid()) {
    described =
        scan.metadata_file.Write(MetadataText(scan.facts, scan.options, outcome.snapshot, servers, ended_at));
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
  OpenScan scan(*std::move(plan), options);
  if (options.dry_run) {
    const DryRunFacts facts{.excluded = scan.facts.excluded, .reserved = scan.facts.reserved};
    std::fputs(DryRunText(scan.plan, facts, scan.sweep()).c_str(), stderr);
    return ExitCode::kComplete;
  }
  if (const absl::Status status = scan.Prepare(); !status.ok()) {
    return Fail(absl::IsUnavailable(status) ? ExitCode::kCannotGoOn : ExitCode::kBadUsage, status);
  }
  // All that was asked for is right; what fails now is the disk's fault.
  if (const absl::Status status = scan.OpenFiles(); !status.ok()) {
    return Fail(ExitCode::kCannotGoOn, status);
  }
  if (scan.files().found() == ScanFiles::Found::kComplete) {
    if (!options.quiet) Complain(scan.plan.output + " is complete already");
    return ExitCode::kComplete;
  }
  return RunSweep(scan);
}

}  // namespace scanner
