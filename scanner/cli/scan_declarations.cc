#include "scanner/cli/scan_declarations.h"

#include <utility>

namespace scanner {
namespace {

// The options under one heading of the help.
class Group {
 public:
  Group(CLI::App& command, std::string name) : command_(command), name_(std::move(name)) {}

  void Flag(const std::string& names, bool& value, const std::string& help) {
    command_.add_flag(names, value, help)->group(name_);
  }
  void Value(const std::string& names, ScanOptions::Text& value, const std::string& type,
             const std::string& help) {
    command_.add_option(names, value, help)->type_name(type)->group(name_);
  }
  // May be given several times, each with one value.
  void List(const std::string& names, ScanOptions::Texts& values, const std::string& type,
            const std::string& help) {
    command_.add_option(names, values, help)->type_name(type)->allow_extra_args(false)->group(name_);
  }

 private:
  CLI::App& command_;
  const std::string name_;
};

void DeclareTargets(CLI::App& command, ScanOptions& options) {
  Group group(command, "Targets");
  command
      .add_option("TARGET", options.targets, "Prefix, FIRST-LAST range or address; - reads standard input")
      ->type_name("");
  group.List("-w,--targets-file", options.targets_files, "FILE", "Targets, one a line, # comments");
  group.List("-x,--exclude", options.exclusions, "PREFIX", "Never ask about these");
  group.List("-b,--exclude-file", options.exclude_files, "FILE", "The same, one a line, # comments");
  group.Flag("-4", options.only_ipv4, "Only IPv4 targets");
  group.Flag("-6", options.only_ipv6, "Only IPv6 targets");
  group.Flag("--include-reserved", options.include_reserved, "Also sweep reserved space");
  group.Value("-n,--max-targets", options.max_targets, "N|P%", "Stop after so many targets");
  group.Value("--max-runtime", options.max_runtime, "SECONDS", "Stop after so long");
  group.Value("--order", options.order, "random|sequential", "Order of the sweep [random]");
  group.Value("--seed", options.seed, "N", "Of the random order [0]");
  group.Value("--shard", options.shard, "I/N", "Only this part of the sweep, I from 0 to N-1");
}

void DeclareAsking(CLI::App& command, ScanOptions& options) {
  Group group(command, "Asking");
  group.Value("--mode", options.mode, "resolver|authoritative",
              "Ask resolvers, or the authoritative servers themselves [resolver]");
  group.List("--resolver", options.resolvers, "ADDR[:PORT]",
             "Ask this one; IPv6 as [ADDR]:PORT [those of /etc/resolv.conf]");
  group.List("--resolvers-file", options.resolvers_files, "FILE", "The same, one a line, # comments");
  group.Value("--root-hints", options.root_hints, "FILE",
              "Begin at these root servers in authoritative mode [those of the IANA]");
  group.Value("--dns-port", options.dns_port, "N",
              "Of every server in authoritative mode, for test networks [53]");
  group.Flag("--no-recurse", options.no_recurse, "Ask without RD");
  group.Flag("--no-forward", options.no_forward, "PTR only");
  group.Value("--contact", options.contact, "TEXT", "Whom to ask about this scan; goes into the metadata");
  group.Value("--rate", options.rate, "N", "Packets per second in total, 0: no limit [10000]");
  group.Value(
      "--server-rate", options.server_rate, "N",
      "Packets per second to any one server, 0: no limit [200 of /etc/resolv.conf, 1000 named, loopback 0; "
      "authoritative mode 50]");
  group.Value("--burst", options.burst, "N",
              "Most packets beyond the rate at once [64, authoritative mode 8]");
  group.Flag("--i-own-these-servers", options.own_servers, "Allow --server-rate 0 in authoritative mode");
  group.Value("--window", options.window, "N", "Most queries in flight [adaptive]");
  group.Value("--timeout", options.timeout, "MS", "Wait so long for an answer [adaptive]");
  group.Value("--retries", options.retries, "N", "Attempts that may be lost [3]");
}

void DeclareWire(CLI::App& command, ScanOptions& options) {
  Group group(command, "On the wire");
  group.Flag("--0x20", options.mix_case, "Mix the case of letters in questions");
  group.Flag("--no-cookies", options.no_cookies, "Ask without DNS cookies");
  group.Value("--edns-size", options.edns_size, "N", "Octets offered for answers over UDP [1232]");
  group.List("--source", options.sources, "ADDR", "Send from this address; one a family");
  group.Value("--io", options.io, "auto|uring|mmsg", "How to send and receive [auto]");
  group.Value("--threads", options.threads, "N", "Engines [cores - 1, at least 1]");
}

void DeclareResults(CLI::App& command, ScanOptions& options) {
  Group group(command, "Results");
  group.Value("-o,--output", options.output, "FILE",
              ".parquet, .csv, .ndjson, .csv.zst or .ndjson.zst [- as csv]");
  group.Value("--format", options.format, "NAME",
              "Whatever the name ends in: parquet, csv, ndjson, csv.zst, ndjson.zst");
  group.Flag("--overwrite", options.overwrite, "Replace the output if it exists");
  group.Flag("--resume", options.resume, "Go on where an interrupted scan stopped");
  group.Value("--row-group-rows", options.row_group_rows, "N", "Most rows of a Parquet row group [122880]");
  group.Flag("--no-bloom", options.no_bloom, "No bloom filter on address in Parquet");
  group.Value("-f,--fields", options.fields, "a,b,c", "Only these columns, in this order");
  group.Value("--only", options.only, "WHAT",
              "Rows to write: all, found, problems, or a list of verdicts and reasons [all]");
  group.Value("--metadata-file", options.metadata_file, "FILE", "The summary as JSON at the end");
  group.Value("--status-file", options.status_file, "FILE", "A line of JSON a second");
  group.Value("--max-temperror", options.max_temperror, "P%", "Exit with 3 above this share [1%]");
  group.Value("--progress", options.progress, "auto|always|never", "A progress line on stderr [auto]");
  group.Flag("--dry-run", options.dry_run, "Say how much would be asked and how long, then stop");
  group.Flag("-q,--quiet", options.quiet, "Neither progress nor summary");
  group.Flag("-v,--verbose", options.verbose, "Say more");
}

}  // namespace

void DeclareScanOptions(CLI::App& command, ScanOptions& options) {
  DeclareTargets(command, options);
  DeclareAsking(command, options);
  DeclareWire(command, options);
  DeclareResults(command, options);
}

}  // namespace scanner
