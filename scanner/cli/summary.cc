#include "scanner/cli/summary.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "scanner/cli/human_text.h"

namespace scanner {
namespace {

// `text` at the left or right of `width` columns.
std::string Left(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}
std::string Right(const std::string& text, size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

constexpr size_t kLabel = 24;
constexpr size_t kCount = 14;
constexpr size_t kShare = 9;

std::string CountLine(const std::string& label, uint64_t count, uint64_t whole, const std::string& of) {
  return "  " + Left(label, kLabel) + Right(Grouped(count), kCount) + Right(Percent(count, whole), kShare) +
         (of.empty() ? "" : " " + of) + "\n";
}

uint64_t Count(const SinkCounts& counts, Verdict verdict) {
  return counts.verdicts[static_cast<size_t>(verdict)];
}

uint64_t Count(const SinkCounts& counts, Status status) {
  const auto found = counts.ptr_statuses.find(status);
  return found == counts.ptr_statuses.end() ? 0 : found->second;
}

std::string Outcome(SweepEnd end) {
  switch (end) {
    case SweepEnd::kComplete:
      return "complete";
    case SweepEnd::kInterrupted:
      return "interrupted";
    case SweepEnd::kMaxTargets:
      return "stopped at --max-targets";
    case SweepEnd::kMaxRuntime:
      return "stopped at --max-runtime";
    case SweepEnd::kNobodyAnswers:
    case SweepEnd::kSilence:
    case SweepEnd::kWriteFailed:
      return "failed";
  }
  return {};
}

std::string Head(const SummaryFacts& facts, const SweepSnapshot& snapshot) {
  const uint64_t completed = snapshot.counts.completed;
  std::string text = Outcome(facts.end) + ": " + Grouped(completed);
  if (completed != facts.scan.targets) text += " of " + Grouped(facts.scan.targets);
  text += " targets in " + Elapsed(snapshot.elapsed);
  const double seconds = std::chrono::duration<double>(snapshot.elapsed).count();
  if (completed > 0 && seconds > 0) {
    text += ", " + Grouped(static_cast<uint64_t>(static_cast<double>(completed) / seconds)) + " a second";
  }
  if (facts.scan.excluded != 0) text += "; " + Grouped(facts.scan.excluded) + " excluded";
  if (facts.scan.reserved != 0) text += "; " + Grouped(facts.scan.reserved) + " reserved, left out";
  return text + "\n\n";
}

std::string Lead(const SummaryFacts& facts, const SinkCounts& counts) {
  const uint64_t all = counts.completed;
  std::string text = CountLine("with a PTR", counts.found, all, "");
  if (facts.forward)
    text += CountLine("FCrDNS (pass)", Count(counts, Verdict::kPass), counts.found, "of those");
  text += CountLine("transient", Count(counts, Verdict::kTemperror), all, "");
  text += CountLine("NXDOMAIN", Count(counts, Status::kNxdomain), all, "");
  return text + CountLine("NODATA", Count(counts, Status::kNodata), all, "");
}

std::string Reasons(const SinkCounts& counts) {
  std::string text = "\n";
  for (size_t i = 0; i < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (counts.reasons[i] == 0) continue;
    const std::string label =
        reason == Reason::kNone ? "not confirmed, as asked" : std::string(ToString(reason));
    text += CountLine(label, counts.reasons[i], counts.completed, "");
  }
  return text + CountLine("all", counts.completed, counts.completed, "");
}

std::string Ratio(uint64_t part, uint64_t whole) {
  std::array<char, 32> text;
  const int length =
      std::snprintf(text.data(), text.size(), "%.2f", static_cast<double>(part) / static_cast<double>(whole));
  return {text.data(), static_cast<size_t>(length)};
}

std::string Packets(const SweepSnapshot& snapshot) {
  const EngineStats& engines = snapshot.engines;
  std::string text = "\n  sent      " + Grouped(engines.packets_sent) + " packets";
  if (snapshot.counts.completed != 0) {
    text += ", " + Ratio(engines.packets_sent, snapshot.counts.completed) + " a target";
  }
  text += "; " + Grouped(engines.retries) + " retries, " + Grouped(engines.tcp) + " over TCP\n";
  text += "  received  " + Grouped(engines.packets_received) + "; " + Grouped(engines.unsolicited) +
          " unsolicited, " + Grouped(engines.mismatched) + " mismatched, " + Grouped(engines.late) +
          " late, " + Grouped(snapshot.transport.receive_drops) + " dropped by the kernel\n";
  return text;
}

std::string Servers(const std::vector<ServerReport>& servers) {
  size_t width = 6;
  for (const ServerReport& server : servers) width = std::max(width, server.name.size());
  std::string text = "\n  " + Left("server", width);
  for (const char* title : {"sent", "answered", "lost", "refused*", "unreach.", "rtt"})
    text += Right(title, 12);
  text += "\n";
  for (const ServerReport& server : servers) {
    text += "  " + Left(server.name, width);
    for (const uint64_t count : {server.counts.sent, server.counts.answered, server.counts.lost,
                                 server.counts.pushed_back, server.counts.unreachable}) {
      text += Right(Grouped(count), 12);
    }
    const std::string rtt =
        server.rtt_us ? Ratio(static_cast<uint64_t>(*server.rtt_us), 1000) + " ms" : std::string("-");
    text += Right(rtt, 12) + "\n";
  }
  return text + "  * REFUSED or SERVFAIL\n";
}

}  // namespace

std::string SummaryText(const SummaryFacts& facts, const SweepSnapshot& snapshot,
                        const std::vector<ServerReport>& servers) {
  std::string text =
      Head(facts, snapshot) + Lead(facts, snapshot.counts) + Reasons(snapshot.counts) + Packets(snapshot);
  text += "  results   " + facts.results + ", " + Grouped(snapshot.counts.rows) + " rows\n";
  if (!servers.empty()) text += Servers(servers);
  return text;
}

}  // namespace scanner
