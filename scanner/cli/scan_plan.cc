#include "scanner/cli/scan_plan.h"

#include <algorithm>
#include <initializer_list>
#include <thread>
#include <utility>

#include "scanner/cli/human_text.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/scan_id.h"
#include "scanner/cli/server_plan.h"
#include "scanner/cli/target_input.h"
#include "scanner/sink/text_check.h"

namespace scanner {
namespace {

// In the order of Mode.
constexpr std::initializer_list<const char*> kModes = {"resolver", "authoritative"};
// Ethernet's; what is offered beyond it needs larger receive buffers.
constexpr size_t kOrdinaryDatagram = 1472;

using Text = ScanOptions::Text;

// A message about the value of `option` that does not name it yet.
absl::Status For(const std::string& option, const absl::Status& status) {
  return absl::InvalidArgumentError(option + ": " + std::string(status.message()));
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

// That an option is there which only the other mode has.
absl::Status CheckModeOptions(const ScanOptions& options, Mode mode) {
  const std::initializer_list<std::pair<const char*, bool>> of_resolvers = {
      {"--resolver", !options.resolvers.empty()}, {"--resolvers-file", !options.resolvers_files.empty()}};
  const std::initializer_list<std::pair<const char*, bool>> of_authoritative = {
      {"--root-hints", options.root_hints.has_value()},
      {"--dns-port", options.dns_port.has_value()},
      {"--i-own-these-servers", options.own_servers}};
  const bool resolver = mode == Mode::kResolver;
  for (const auto& [name, given] : resolver ? of_authoritative : of_resolvers) {
    if (!given) continue;
    return absl::InvalidArgumentError(
        std::string(name) + (resolver ? " belongs to --mode authoritative; add that or leave it out"
                                      : ": --mode authoritative asks no resolver; leave one of them out"));
  }
  return absl::OkStatus();
}

absl::Status CheckContact(const Text& contact) {
  // One string of a TXT record holds it too.
  constexpr size_t kMost = 254;
  if (!contact ||
      (!contact->empty() && contact->size() <= kMost && IsUtf8(*contact) && !LookAt(*contact).control)) {
    return absl::OkStatus();
  }
  return RefuseValue("--contact", *contact, "printable text of 1 to 254 octets, such as an address or a URL");
}

absl::Status PlanMode(const ScanOptions& options, ScanPlan& plan) {
  size_t mode = 0;
  for (const absl::Status& status :
       {ReadWord("--mode", options.mode, kModes, mode),
        ReadNumber("--dns-port", options.dns_port, {.least = 1, .most = 65'535}, plan.dns_port),
        CheckContact(options.contact)}) {
    if (!status.ok()) return status;
  }
  plan.mode = static_cast<Mode>(mode);
  return CheckModeOptions(options, plan.mode);
}

absl::Status PlanPolicy(const ScanOptions& options, ScanPlan& plan) {
  LookupPolicy& policy = plan.policy;
  policy.recursion_desired = plan.mode == Mode::kResolver && !options.no_recurse;
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
    if (path->empty() || *path == "-") return RefuseValue(option, *path, "the name of a file");
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
          {"--mode", kModes.begin()[static_cast<size_t>(plan.mode)]},
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
       {PlanMode, PlanOrder, PlanPolicy, PlanEngines, PlanOutput, PlanSideFiles, PlanServers}) {
    if (absl::Status status = step(options, plan); !status.ok()) return status;
  }
  const bool refuse_private = plan.mode == Mode::kAuthoritative && !options.root_hints;
  absl::StatusOr<TargetSet> targets = CollectTargets(options, refuse_private, standard_input);
  if (!targets.ok()) return targets.status();
  plan.targets = *std::move(targets);
  plan.identity = Identity(options, plan);
  plan.scan_id = ScanId(plan.targets, plan.cursor.order, plan.cursor.seed, plan.cursor.shards);
  return plan;
}

}  // namespace scanner
