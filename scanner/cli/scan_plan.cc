#include "scanner/cli/scan_plan.h"

#include <algorithm>
#include <initializer_list>
#include <thread>
#include <utility>

#include "scanner/cli/human_text.h"
#include "scanner/cli/plain_address.h"
#include "scanner/cli/resolv_conf.h"
#include "scanner/cli/scan_id.h"
#include "scanner/cli/target_input.h"

namespace scanner {
namespace {

constexpr uint64_t kDefaultRate = 10'000;
constexpr uint64_t kDefaultBurst = 64;
constexpr uint64_t kMaxWindow = 65'536;
// Ethernet's; what is offered beyond it needs larger receive buffers.
constexpr size_t kOrdinaryDatagram = 1472;

using Text = ScanOptions::Text;

absl::Status Refuse(const std::string& option, const std::string& text, const std::string& expected) {
  return absl::InvalidArgumentError(option + ": " + Quoted(text) + " is not " + expected);
}

// A message about the value of `option` that does not name it yet.
absl::Status For(const std::string& option, const absl::Status& status) {
  return absl::InvalidArgumentError(option + ": " + std::string(status.message()));
}

// Reads `text` into `out`, which keeps its value where there is none.
template <typename Number>
absl::Status ReadNumber(const std::string& option, const Text& text, const NumberLimits& limits,
                        Number& out) {
  if (!text) return absl::OkStatus();
  const absl::StatusOr<uint64_t> number = ParseNumber(option, *text, limits);
  if (!number.ok()) return number.status();
  out = static_cast<Number>(*number);
  return absl::OkStatus();
}

absl::Status ReadRate(const std::string& option, const Text& text, std::optional<uint64_t>& out) {
  if (!text) return absl::OkStatus();
  const absl::StatusOr<uint64_t> rate = ParseRate(option, *text);
  if (!rate.ok()) return rate.status();
  out = *rate;
  return absl::OkStatus();
}

// `words` are the choices, `out` becomes the position of the one that `text` is.
absl::Status ReadWord(const std::string& option, const Text& text, std::initializer_list<const char*> words,
                      size_t& out) {
  if (!text) return absl::OkStatus();
  const auto* const found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) {
    out = static_cast<size_t>(found - words.begin());
    return absl::OkStatus();
  }
  std::string choices;
  for (const char* word : words) choices.append(choices.empty() ? "one of " : ", ").append(word);
  return Refuse(option, *text, choices);
}

absl::Status PlanOrder(const ScanOptions& options, ScanPlan& plan) {
  size_t order = 0;
  if (absl::Status status = ReadWord("--order", options.order, {"random", "sequential"}, order);
      !status.ok()) {
    return status;
  }
  plan.cursor.order = order == 0 ? Order::kRandom : Order::kSequential;
  if (absl::Status status = ReadNumber("--seed", options.seed, {}, plan.cursor.seed); !status.ok()) {
    return status;
  }
  if (options.shard) {
    const absl::StatusOr<Shard> shard = ParseShard("--shard", *options.shard);
    if (!shard.ok()) return shard.status();
    plan.cursor.shard = shard->index;
    plan.cursor.shards = shard->of;
  }
  if (options.max_targets) {
    const absl::StatusOr<TargetLimit> limit = ParseTargetLimit("--max-targets", *options.max_targets);
    if (!limit.ok()) return limit.status();
    plan.max_targets = *limit;
  }
  if (options.max_runtime) {
    constexpr NumberLimits kRuntime{.least = 1, .most = 366ULL * 86'400};
    const absl::StatusOr<uint64_t> seconds = ParseNumber("--max-runtime", *options.max_runtime, kRuntime);
    if (!seconds.ok()) return seconds.status();
    plan.max_runtime = std::chrono::seconds(*seconds);
  }
  return absl::OkStatus();
}

absl::Status PlanPolicy(const ScanOptions& options, ScanPlan& plan) {
  LookupPolicy& policy = plan.policy;
  policy.recursion_desired = !options.no_recurse;
  policy.mix_case = options.mix_case;
  policy.cookies = !options.no_cookies;
  plan.forward = !options.no_forward;
  // Twice as many charges and one must stay below the 32 asks.
  constexpr NumberLimits kRetries{.least = 0, .most = 15};
  constexpr NumberLimits kTimeout{.least = 1, .most = 60'000};
  constexpr NumberLimits kEdnsSize{.least = 512, .most = 4096};  // RFC 6891 section 6.2.3 and 6.2.5.
  uint32_t milliseconds = 0;
  for (const absl::Status& status :
       {ReadNumber("--retries", options.retries, kRetries, policy.retries),
        ReadNumber("--timeout", options.timeout, kTimeout, milliseconds),
        ReadNumber("--edns-size", options.edns_size, kEdnsSize, policy.edns_size)}) {
    if (!status.ok()) return status;
  }
  if (milliseconds != 0) policy.timeout = std::chrono::milliseconds(milliseconds);
  plan.transport.max_datagram = std::max<size_t>(kOrdinaryDatagram, policy.edns_size);
  return absl::OkStatus();
}

absl::Status PlanServers(const ScanOptions& options, ScanPlan& plan) {
  uint32_t burst = kDefaultBurst;
  std::optional<uint64_t> rate;
  std::optional<uint64_t> server_rate;
  uint32_t window = 0;
  for (const absl::Status& status :
       {ReadRate("--rate", options.rate, rate), ReadRate("--server-rate", options.server_rate, server_rate),
        ReadNumber("--burst", options.burst, {.least = 1, .most = 10'000}, burst),
        ReadNumber("--window", options.window, {.least = 1, .most = kMaxWindow}, window)}) {
    if (!status.ok()) return status;
  }
  const absl::StatusOr<std::vector<Resolver>> resolvers = FindResolvers(options, "/etc/resolv.conf");
  if (!resolvers.ok()) return resolvers.status();
  // Rates are for the whole sweep (SPEC section 4).
  const auto limits = [&](uint64_t of_sweep) {
    return Gcra::Limits{.packets_per_second = static_cast<double>(of_sweep) / plan.cursor.shards,
                        .burst = burst};
  };
  plan.total = limits(rate.value_or(kDefaultRate));
  for (const Resolver& resolver : *resolvers) {
    plan.servers.push_back({.endpoint = resolver.endpoint,
                            .limits = {.budget = limits(server_rate.value_or(resolver.DefaultRate())),
                                       .max_window = window != 0 ? window : resolver.DefaultWindow()}});
  }
  // The engines share what --window allows.
  if (window != 0) {
    plan.engines = std::min(plan.engines, window);
    plan.policy.window = window / plan.engines;
  }
  return absl::OkStatus();
}

absl::Status PlanEngines(const ScanOptions& options, ScanPlan& plan) {
  plan.engines = std::max(2U, std::thread::hardware_concurrency()) - 1;
  constexpr NumberLimits kThreads{.least = 1, .most = 256};
  if (absl::Status status = ReadNumber("--threads", options.threads, kThreads, plan.engines); !status.ok()) {
    return status;
  }
  size_t io = 0;
  if (absl::Status status = ReadWord("--io", options.io, {"auto", "uring", "mmsg"}, io); !status.ok()) {
    return status;
  }
  plan.io = static_cast<netio::IoMode>(io);
  return absl::OkStatus();
}

// Local addresses and ports, for the families that the servers have.
absl::Status PlanSockets(const ScanOptions& options, ScanPlan& plan) {
  constexpr uint16_t kPorts = 16;
  const auto wanted = [&](netio::Family family) {
    return std::any_of(plan.servers.begin(), plan.servers.end(),
                       [&](const PlannedServer& server) { return server.endpoint.family == family; });
  };
  plan.sockets.ipv4_ports = wanted(netio::Family::kIpv4) ? kPorts : 0;
  plan.sockets.ipv6_ports = wanted(netio::Family::kIpv6) ? kPorts : 0;
  for (const std::string& text : options.sources) {
    const std::optional<netio::Endpoint> source = ParsePlainAddress(text, kDnsPort);
    if (!source) return Refuse("--source", text, "an address of this machine");
    const bool ipv4 = source->family == netio::Family::kIpv4;
    if (!wanted(source->family)) {
      return absl::InvalidArgumentError("--source: " + Quoted(text) + ": no resolver is " +
                                        (ipv4 ? "IPv4" : "IPv6") +
                                        "; leave it out or name one with --resolver");
    }
    std::optional<netio::Endpoint>& slot = ipv4 ? plan.sockets.ipv4_source : plan.sockets.ipv6_source;
    if (slot) {
      return absl::InvalidArgumentError("--source: " + Quoted(text) +
                                        " is a second address of its family; give one of each");
    }
    slot = source;
  }
  return absl::OkStatus();
}

absl::Status PlanOutput(const ScanOptions& options, ScanPlan& plan) {
  plan.output = options.output.value_or("-");
  plan.overwrite = options.overwrite;
  plan.resume = options.resume;
  if (plan.resume && plan.overwrite) {
    return absl::InvalidArgumentError(
        "--resume goes on with what is there and --overwrite starts afresh; give one of them");
  }
  if (plan.resume && plan.output == "-") {
    return absl::InvalidArgumentError(
        "--resume: standard output cannot be gone on with; name a file with -o");
  }
  if (absl::Status status = ReadNumber("--row-group-rows", options.row_group_rows, kRowGroupRowsLimits,
                                       plan.parquet.row_group_rows);
      !status.ok()) {
    return status;
  }
  plan.parquet.bloom_filter = !options.no_bloom;
  const absl::StatusOr<OutputFormat> format =
      options.format ? ParseFormat(*options.format) : FormatOf(plan.output);
  if (!format.ok()) return For(options.format ? "--format" : "--output", format.status());
  plan.format = *format;
  plan.columns = AllColumns();
  if (options.fields) {
    absl::StatusOr<std::vector<Column>> columns = ParseFields(*options.fields);
    if (!columns.ok()) return For("--fields", columns.status());
    plan.columns = *std::move(columns);
  }
  if (options.only) {
    const absl::StatusOr<RowFilter> filter = RowFilter::Parse(*options.only);
    if (!filter.ok()) return For("--only", filter.status());
    plan.filter = *filter;
  }
  if (options.max_temperror) {
    const absl::StatusOr<double> share = ParsePercent("--max-temperror", *options.max_temperror);
    if (!share.ok()) return share.status();
    plan.max_temperror = *share;
  }
  size_t progress = 0;
  absl::Status status = ReadWord("--progress", options.progress, {"auto", "always", "never"}, progress);
  plan.progress = static_cast<ProgressMode>(progress);
  return status;
}

// The files beside the output: named, and no two of them the same.
absl::Status PlanSideFiles(const ScanOptions& options, ScanPlan& plan) {
  plan.metadata_file = options.metadata_file.value_or("");
  plan.status_file = options.status_file.value_or("");
  for (const auto& [option, path] : {std::pair("--metadata-file", options.metadata_file),
                                     std::pair("--status-file", options.status_file)}) {
    if (!path) continue;
    if (path->empty() || *path == "-") return Refuse(option, *path, "the name of a file");
    if (*path == plan.output || *path == plan.output + ".partial" || *path == plan.output + ".journal") {
      return absl::InvalidArgumentError(std::string(option) + ": " + Quoted(*path) +
                                        " is the output; name another file");
    }
  }
  if (!plan.metadata_file.empty() && plan.metadata_file == plan.status_file) {
    return absl::InvalidArgumentError("--status-file: " + Quoted(plan.status_file) +
                                      " is the metadata file; name another file");
  }
  return absl::OkStatus();
}

// SPEC section 1, "Files": what must be the same for a scan to be gone on with.
std::vector<std::pair<std::string, std::string>> Identity(const ScanOptions& options, const ScanPlan& plan) {
  std::string fields;
  for (const Column column : plan.columns) fields.append(fields.empty() ? "" : ",").append(Info(column).name);
  const CursorOptions& cursor = plan.cursor;
  return {{"targets", Grouped(plan.targets.targets()) + " (" + TargetsFingerprint(plan.targets) + ")"},
          {"--mode", "resolver"},
          {"--order", cursor.order == Order::kRandom ? "random" : "sequential"},
          {"--seed", std::to_string(cursor.seed)},
          {"--shard", std::to_string(cursor.shard) + "/" + std::to_string(cursor.shards)},
          {"--format", FormatName(plan.format)},
          {"--fields", fields},
          {"--only", options.only.value_or("all")},
          {"forward confirmation", plan.forward ? "on" : "off"}};
}

}  // namespace

absl::StatusOr<ScanPlan> PlanScan(const ScanOptions& options, std::istream& standard_input) {
  if (options.targets.empty() && options.targets_files.empty()) {
    return absl::InvalidArgumentError(
        "no targets; give prefixes, ranges or addresses, a file with --targets-file, or - for standard "
        "input");
  }
  if (options.only_ipv4 && options.only_ipv6) {
    return absl::InvalidArgumentError(
        "-4 and -6 leave nothing together; give one of them, or neither for both");
  }
  ScanPlan plan;
  for (const auto step :
       {PlanOrder, PlanPolicy, PlanEngines, PlanOutput, PlanSideFiles, PlanServers, PlanSockets}) {
    if (absl::Status status = step(options, plan); !status.ok()) return status;
  }
  absl::StatusOr<TargetSet> targets = CollectTargets(options, standard_input);
  if (!targets.ok()) return targets.status();
  plan.targets = *std::move(targets);
  plan.identity = Identity(options, plan);
  plan.scan_id = ScanId(plan.targets, plan.cursor.order, plan.cursor.seed, plan.cursor.shards);
  return plan;
}

}  // namespace scanner
