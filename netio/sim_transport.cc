#include "netio/sim_transport.h"

#include <cassert>
#include <cerrno>

namespace netio {

SimTransport::SimTransport(SimNetwork& network, const SimTransportOptions& options)
    : Transport(Outbox(options.arena_bytes, options.max_bursts, options.max_streams)),
      network_(network),
      options_(options),
      index_(network.Attach(*this, options.max_streams)) {
  assert(options.ipv4_source.family == Family::kIpv4 && options.ipv6_source.family == Family::kIpv6);
  for (uint16_t i = 0; i < options.local_ports; ++i) {
    network.AddSource(Source(Family::kIpv4, i), index_, static_cast<LocalPort>(i));
    network.AddSource(Source(Family::kIpv6, i), index_, static_cast<LocalPort>(i));
  }
}

SimTransport::~SimTransport() {
  for (const SimArrival& arrival : inbox_) network_.FreePayload(arrival.payload);
  for (uint16_t i = 0; i < options_.local_ports; ++i) {
    network_.RemoveSource(Source(Family::kIpv4, i));
    network_.RemoveSource(Source(Family::kIpv6, i));
  }
  network_.Detach(index_);
}

Endpoint SimTransport::Source(Family family, uint16_t offset) const {
  Endpoint source = family == Family::kIpv4 ? options_.ipv4_source : options_.ipv6_source;
  source.port = static_cast<uint16_t>(source.port + offset);
  return source;
}

void SimTransport::Flush() {
  for (const StreamIndex stream : ended_streams_) outbox_.FreeStream(stream);
  ended_streams_.clear();
  for (const Outbox::StreamCommand& command : outbox_.stream_commands()) {
    if (command.open) {
      network_.OpenStream(index_, command.stream, command.server);
    } else {
      network_.CloseStream(index_, command.stream);
    }
  }
  outbox_.ClearStreamCommands();
  while (outbox_.queued() > 0) SendFromOutbox();
}

void SimTransport::SendFromOutbox() {
  const Outbox::Ticket ticket = outbox_.Take();
  const Burst& burst = outbox_.burst(ticket);
  ++stats_.send_calls;
  if (burst.stream != StreamIndex::kNone) {
    // Connections have ports of their own, which no datagram reaches.
    Endpoint source = Source(burst.server.family, 0);
    source.port =
        static_cast<uint16_t>(source.port + options_.local_ports + static_cast<uint16_t>(burst.stream));
    network_.SendOnStream(index_, source, burst);
    ++stats_.stream_messages_sent;
  } else {
    assert(static_cast<uint16_t>(burst.local_port) < options_.local_ports);
    if (network_.SendBurst(index_, Source(burst.server.family, static_cast<uint16_t>(burst.local_port)),
                           burst)) {
      stats_.datagrams_sent += burst.bytes.size() / burst.segment;
    } else {
      Fail(burst);
    }
  }
  const Duration held = network_.DrawBackPressure(burst.server);
  if (held == Duration::zero()) {
    outbox_.GiveBack(ticket);
  } else {
    network_.ScheduleGiveBack(index_, static_cast<uint32_t>(ticket), held);
  }
}

void SimTransport::Fail(const Burst& burst) {
  Accept({.kind = Event::Kind::kSendFailed,
          .local_port = burst.local_port,
          .segment = burst.segment,
          .error = ENETUNREACH,
          .payload = network_.StorePayload(burst.bytes),
          .server = burst.server});
}

void SimTransport::Accept(const SimArrival& arrival) {
  if (arrival.payload != SimArrival::kNoPayload) inbox_bytes_ += network_.payload(arrival.payload).size();
  if (arrival.kind == Event::Kind::kMessage && arrival.stream == StreamIndex::kNone) ++inbox_datagrams_;
  inbox_.push_back(arrival);
}

std::span<const Event> SimTransport::Wait(Instant /*deadline*/) {
  Flush();
  events_.clear();
  received_.clear();
  received_.reserve(inbox_bytes_);  // No growth below: events point into it.
  for (const SimArrival& arrival : inbox_) {
    std::span<const uint8_t> bytes;
    if (arrival.payload != SimArrival::kNoPayload) {
      const std::span<const uint8_t> payload = network_.payload(arrival.payload);
      const size_t begin = received_.size();
      received_.insert(received_.end(), payload.begin(), payload.end());
      bytes = std::span(received_).subspan(begin);
      network_.FreePayload(arrival.payload);
    }
    Count(arrival);
    const Event event{.kind = arrival.kind,
                      .local_port = arrival.local_port,
                      .stream = arrival.stream,
                      .segment = arrival.segment,
                      .server = arrival.server,
                      .bytes = bytes,
                      .error = arrival.error};
    if (network_.tap_ != nullptr) network_.tap_->OnDelivered(network_.now(), index_, event, arrival.origin);
    if (!Coalesce(arrival, bytes)) events_.push_back(event);
  }
  inbox_.clear();
  inbox_bytes_ = inbox_datagrams_ = 0;
  if (new_drops_ != 0) {
    stats_.receive_drops += new_drops_;
    events_.push_back({.kind = Event::Kind::kDrops, .server = {}, .bytes = {}, .count = new_drops_});
    new_drops_ = 0;
  }
  return events_;
}

void SimTransport::Count(const SimArrival& arrival) {
  switch (arrival.kind) {
    case Event::Kind::kMessage:
      ++(arrival.stream == StreamIndex::kNone ? stats_.datagrams_received : stats_.stream_messages_received);
      return;
    case Event::Kind::kSendFailed:
      ++stats_.send_failures;
      return;
    case Event::Kind::kUnreachable:
      ++stats_.unreachable;
      return;
    case Event::Kind::kStreamOpen:
      ++stats_.streams_opened;
      return;
    case Event::Kind::kStreamClosed:
      ended_streams_.push_back(arrival.stream);
      return;
    case Event::Kind::kDrops:
      return;
  }
}

bool SimTransport::Coalesce(const SimArrival& arrival, std::span<const uint8_t> bytes) {
  constexpr size_t kMaxBytes = 65'535;
  if (!options_.coalesce || arrival.kind != Event::Kind::kMessage || arrival.stream != StreamIndex::kNone ||
      bytes.empty() || events_.empty()) {
    return false;
  }
  Event& last = events_.back();
  if (last.kind != Event::Kind::kMessage || last.stream != StreamIndex::kNone || last.segment == 0 ||
      last.local_port != arrival.local_port || last.server != arrival.server || bytes.size() > last.segment ||
      last.bytes.size() % last.segment != 0 || last.bytes.size() / last.segment >= Burst::kMaxSegments ||
      last.bytes.size() + bytes.size() > kMaxBytes) {
    return false;
  }
  last.bytes = {last.bytes.data(), last.bytes.size() + bytes.size()};
  return true;
}

}  // namespace netio
