#include "tests/scanner/core/scripted_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "codec/dns/reverse_name.h"

namespace scanner {

using codec::dns::Append16;
using codec::dns::Message;
using codec::dns::Response;
using codec::dns::Type;

namespace {

netio::Endpoint ServerAt(uint32_t number) {
  netio::Endpoint endpoint;
  endpoint.address = {203, 0, 113, static_cast<uint8_t>(number + 1)};
  endpoint.port = 53;
  return endpoint;
}

netio::SimTransportOptions TransportOptions() {
  netio::SimTransportOptions options;
  options.ipv4_source = {.address = {192, 0, 2, 1}, .port = 20000, .family = netio::Family::kIpv4};
  options.ipv6_source.family = netio::Family::kIpv6;
  options.ipv6_source.address = {0x20, 0x01, 0x0d, 0xb8, 0, 1};
  options.ipv6_source.port = 20000;
  options.local_ports = 4;
  return options;
}

TargetSet Targets(const std::vector<std::string>& targets) {
  TargetSetBuilder builder({});
  for (const std::string& target : targets) EXPECT_TRUE(builder.AddTarget(target).ok()) << target;
  return std::move(builder).Build();
}

SeenRow ToRow(const RowView& row) {
  std::array<char, 16> scratch;
  SeenRow seen;
  seen.at = Instant(std::chrono::microseconds(row.header.observed_at));
  seen.verdict = ToString(row.header.verdict);
  seen.reason = ToString(row.header.reason);
  seen.ptr_status = ToString(row.header.ptr_status, scratch);
  seen.attempts = row.header.attempts;
  for (size_t i = 0; i < row.header.names; ++i) seen.names.push_back(codec::dns::ToString(row.names[i]));
  seen.zone = row.header.has_zone ? codec::dns::ToString(row.zone) : "";
  seen.alias_target = row.header.has_alias_target ? codec::dns::ToString(row.alias_target) : "";
  return seen;
}

}  // namespace

Response Answering(const Asked& asked, uint16_t flags) {
  Response response(flags);
  response.Question(asked.name, asked.type);
  return response;
}

std::vector<uint8_t> Bytes(const Asked& asked, const Response& response) {
  std::vector<uint8_t> bytes = response.bytes();
  bytes[0] = static_cast<uint8_t>(asked.id >> 8);
  bytes[1] = static_cast<uint8_t>(asked.id);
  return bytes;
}

std::vector<uint8_t> Rcode(const Asked& asked, codec::dns::Rcode rcode) {
  return Bytes(asked, Answering(asked, static_cast<uint16_t>(rcode)));
}

std::vector<uint8_t> Ptr(const Asked& asked, const std::vector<std::string>& names) {
  Response response = Answering(asked, kAa);
  for (const std::string& name : names) {
    response.Add(Message::Section::kAnswer, asked.name, Type::kPtr, 300, codec::dns::WireName(name));
  }
  return Bytes(asked, response);
}

std::vector<uint8_t> Address(const Asked& asked, const std::vector<uint8_t>& address) {
  return Bytes(asked,
               Answering(asked, kAa).Add(Message::Section::kAnswer, asked.name, Type::kA, 300, address));
}

std::vector<uint8_t> Nxdomain(const Asked& asked) {
  return Bytes(asked, Answering(asked, kAa | 3)
                          .Add(Message::Section::kAuthority, ".", Type::kSoa, 300,
                               codec::dns::SoaRdata("ns.example.", "hostmaster.example.", 60)));
}

std::vector<uint8_t> ReversedAddress(const Asked& asked) {
  const std::optional<codec::dns::ReverseAddress> address =
      codec::dns::ReadReverseName(codec::dns::WireName(asked.name));
  if (!address) return {};
  return {address->octets.begin(), address->octets.begin() + address->length};
}

ScriptedSweep::ScriptedSweep(const Options& options, Script script)
    : options_(options),
      script_(std::move(script)),
      blocks_(Targets(options.targets)),
      cursor_(blocks_, {.seed = 1}),
      budget_(options.max_targets),
      rows_channel_(options.row_credit) {
  network_.AdvanceTo(Instant(std::chrono::seconds(1)));
  for (uint32_t i = 0; i < options.servers + options.absent; ++i) {
    if (!options.iteration) servers_.Add(ServerAt(i), options.limits);
    if (i < options.servers) network_.AddHost(ServerAt(i), *this);
  }
  transport_ = std::make_unique<netio::SimTransport>(network_, TransportOptions());
  Engine::Options engine;
  engine.policy = options.policy;
  engine.forward = options.forward;
  engine.seed = 1;
  engine.max_targets = options.in_progress;
  engine.local_ports = {.ipv4 = transport_->local_ports(netio::Family::kIpv4),
                        .ipv6 = transport_->local_ports(netio::Family::kIpv6)};
  engine.iteration = options.iteration;
  if (engine.iteration && engine.iteration->roots.empty()) engine.iteration->roots.push_back(ServerAt(0));
  engine_ = std::make_unique<Engine>(
      engine,
      Engine::Shared{.cursor = cursor_, .budget = budget_, .servers = servers_, .rows = rows_channel_},
      transport_->outbox());
}

void ScriptedSweep::Turn(Instant limit) {
  if (wake_ <= now() || transport_->has_arrived()) {
    const std::span<const netio::Event> events = transport_->Wait(now());
    around_step(true);
    wake_ = engine_->Step(now(), events);
    around_step(false);
    transport_->Flush();
  }
  Drain();
  if (engine_->Done()) return;
  Instant until = std::min(limit, wake_);
  if (options_.sink_pause != Duration{}) until = std::min(until, next_drain_);
  network_.AdvanceToArrival(std::max(now(), until));
}

bool ScriptedSweep::Run(Duration limit) {
  const Instant end = now() + limit;
  while (!engine_->Done() && now() < end) Turn(end);
  next_drain_ = Instant{};
  while (engine_->Done() && next_drain_ <= now()) {
    const size_t before = rows_.size();
    next_drain_ = Instant{};
    Drain();
    if (rows_.size() == before) break;
  }
  return engine_->Done();
}

std::vector<Asked> ScriptedSweep::AskedOf(uint32_t server) const {
  std::vector<Asked> of;
  std::ranges::copy_if(asked_, std::back_inserter(of),
                       [server](const Asked& asked) { return asked.server == server; });
  return of;
}

void ScriptedSweep::OnDatagram(netio::Instant /*now*/, const netio::Endpoint& from, const netio::Endpoint& to,
                               std::span<const uint8_t> bytes, netio::SimReplies& replies) {
  Record(from, to, false, bytes, replies);
}

void ScriptedSweep::OnStreamMessage(netio::Instant /*now*/, const netio::Endpoint& from,
                                    const netio::Endpoint& to, std::span<const uint8_t> bytes,
                                    netio::SimReplies& replies) {
  Record(from, to, true, bytes, replies);
}

void ScriptedSweep::Record(const netio::Endpoint& from, const netio::Endpoint& to, bool on_stream,
                           std::span<const uint8_t> bytes, netio::SimReplies& replies) {
  // With QR set, a query reads like a response.
  std::vector<uint8_t> copy(bytes.begin(), bytes.end());
  copy[2] |= 0x80;
  Message message;
  ASSERT_EQ(Message::Parse(copy, message), codec::dns::ParseError::kNone);
  size_t offset = 12;
  codec::dns::Name name;
  ASSERT_EQ(codec::dns::ReadName(copy, offset, name), codec::dns::ParseError::kNone);
  Asked asked;
  asked.at = now();
  asked.server = to.address[3] - 1U;
  asked.name = codec::dns::ToString(name.view());
  if (asked.name != ".") asked.name += ".";
  asked.type = static_cast<Type>(copy[offset] << 8 | copy[offset + 1]);
  asked.id = message.id();
  asked.over_tcp = on_stream;
  asked.from = from;
  asked.to = to;
  if (message.edns()) {
    asked.udp_size = message.edns()->udp_size;
    asked.cookie.assign(message.edns()->cookie.begin(), message.edns()->cookie.end());
  }
  codec::dns::LowerCase(name);
  asked.nth = times_[{codec::dns::ToString(name.view()), asked.type}]++;
  asked_.push_back(asked);
  script_(asked, replies);
}

void ScriptedSweep::Drain() {
  if (now() < next_drain_) return;
  next_drain_ = now() + options_.sink_pause;
  while (std::unique_ptr<RowBlock> block = rows_channel_.TryPop()) {
    RowView row;
    for (size_t position = 0; block->Read(position, row);) {
      IpAddress address;
      address.family = row.header.address_octets == 4 ? Family::kIpv4 : Family::kIpv6;
      address.octets = row.header.address;
      EXPECT_TRUE(rows_.emplace(address.ToString(), ToRow(row)).second) << "a second row";
    }
    rows_channel_.GiveBack(std::move(block));
    if (options_.sink_pause != Duration{}) return;
  }
}

}  // namespace scanner
