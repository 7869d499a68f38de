// A Transport on a SimNetwork. It never waits: the network's clock is moved by whoever owns it.
//
// One turn of a simulation, for every engine: Wait, Engine::Step, Flush; then the network advances to the
// next event or the earliest wake-up.
#ifndef NETIO_SIM_TRANSPORT_H_
#define NETIO_SIM_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "netio/endpoint.h"
#include "netio/sim_network.h"
#include "netio/transport.h"

namespace netio {

struct SimTransportOptions {
  // Source addresses; their ports are those of the first local port, and further ones follow it.
  Endpoint ipv4_source;
  Endpoint ipv6_source;
  uint16_t local_ports = 16;  // Of each family.
  size_t arena_bytes = size_t{1} << 20;
  size_t max_bursts = 4096;
  size_t max_streams = Outbox::kDefaultStreams;
  size_t receive_queue = 4096;  // Datagrams that wait for the engine at most; more are dropped and counted.
  bool coalesce = true;  // Datagrams of one length that follow each other come in one event, as with UDP_GRO.
};

class SimTransport final : public Transport {
 public:
  // The sources must be free in `network`, which must outlive the transport.
  SimTransport(SimNetwork& network, const SimTransportOptions& options);
  ~SimTransport() override;
  SimTransport(const SimTransport&) = delete;
  SimTransport& operator=(const SimTransport&) = delete;

  uint16_t local_ports(Family /*family*/) const override { return options_.local_ports; }
  // Flushes and returns what has arrived up to the network's present, whatever the deadline.
  std::span<const Event> Wait(Instant deadline) override;
  const TransportStats& stats() const override { return stats_; }

  // Hands over everything in the outbox; what was sent leaves at the network's present.
  void Flush();
  // Whether Wait would return an event.
  bool has_arrived() const { return !inbox_.empty() || new_drops_ != 0; }
  uint32_t index() const { return index_; }

 private:
  friend class SimNetwork;

  // ---- For the network ----
  bool HasRoom() const { return inbox_datagrams_ < options_.receive_queue; }
  void Accept(const SimArrival& arrival);
  void CountDrop() { ++new_drops_; }
  void GiveBack(uint32_t ticket) { outbox_.GiveBack(static_cast<Outbox::Ticket>(ticket)); }

  Endpoint Source(Family family, uint16_t offset) const;
  void SendFromOutbox();
  void Fail(const Burst& burst);
  void Count(const SimArrival& arrival);
  // Whether `bytes` became part of the event before it.
  bool Coalesce(const SimArrival& arrival, std::span<const uint8_t> bytes);

  SimNetwork& network_;
  const SimTransportOptions options_;
  const uint32_t index_;
  std::vector<SimArrival> inbox_;
  size_t inbox_bytes_ = 0;
  size_t inbox_datagrams_ = 0;
  uint32_t new_drops_ = 0;
  std::vector<Event> events_;
  std::vector<uint8_t> received_;           // What events_ point to.
  std::vector<StreamIndex> ended_streams_;  // Their kStreamClosed is in events_.
  TransportStats stats_;
};

}  // namespace netio

#endif  // NETIO_SIM_TRANSPORT_H_
