#include "scanner/cli/scan_report.h"

#include <array>
#include <nlohmann/json.hpp>

#include "scanner/cli/schema_version.h"
#include "scanner/sink/time_text.h"

namespace scanner {
namespace {

// Keeps the order in which keys are set.
using Json = nlohmann::ordered_json;

std::string Time(int64_t microseconds) {
  std::array<char, TimeText::kLength> text;
  TimeText().Write(microseconds, text.data());
  return {text.data(), text.size()};
}

void Set(Json& json, const char* key, const ScanOptions::Text& value) {
  if (value) json[key] = *value;
}
void Set(Json& json, const char* key, const ScanOptions::Texts& values) {
  if (!values.empty()) json[key] = values;
}
void Set(Json& json, const char* key, bool value) {
  if (value) json[key] = true;
}

// Those that were given, under their long names.
Json OptionsJson(const ScanOptions& options) {
  Json json = Json::object();
  Set(json, "targets", options.targets);
  Set(json, "targets-file", options.targets_files);
  Set(json, "exclude", options.exclusions);
  Set(json, "exclude-file", options.exclude_files);
  Set(json, "4", options.only_ipv4);
  Set(json, "6", options.only_ipv6);
  Set(json, "include-reserved", options.include_reserved);
  Set(json, "max-targets", options.max_targets);
  Set(json, "max-runtime", options.max_runtime);
  Set(json, "mode", options.mode);
  Set(json, "resolver", options.resolvers);
  Set(json, "resolvers-file", options.resolvers_files);
  Set(json, "root-hints", options.root_hints);
  Set(json, "dns-port", options.dns_port);
  Set(json, "no-recurse", options.no_recurse);
  Set(json, "rate", options.rate);
  Set(json, "server-rate", options.server_rate);
  Set(json, "burst", options.burst);
  Set(json, "window", options.window);
  Set(json, "timeout", options.timeout);
  Set(json, "retries", options.retries);
  Set(json, "no-forward", options.no_forward);
  Set(json, "i-own-these-servers", options.own_servers);
  Set(json, "0x20", options.mix_case);
  Set(json, "no-cookies", options.no_cookies);
  Set(json, "edns-size", options.edns_size);
  Set(json, "source", options.sources);
  Set(json, "io", options.io);
  Set(json, "order", options.order);
  Set(json, "seed", options.seed);
  Set(json, "shard", options.shard);
  Set(json, "threads", options.threads);
  Set(json, "output", options.output);
  Set(json, "format", options.format);
  Set(json, "overwrite", options.overwrite);
  Set(json, "resume", options.resume);
  Set(json, "row-group-rows", options.row_group_rows);
  Set(json, "no-bloom", options.no_bloom);
  Set(json, "fields", options.fields);
  Set(json, "only", options.only);
  Set(json, "metadata-file", options.metadata_file);
  Set(json, "status-file", options.status_file);
  Set(json, "max-temperror", options.max_temperror);
  Set(json, "progress", options.progress);
  Set(json, "quiet", options.quiet);
  Set(json, "verbose", options.verbose);
  return json;
}

void AddCounts(const ScanFacts& facts, const SweepSnapshot& snapshot, Json& json) {
  const SinkCounts& counts = snapshot.counts;
  json["targets"] = facts.targets;
  json["excluded"] = facts.excluded;
  json["reserved"] = facts.reserved;
  json["rows"] = counts.rows;
  json["verdicts"] = counts.NamedVerdicts();
  json["reasons"] = counts.NamedReasons();
  json["ptr_statuses"] = counts.NamedPtrStatuses();
  json["evidence"] = counts.NamedEvidence();
  json["packets_sent"] = snapshot.engines.packets_sent;
  json["packets_received"] = snapshot.engines.packets_received;
  json["retries"] = snapshot.engines.retries;
  json["tcp"] = snapshot.engines.tcp;
  json["unsolicited"] = snapshot.engines.unsolicited;
  json["mismatched"] = snapshot.engines.mismatched;
  json["late"] = snapshot.engines.late;
  json["receive_drops"] = snapshot.transport.receive_drops;
}

Json ServersJson(const std::vector<ServerReport>& servers) {
  Json json = Json::object();
  for (const ServerReport& server : servers) {
    Json& entry = json[server.name];
    entry["sent"] = server.counts.sent;
    entry["answered"] = server.counts.answered;
    entry["lost"] = server.counts.lost;
    entry["refused_or_servfail"] = server.counts.pushed_back;
    entry["unreachable"] = server.counts.unreachable;
    entry["rtt_us"] = server.rtt_us ? Json(*server.rtt_us) : Json();
  }
  return json;
}

Json Head(const ScanFacts& facts) {
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["version"] = ARPASWEEP_VERSION;
  json["scan_id"] = facts.scan_id;
  return json;
}

std::string ShardText(const ScanFacts& facts) {
  return std::to_string(facts.shard) + "/" + std::to_string(facts.shards);
}

// What was typed may be no UTF-8, which JSON must be: replaced, never thrown at.
std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

FileFacts FactsOfFile(const ScanFacts& facts, const ScanOptions& options, int64_t ended_at) {
  FileFacts pairs = {{"schema_version", std::to_string(kSchemaVersion)},
                     {"version", ARPASWEEP_VERSION},
                     {"scan_id", facts.scan_id},
                     {"options", Dump(OptionsJson(options), -1)},
                     {"seed", std::to_string(facts.seed)},
                     {"shard", ShardText(facts)},
                     {"started_at", Time(facts.started_at)},
                     {"ended_at", Time(ended_at)}};
  if (options.contact) pairs.emplace_back("contact", *options.contact);
  return pairs;
}

std::string MetadataText(const ScanFacts& facts, const ScanOptions& options, const SweepSnapshot& snapshot,
                         const std::vector<ServerReport>& servers, int64_t ended_at) {
  Json json = Head(facts);
  json["options"] = OptionsJson(options);
  Set(json, "contact", options.contact);
  json["seed"] = facts.seed;
  json["shard"] = ShardText(facts);
  json["started_at"] = Time(facts.started_at);
  json["ended_at"] = Time(ended_at);
  AddCounts(facts, snapshot, json);
  json["servers"] = ServersJson(servers);
  return Dump(json, 2) + "\n";
}

std::string StatusText(const ScanFacts& facts, const SweepSnapshot& snapshot, int64_t observed_at) {
  Json json = Head(facts);
  json["seed"] = facts.seed;
  json["shard"] = ShardText(facts);
  json["started_at"] = Time(facts.started_at);
  json["observed_at"] = Time(observed_at);
  json["completed"] = snapshot.counts.completed;
  json["in_progress"] = snapshot.targets_in_progress;
  json["in_flight"] = snapshot.in_flight;
  json["window"] = snapshot.window;
  AddCounts(facts, snapshot, json);
  return Dump(json, -1) + "\n";
}

}  // namespace scanner
