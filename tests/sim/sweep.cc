#include "tests/sim/sweep.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "scanner/core/block_cursor.h"
#include "scanner/core/blocks.h"
#include "scanner/core/target_set.h"

namespace sim {
namespace {

using netio::Duration;
using netio::Endpoint;
using netio::Family;
using netio::Instant;
using scanner::RowBlock;
using scanner::RowView;

Endpoint ServerEndpoint(Family family, uint32_t number) {
  Endpoint endpoint;
  endpoint.family = family;
  endpoint.port = 53;
  if (family == Family::kIpv4) {
    endpoint.address = {203, 0, 113, static_cast<uint8_t>(number + 1)};
  } else {
    endpoint.address = {0x20, 0x01, 0x0d, 0xb8};
    endpoint.address[15] = static_cast<uint8_t>(number + 1);
  }
  return endpoint;
}

netio::SimTransportOptions TransportOptions(uint32_t engine) {
  netio::SimTransportOptions options;
  options.ipv4_source = {
      .address = {192, 0, 2, static_cast<uint8_t>(engine + 1)}, .port = 20000, .family = Family::kIpv4};
  options.ipv6_source.family = Family::kIpv6;
  options.ipv6_source.address = {0x20, 0x01, 0x0d, 0xb8, 0, 1};
  options.ipv6_source.address[15] = static_cast<uint8_t>(engine + 1);
  options.ipv6_source.port = 20000;
  options.local_ports = 8;
  return options;
}

std::string Present(std::span<const uint8_t> name) { return codec::dns::ToString(name); }

std::string AddressText(std::span<const uint8_t> octets) {
  scanner::IpAddress address;
  address.family = octets.size() == 4 ? Family::kIpv4 : Family::kIpv6;
  std::ranges::copy(octets, address.octets.begin());
  return address.ToString();
}

std::string StatusText(scanner::Status status) {
  std::array<char, 16> scratch;
  return std::string(scanner::ToString(status, scratch));
}

void Put(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append("=").append(value).append(" ");
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : ",").append(part);
  return out;
}

TextRow TextOf(const RowView& row) {
  const scanner::RowHeader& header = row.header;
  TextRow text;
  text.verdict = scanner::ToString(header.verdict);
  text.reason = scanner::ToString(header.reason);
  text.ptr_status = StatusText(header.ptr_status);
  text.attempts = header.attempts;
  std::vector<std::string> names;
  std::vector<std::string> confirmed;
  for (size_t i = 0; i < header.names; ++i) {
    names.push_back(Present(row.names[i]));
    if ((header.confirmed >> i & 1) != 0) confirmed.push_back(names.back());
  }
  std::vector<scanner::IpAddress> addresses;
  for (size_t at = 0; at < row.forward_addresses.size(); at += header.address_octets) {
    scanner::IpAddress address;
    address.family = header.address_octets == 4 ? Family::kIpv4 : Family::kIpv6;
    std::ranges::copy(row.forward_addresses.subspan(at, header.address_octets), address.octets.begin());
    addresses.push_back(address);
  }
  std::ranges::sort(addresses);
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  std::vector<std::string> forward;
  for (const scanner::IpAddress& address : addresses) forward.push_back(address.ToString());
  std::vector<std::string> flags;
  for (size_t i = 0; i < scanner::kFlags; ++i) {
    if ((header.flags >> i & 1) != 0) flags.emplace_back(scanner::ToString(static_cast<scanner::Flag>(i)));
  }
  std::string& out = text.comparable;
  Put(out, "verdict", text.verdict);
  Put(out, "reason", text.reason);
  Put(out, "names", Joined(names));
  text.essential = out;
  Put(out, "confirmed", Joined(confirmed));
  Put(out, "forward", Joined(forward));
  Put(out, "flags", Joined(flags));
  Put(out, "ptr_status", text.ptr_status);
  Put(out, "forward_status", header.has_forward_status ? StatusText(header.forward_status) : "");
  Put(out, "ptr_ttl", header.ptr_ttl < 0 ? "" : std::to_string(header.ptr_ttl));
  Put(out, "forward_ttl", header.forward_ttl < 0 ? "" : std::to_string(header.forward_ttl));
  Put(out, "alias", header.has_alias_target ? Present(row.alias_target) : "");
  Put(out, "zone", header.has_zone ? Present(row.zone) : "");
  Put(out, "aa", header.authoritative < 0 ? "" : std::to_string(header.authoritative));
  Put(out, "ede", header.ede < 0 ? "" : std::to_string(header.ede));
  text.absence =
      header.reason == scanner::Reason::kNoPtr || header.reason == scanner::Reason::kForwardMissing;
  return text;
}

uint64_t Digest(uint64_t digest, std::span<const uint8_t> octets) {
  for (const uint8_t octet : octets) digest = (digest ^ octet) * 0x100000001B3U;
  return digest;
}

// The sink: reads every row of a block.
void Take(const RowBlock& block, SweepResult& result) {
  RowView row;
  for (size_t position = 0; block.Read(position, row);) {
    const std::string address = AddressText(std::span(row.header.address).first(row.header.address_octets));
    const TextRow text = TextOf(row);
    const std::string line = address + " " + text.comparable + std::to_string(row.header.observed_at) + " " +
                             std::to_string(row.header.attempts) + " " + std::to_string(row.header.rtt_us);
    result.digest = Digest(result.digest, {reinterpret_cast<const uint8_t*>(line.data()), line.size()});
    result.rows[address].push_back(text);
  }
}

// An NXDOMAIN without an SOA is a forgery: the model has none.
bool IsForged(std::span<const uint8_t> bytes) { return (bytes[3] & 0x0F) == 3 && bytes[9] == 0; }

bool CorruptReply(netio::SimRandom& random, std::vector<uint8_t>& bytes) {
  // A second fault could make a forgery with a wrong id right, which no sweep could tell.
  if (bytes.size() < 14 || IsForged(bytes)) return false;
  switch (random.Below(3)) {
    case 0:
      bytes[random.Below(2)] ^= static_cast<uint8_t>(1 + random.Below(255));  // The id.
      return true;
    case 1: {
      // A letter or digit of the question becomes another one.
      if (bytes[12] == 0 || bytes[12] > 63) return false;
      bytes[13] = bytes[13] == '7' ? '8' : '7';
      return true;
    }
    default:
      bytes.resize(12 + random.Below(bytes.size() - 12));  // It ends too early.
      return true;
  }
}

// An attacker who sees the question and guesses everything but one thing; or, where `lame` says so, somebody
// on the way who answers for a name that is not his: all is right, but he bears neither AA nor RA.
bool SpoofReply(bool lame, netio::SimRandom& random, const Endpoint& from, const Endpoint& to,
                std::span<const uint8_t> query, netio::SimSpoofed& out) {
  if (query.size() < 18) return false;
  out.source = to;
  out.destination = from;
  out.bytes.assign(query.begin(), query.end());
  out.bytes[2] = 0x84;
  out.bytes[3] = 0x03;  // AA, NXDOMAIN: the name does not exist.
  switch (random.Below(lame ? 5 : 4)) {
    case 0:
      out.source.port = static_cast<uint16_t>(to.port + 1 + random.Below(1000));
      return true;
    case 1:
      out.source.address[1] ^= 0x40;
      return true;
    case 2: {
      const auto guess = static_cast<uint8_t>(1 + random.Below(255));
      out.bytes[random.Below(2)] ^= guess;
      return true;
    }
    case 3:
      if (out.bytes[12] == 0 || out.bytes[12] > 63) return false;
      out.bytes[13] = out.bytes[13] == '3' ? '4' : '3';
      return true;
    default:
      out.bytes[2] = 0x80;
      return true;
  }
}

void AddUp(const scanner::EngineStats& from, scanner::EngineStats& to) {
  to.targets_claimed += from.targets_claimed;
  to.rows += from.rows;
  to.packets_sent += from.packets_sent;
  to.packets_received += from.packets_received;
  to.retries += from.retries;
  to.tcp += from.tcp;
  to.unsolicited += from.unsolicited;
  to.mismatched += from.mismatched;
  to.late += from.late;
  to.forward_lookups += from.forward_lookups;
  to.forward_shared += from.forward_shared;
  to.put_back += from.put_back;
  for (size_t i = 0; i < to.refused.size(); ++i) to.refused[i] += from.refused[i];
}

class World {
 public:
  explicit World(const SweepOptions& options)
      : options_(options),
        network_(options.seed),
        judge_(options.server_budget, options.total_budget),
        responder_(options.responder),
        host_(responder_),
        servers_({.packets_per_second = options.total_budget.packets_per_second,
                  .burst = static_cast<uint32_t>(options.total_budget.burst)}),
        targets_(Targets(options)),
        blocks_(targets_),
        cursor_(blocks_, {.seed = options.seed}),
        budget_(scanner::TargetBudget::kUnlimited),
        rows_(options.row_credit) {
    network_.SetFaults(options.faults);
    network_.SetCorrupt(CorruptReply);
    network_.SetSpoof([lame = options.lame_replies](auto&&... arguments) {
      return SpoofReply(lame, std::forward<decltype(arguments)>(arguments)...);
    });
    network_.SetTap(&judge_);
    network_.AdvanceTo(Instant(std::chrono::seconds(1)));
    uint32_t number = 0;
    for (uint32_t i = 0; i < options.ipv4_servers; ++i)
      AddServer(ServerEndpoint(Family::kIpv4, number++), &host_);
    for (uint32_t i = 0; i < options.ipv6_servers; ++i)
      AddServer(ServerEndpoint(Family::kIpv6, number++), &host_);
    for (uint32_t i = 0; i < options.dead_servers; ++i)
      AddServer(ServerEndpoint(Family::kIpv4, number++), nullptr);
    for (uint32_t i = 0; i < options.black_holes; ++i)
      AddServer(ServerEndpoint(Family::kIpv4, number++), &hole_);
    for (uint32_t i = 0; i < options.engines; ++i) AddEngine(i);
  }

  SweepResult Run();

 private:
  static scanner::TargetSet Targets(const SweepOptions& options);

  void AddServer(const Endpoint& endpoint, netio::SimHost* host) {
    servers_.Add(endpoint, {.budget = {.packets_per_second = options_.server_budget.packets_per_second,
                                       .burst = static_cast<uint32_t>(options_.server_budget.burst)},
                            .max_window = options_.max_window});
    if (host != nullptr) network_.AddHost(endpoint, *host);
  }

  void AddEngine(uint32_t number) {
    Station& station = stations_.emplace_back();
    station.transport = std::make_unique<netio::SimTransport>(network_, TransportOptions(number));
    scanner::Engine::Options engine;
    engine.policy = options_.policy;
    engine.forward = options_.forward;
    engine.engine = number;
    engine.engines = options_.engines;
    engine.seed = options_.seed * 4 + number;
    engine.wall_clock = 1'700'000'000'000'000;
    engine.max_targets = options_.max_targets;
    engine.local_ports = {.ipv4 = station.transport->local_ports(Family::kIpv4),
                          .ipv6 = station.transport->local_ports(Family::kIpv6)};
    station.engine = std::make_unique<scanner::Engine>(
        engine,
        scanner::Engine::Shared{.cursor = cursor_, .budget = budget_, .servers = servers_, .rows = rows_},
        station.transport->outbox());
    station.wake = network_.now();
  }

  struct Station {
    std::unique_ptr<netio::SimTransport> transport;
    std::unique_ptr<scanner::Engine> engine;
    Instant wake{};
  };

  bool StepAll(SweepResult& result);
  void Drain(SweepResult& result);
  void CheckWindows(SweepResult& result);

  const SweepOptions& options_;
  netio::SimNetwork network_;
  BudgetJudge judge_;
  arpasim::Responder responder_;
  DnsHost host_;
  BlackHole hole_;
  scanner::ServerTable servers_;
  scanner::TargetSet targets_;
  scanner::BlockSet blocks_;
  scanner::BlockCursor cursor_;
  scanner::TargetBudget budget_;
  scanner::RowChannel rows_;
  std::vector<Station> stations_;
  Instant next_drain_{};
};

// One turn of every engine that has something to do; whether all are done.
bool World::StepAll(SweepResult& result) {
  bool done = true;
  for (Station& station : stations_) {
    if (station.wake <= network_.now() || station.transport->has_arrived()) {
      const std::span<const netio::Event> events = station.transport->Wait(network_.now());
      station.wake = station.engine->Step(network_.now(), events);
      station.transport->Flush();
      const uint32_t in_flight = station.engine->lookups().in_flight();
      result.most_in_flight = std::max(result.most_in_flight, in_flight);
      result.window_exceeded = result.window_exceeded || in_flight > options_.policy.window;
    }
    done = done && station.engine->Done();
  }
  return done;
}

void World::Drain(SweepResult& result) {
  if (network_.now() < next_drain_) return;
  next_drain_ = network_.now() + options_.sink_pause;
  while (std::unique_ptr<RowBlock> block = rows_.TryPop()) {
    Take(*block, result);
    rows_.GiveBack(std::move(block));
    if (options_.sink_pause != Duration{}) return;
  }
}

void World::CheckWindows(SweepResult& result) {
  for (uint32_t i = 0; i < servers_.size(); ++i) {
    const scanner::ServerPace& pace = servers_.pace(scanner::ServerIndex{i});
    result.window_exceeded = result.window_exceeded || pace.in_flight() > options_.max_window;
  }
}

SweepResult World::Run() {
  SweepResult result;
  const Instant start = network_.now();
  while (!result.finished && network_.now() - start < options_.limit) {
    result.finished = StepAll(result);
    CheckWindows(result);
    Drain(result);
    Instant wake = start + options_.limit;
    for (const Station& station : stations_) wake = std::min(wake, station.wake);
    if (options_.sink_pause != Duration{}) wake = std::min(wake, next_drain_);
    network_.AdvanceToArrival(std::max(wake, network_.now()));
  }
  result.took = network_.now() - start;
  next_drain_ = Instant{};
  while (std::unique_ptr<RowBlock> block = rows_.TryPop()) Take(*block, result);
  result.idle = true;
  for (const Station& station : stations_) {
    AddUp(station.engine->stats(), result.stats);
    result.idle = result.idle && station.engine->Idle();
  }
  for (uint32_t i = 0; i < servers_.size(); ++i) {
    result.idle = result.idle && servers_.pace(scanner::ServerIndex{i}).in_flight() == 0;
  }
  result.network = network_.counters();
  result.responder = host_.stats();
  result.sent = judge_.sent();
  result.excess = judge_.excess();
  result.spoofed = judge_.spoofed();
  return result;
}

}  // namespace

SweepResult RunSweep(const SweepOptions& options) { return World(options).Run(); }

TextRow TextOf(const arpasim::TruthRow& truth) {
  TextRow text;
  text.verdict = truth.verdict;
  text.reason = truth.reason;
  text.ptr_status = truth.ptr_status;
  std::vector<std::string> forward;
  for (const arpasim::Address& address : truth.forward_addresses) forward.push_back(arpasim::ToText(address));
  std::vector<std::string> flags(truth.flags.begin(), truth.flags.end());
  std::string& out = text.comparable;
  Put(out, "verdict", truth.verdict);
  Put(out, "reason", truth.reason);
  Put(out, "names", Joined(truth.names));
  text.essential = out;
  Put(out, "confirmed", Joined(truth.confirmed_names));
  Put(out, "forward", Joined(forward));
  Put(out, "flags", Joined(flags));
  Put(out, "ptr_status", truth.ptr_status);
  Put(out, "forward_status", truth.forward_status);
  Put(out, "ptr_ttl", truth.ptr_ttl ? std::to_string(*truth.ptr_ttl) : "");
  Put(out, "forward_ttl", truth.forward_ttl ? std::to_string(*truth.forward_ttl) : "");
  Put(out, "alias", truth.alias_target);
  Put(out, "zone", truth.zone);
  Put(out, "aa", truth.authoritative ? std::to_string(int{*truth.authoritative}) : "");
  Put(out, "ede", truth.ede ? std::to_string(*truth.ede) : "");
  text.absence = truth.reason == "no_ptr" || truth.reason == "forward_missing";
  return text;
}

scanner::TargetSet World::Targets(const SweepOptions& options) {
  scanner::TargetSetBuilder builder({});
  for (const std::string& target : options.targets) {
    const absl::Status status = builder.AddTarget(target);
    assert(status.ok());
  }
  return std::move(builder).Build();
}

std::map<std::string, TextRow> TruthOf(const SweepOptions& options) {
  const arpasim::Model model(options.responder.seed, options.responder.mix);
  const arpasim::TruthOptions how = {.server = options.responder.server,
                                     .edns_size = options.policy.edns_size};
  std::map<std::string, TextRow> truth;
  for (const std::string& target : options.targets) {
    const std::optional<arpasim::Prefix> prefix = arpasim::ParsePrefix(target);
    assert(prefix);
    for (arpasim::Address address = prefix->first; address <= prefix->last(); ++address.low) {
      truth[arpasim::ToText(address)] = TextOf(arpasim::TruthOf(model, how, address));
    }
  }
  return truth;
}

}  // namespace sim
