#include "netio/sim_network.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "netio/sim_transport.h"

namespace netio {
namespace {

// What an ICMP error quotes of a datagram at most: what fits 576 octets behind the headers (RFC 1812
// section 4.3.2.3).
constexpr size_t kMaxQuote = 520;

}  // namespace

size_t SimNetwork::EndpointHash::operator()(const Endpoint& endpoint) const {
  std::array<uint64_t, 2> words;
  std::memcpy(words.data(), endpoint.address.data(), sizeof(words));
  uint64_t hash = words[0] * 0x9E3779B97F4A7C15 ^ words[1];
  hash = hash * 0xBF58476D1CE4E5B9 ^ (uint64_t{endpoint.scope_id} << 24 | uint64_t{endpoint.port} << 8 |
                                      static_cast<uint64_t>(endpoint.family));
  hash *= 0x94D049BB133111EB;
  return static_cast<size_t>(hash ^ (hash >> 32));
}

void SimNetwork::SetFaults(const Endpoint& endpoint, const SimFaults& faults) {
  Station& station = stations_[endpoint];
  if (station.faults == 0) {
    station.faults = static_cast<uint32_t>(path_faults_.size());
    path_faults_.push_back(faults);
  } else {
    path_faults_[station.faults] = faults;
  }
}

void SimNetwork::AddHost(const Endpoint& endpoint, SimHost& host) {
  Station& station = stations_[endpoint];
  assert(station.transport == kNoTransport);
  station.host = &host;
}

void SimNetwork::RemoveHost(const Endpoint& endpoint) {
  const auto found = stations_.find(endpoint);
  if (found != stations_.end()) found->second.host = nullptr;
}

uint32_t SimNetwork::Attach(SimTransport& transport, size_t max_streams) {
  transports_.push_back(&transport);
  streams_.emplace_back(max_streams);
  return static_cast<uint32_t>(transports_.size() - 1);
}

void SimNetwork::Detach(uint32_t transport) {
  transports_[transport] = nullptr;
  for (Stream& stream : streams_[transport]) ++stream.generation;
}

void SimNetwork::AddSource(const Endpoint& source, uint32_t transport, LocalPort local_port) {
  Station& station = stations_[source];
  assert(station.host == nullptr && station.transport == kNoTransport);
  station.transport = transport;
  station.local_port = local_port;
}

const SimFaults& SimNetwork::FaultsOf(const Endpoint& endpoint) const {
  const auto found = stations_.find(endpoint);
  return path_faults_[found == stations_.end() ? 0 : found->second.faults];
}

Duration SimNetwork::DrawDelay(const SimFaults& faults) {
  Duration delay = random_.Between(faults.min_delay, faults.max_delay);
  if (random_.Chance(faults.slow)) {
    ++counters_.slow;
    delay += faults.slow_delay;
  }
  return delay;
}

uint32_t SimNetwork::StorePayload(std::span<const uint8_t> bytes) {
  if (free_payloads_.empty()) {
    free_payloads_.push_back(static_cast<uint32_t>(payloads_.size()));
    payloads_.emplace_back();
  }
  const uint32_t index = free_payloads_.back();
  free_payloads_.pop_back();
  payloads_[index].assign(bytes.begin(), bytes.end());
  return index;
}

void SimNetwork::FreePayload(uint32_t index) {
  if (index != SimArrival::kNoPayload) free_payloads_.push_back(index);
}

namespace {

// Orders a heap with the earliest in front.
constexpr auto kLater = [](const auto& a, const auto& b) {
  return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
};

}  // namespace

void SimNetwork::Schedule(Instant at, const Action& action) {
  assert(at >= now_);
  if (free_actions_.empty()) {
    free_actions_.push_back(static_cast<uint32_t>(actions_.size()));
    actions_.emplace_back();
  }
  const uint32_t index = free_actions_.back();
  free_actions_.pop_back();
  actions_[index] = action;
  heap_.push_back({.at = at, .sequence = sequence_++, .action = index});
  std::push_heap(heap_.begin(), heap_.end(), kLater);
}

void SimNetwork::RunNext() {
  std::pop_heap(heap_.begin(), heap_.end(), kLater);
  const Scheduled next = heap_.back();
  heap_.pop_back();
  now_ = next.at;
  const Action action = actions_[next.action];
  free_actions_.push_back(next.action);
  Run(action);
}

void SimNetwork::AdvanceTo(Instant time) {
  assert(time >= now_);
  while (NextEvent() <= time && !heap_.empty()) RunNext();
  now_ = time;
}

bool SimNetwork::AdvanceToArrival(Instant limit) {
  assert(limit >= now_);
  const uint64_t before = arrivals_;
  while (!heap_.empty() && NextEvent() <= limit) {
    if (arrivals_ != before && NextEvent() != now_) return true;
    RunNext();
  }
  if (arrivals_ != before) return true;
  now_ = limit;
  return false;
}

void SimNetwork::Run(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kToHost:
      ArriveAtHost(action);
      break;
    case Action::Kind::kToTransport:
      ArriveAtTransport(action);
      return;
    case Action::Kind::kUnreachable:
      ReportUnreachable(action);
      return;
    case Action::Kind::kGiveBack: {
      SimTransport* const transport = transports_[action.stream.transport];
      if (transport != nullptr) transport->GiveBack(action.ticket);
      return;
    }
    case Action::Kind::kStreamAtHost:
      ArriveOpen(action);
      return;
    case Action::Kind::kStreamOpen:
      ConfirmOpen(action);
      return;
    case Action::Kind::kStreamToHost:
      ArriveOnStream(action);
      break;
    case Action::Kind::kStreamToTransport:
      DeliverOnStream(action);
      return;
    case Action::Kind::kStreamClosed:
      EndStream(action.stream, action.error);
      return;
  }
  FreePayload(action.payload);
}

bool SimNetwork::SendBurst(uint32_t transport, const Endpoint& from, const Burst& burst) {
  const SimFaults& faults = FaultsOf(burst.server);
  if (random_.Chance(faults.send_failure)) {
    ++counters_.send_failures;
    return false;
  }
  for (size_t at = 0; at < burst.bytes.size(); at += burst.segment) {
    const std::span<const uint8_t> bytes = burst.bytes.subspan(at, burst.segment);
    if (tap_ != nullptr) tap_->OnSent(now_, transport, from, burst.server, /*on_stream=*/false, bytes);
    SendDatagram(faults, from, burst.server, bytes);
  }
  return true;
}

Duration SimNetwork::DrawBackPressure(const Endpoint& server) {
  const SimFaults& faults = FaultsOf(server);
  if (!random_.Chance(faults.back_pressure)) return {};
  ++counters_.back_pressure;
  return random_.Between(std::min(Duration(1), faults.back_pressure_hold), faults.back_pressure_hold);
}

void SimNetwork::ScheduleGiveBack(uint32_t transport, uint32_t ticket, Duration after) {
  Schedule(now_ + after, {.kind = Action::Kind::kGiveBack,
                          .ticket = ticket,
                          .from = {},
                          .to = {},
                          .stream = {.transport = transport}});
}

void SimNetwork::SendDatagram(const SimFaults& faults, const Endpoint& from, const Endpoint& to,
                              std::span<const uint8_t> bytes) {
  if (spoof_ && random_.Chance(faults.spoof)) Spoof(faults, from, to, bytes);
  if (random_.Chance(faults.drop_query)) {
    ++counters_.queries_dropped;
    return;
  }
  const bool twice = random_.Chance(faults.duplicate_query);
  counters_.queries_duplicated += twice ? 1 : 0;
  for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
    Schedule(now_ + DrawDelay(faults), {.kind = Action::Kind::kToHost,
                                        .origin = copy == 0 ? SimOrigin::kGenuine : SimOrigin::kDuplicate,
                                        .payload = StorePayload(bytes),
                                        .from = from,
                                        .to = to,
                                        .stream = {}});
  }
}

void SimNetwork::Spoof(const SimFaults& faults, const Endpoint& from, const Endpoint& to,
                       std::span<const uint8_t> bytes) {
  spoofed_.source = to;
  spoofed_.destination = from;
  spoofed_.bytes.clear();
  spoofed_.delay = faults.min_delay;
  if (!spoof_(random_, from, to, bytes, spoofed_)) return;
  ++counters_.spoofed;
  Schedule(now_ + spoofed_.delay, {.kind = Action::Kind::kToTransport,
                                   .origin = SimOrigin::kSpoofed,
                                   .payload = StorePayload(spoofed_.bytes),
                                   .from = spoofed_.source,
                                   .to = spoofed_.destination,
                                   .stream = {}});
}

void SimNetwork::ArriveAtHost(const Action& action) {
  const auto found = stations_.find(action.to);
  if (found != stations_.end() && found->second.host != nullptr) {
    SimReplies replies(*this, action.from, action.to, {});
    // Replies may add payloads: their list moves then, but not the octets of this one.
    found->second.host->OnDatagram(now_, action.from, action.to, payload(action.payload), replies);
    return;
  }
  const SimFaults& faults = FaultsOf(action.to);
  if (!random_.Chance(faults.icmp)) return;
  std::span<const uint8_t> quote = payload(action.payload);
  quote = quote.first(std::min(quote.size(), kMaxQuote));
  if (random_.Chance(faults.icmp_without_quote)) quote = {};
  Schedule(now_ + DrawDelay(faults), {.kind = Action::Kind::kUnreachable,
                                      .payload = StorePayload(quote),
                                      .from = action.to,
                                      .to = action.from,
                                      .stream = {}});
}

void SimNetwork::ReplyDatagram(const Endpoint& path, const Endpoint& from, const Endpoint& to,
                               std::span<const uint8_t> bytes, Duration after) {
  const SimFaults& faults = FaultsOf(path);
  if (random_.Chance(faults.drop_reply)) {
    ++counters_.replies_dropped;
    return;
  }
  const bool twice = random_.Chance(faults.duplicate_reply);
  counters_.replies_duplicated += twice ? 1 : 0;
  for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
    const uint32_t payload = StorePayload(bytes);
    SimOrigin origin = copy == 0 ? SimOrigin::kGenuine : SimOrigin::kDuplicate;
    if (corrupt_ && random_.Chance(faults.corrupt_reply) && corrupt_(random_, payloads_[payload])) {
      ++counters_.corrupted;
      origin = SimOrigin::kCorrupt;
    }
    const Instant at = now_ + after + DrawDelay(faults);
    counters_.reordered += at < latest_reply_ ? 1 : 0;
    latest_reply_ = std::max(latest_reply_, at);
    Schedule(at, {.kind = Action::Kind::kToTransport,
                  .origin = origin,
                  .payload = payload,
                  .from = from,
                  .to = to,
                  .stream = {}});
  }
}

void SimNetwork::ArriveAtTransport(const Action& action) {
  const auto found = stations_.find(action.to);
  if (found == stations_.end() || found->second.transport == kNoTransport) {
    ++counters_.misaddressed;
    FreePayload(action.payload);
    return;
  }
  SimTransport& transport = *transports_[found->second.transport];
  if (!transport.HasRoom() || random_.Chance(FaultsOf(action.from).queue_overflow)) {
    ++counters_.queue_overflows;
    FreePayload(action.payload);
    transport.CountDrop();
    ++arrivals_;
    return;
  }
  Deliver(found->second.transport, {.kind = Event::Kind::kMessage,
                                    .origin = action.origin,
                                    .local_port = found->second.local_port,
                                    .segment = static_cast<uint16_t>(payload(action.payload).size()),
                                    .payload = action.payload,
                                    .server = action.from});
}

void SimNetwork::ReportUnreachable(const Action& action) {
  const auto found = stations_.find(action.to);
  if (found == stations_.end() || found->second.transport == kNoTransport) {
    FreePayload(action.payload);
    return;
  }
  ++counters_.unreachable;
  Deliver(found->second.transport, {.kind = Event::Kind::kUnreachable,
                                    .local_port = found->second.local_port,
                                    .payload = action.payload,
                                    .server = action.from});
}

void SimNetwork::Deliver(uint32_t transport, const SimArrival& arrival) {
  ++arrivals_;
  transports_[transport]->Accept(arrival);
}

void SimReplies::Send(std::span<const uint8_t> bytes, Duration after) {
  if (stream_.index == StreamIndex::kNone) {
    network_.ReplyDatagram(from_, from_, to_, bytes, after);
  } else {
    network_.ReplyOnStream(stream_, bytes, after);
  }
}

void SimReplies::SendFrom(const Endpoint& source, std::span<const uint8_t> bytes, Duration after) {
  network_.ReplyDatagram(from_, source, to_, bytes, after);
}

void SimReplies::CloseStream(Duration after) {
  if (stream_.index != StreamIndex::kNone) network_.CloseFromHost(stream_, after);
}

}  // namespace netio
