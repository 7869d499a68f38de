// A host that answers, a tap that writes down, and endpoints, for the tests of the simulated network.
#ifndef TESTS_NETIO_SIM_TEST_LAB_H_
#define TESTS_NETIO_SIM_TEST_LAB_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netio/sim_network.h"
#include "netio/sim_transport.h"

namespace netio {

inline Endpoint At(std::string_view text) { return ParseEndpoint(text, 53).value(); }

inline std::string Text(std::span<const uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

inline SimTransportOptions LabOptions(uint8_t engine = 1) {
  SimTransportOptions options;
  options.ipv4_source = At("10.0.0." + std::to_string(engine) + ":1000");
  options.ipv6_source = At("[2001:db8::" + std::to_string(engine) + "]:1000");
  return options;
}

// Answers `x` with `x` and what it was configured to add.
class EchoHost : public SimHost {
 public:
  void OnDatagram(Instant now, const Endpoint& from, const Endpoint& to, std::span<const uint8_t> bytes,
                  SimReplies& replies) override {
    seen.push_back({now, from, to, Text(bytes)});
    replies.Send(bytes, think);
    if (!also_from.octets().empty() && also_from.port != 0) replies.SendFrom(also_from, bytes, think);
  }
  void OnStreamMessage(Instant now, const Endpoint& from, const Endpoint& to, std::span<const uint8_t> bytes,
                       SimReplies& replies) override {
    seen.push_back({now, from, to, Text(bytes)});
    replies.Send(bytes, think);
    if (Text(bytes) == "close") replies.CloseStream();
  }

  struct Seen {
    Instant at;
    Endpoint from;
    Endpoint to;
    std::string text;
  };
  std::vector<Seen> seen;
  Duration think{0};
  Endpoint also_from;
};

class WritingTap : public SimTap {
 public:
  void OnSent(Instant now, uint32_t transport, const Endpoint& from, const Endpoint& to, bool on_stream,
              std::span<const uint8_t> bytes) override {
    log.push_back(std::to_string(now.time_since_epoch().count()) + " " + std::to_string(transport) + " " +
                  ToString(from) + " > " + ToString(to) + (on_stream ? " stream " : " ") + Text(bytes));
  }
  void OnDelivered(Instant now, uint32_t transport, const Event& event, SimOrigin origin) override {
    ++origins[static_cast<size_t>(origin)];
    log.push_back(std::to_string(now.time_since_epoch().count()) + " " + std::to_string(transport) + " < " +
                  ToString(event.server) + " " + std::to_string(static_cast<int>(event.kind)) + " " +
                  Text(event.bytes));
  }

  std::vector<std::string> log;
  uint64_t origins[4] = {};
};

// Sends `text` once for each of `copies` in one burst; false when the outbox is full.
inline bool SendText(Transport& transport, const Endpoint& server, std::string_view text, uint16_t port = 0,
                     StreamIndex stream = StreamIndex::kNone, size_t copies = 1) {
  const std::span<uint8_t> bytes = transport.outbox().Reserve(text.size() * copies);
  if (bytes.empty()) return false;
  for (size_t i = 0; i < copies; ++i) {
    std::copy(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(i * text.size()));
  }
  transport.outbox().Send({.server = server,
                           .local_port = static_cast<LocalPort>(port),
                           .stream = stream,
                           .segment = static_cast<uint16_t>(text.size()),
                           .bytes = bytes});
  return true;
}

// An event with octets of its own.
struct KeptEvent {
  Event event;
  std::string text;
};

inline void Collect(SimTransport& transport, std::vector<KeptEvent>& out) {
  for (const Event& event : transport.Wait({})) out.push_back({event, Text(event.bytes)});
}

// Flushes, lets the network run dry, and returns all that came.
inline std::vector<KeptEvent> RunDry(SimNetwork& network, SimTransport& transport) {
  std::vector<KeptEvent> events;
  Collect(transport, events);
  while (network.NextEvent() != Instant::max()) {
    network.AdvanceTo(network.NextEvent());
    Collect(transport, events);
  }
  return events;
}

}  // namespace netio

#endif  // TESTS_NETIO_SIM_TEST_LAB_H_
