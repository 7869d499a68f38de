// A network with a virtual clock, hosts that answer, and faults; it knows no DNS.
//
// Everything that happens is a function of the seed and of the order of the calls: events at one time happen
// in the order in which they were scheduled. One thread owns the network, its hosts and its transports.
#ifndef NETIO_SIM_NETWORK_H_
#define NETIO_SIM_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "netio/endpoint.h"
#include "netio/instant.h"
#include "netio/sim_faults.h"
#include "netio/sim_host.h"
#include "netio/sim_random.h"
#include "netio/transport.h"

namespace netio {

class SimTransport;

// Something that reached a transport and waits for its engine.
struct SimArrival {
  static constexpr uint32_t kNoPayload = UINT32_MAX;

  Event::Kind kind = Event::Kind::kMessage;
  SimOrigin origin = SimOrigin::kGenuine;
  LocalPort local_port{};
  StreamIndex stream = StreamIndex::kNone;
  uint16_t segment = 0;
  int error = 0;
  uint32_t payload = kNoPayload;
  Endpoint server;
};

class SimNetwork {
 public:
  explicit SimNetwork(uint64_t seed) : random_(seed) {}
  SimNetwork(const SimNetwork&) = delete;
  SimNetwork& operator=(const SimNetwork&) = delete;

  // Of every path that has none of its own.
  void SetFaults(const SimFaults& faults) { path_faults_[0] = faults; }
  // Of the path to one endpoint, with or without a host.
  void SetFaults(const Endpoint& endpoint, const SimFaults& faults);
  // `host` answers at `endpoint` from now on; it must outlive the network or be removed.
  void AddHost(const Endpoint& endpoint, SimHost& host);
  // Nobody answers there any more: ICMP errors for datagrams, refusals and resets for streams.
  void RemoveHost(const Endpoint& endpoint);

  void SetCorrupt(SimCorrupt corrupt) { corrupt_ = std::move(corrupt); }
  void SetSpoof(SimSpoof spoof) { spoof_ = std::move(spoof); }
  void SetTap(SimTap* tap) { tap_ = tap; }

  Instant now() const { return now_; }
  // When something will happen next; Instant::max() when nothing will.
  Instant NextEvent() const { return heap_.empty() ? Instant::max() : heap_.front().at; }
  // Lets everything happen up to and at `time`, which becomes the present; time >= now().
  void AdvanceTo(Instant time);
  // The same, but stops at the first time at which something has reached a transport; whether it has.
  bool AdvanceToArrival(Instant limit);

  const SimCounters& counters() const { return counters_; }

 private:
  friend class SimReplies;
  friend class SimTransport;

  struct Scheduled {
    Instant at;
    uint64_t sequence;  // Unique; orders events of one time.
    uint32_t action;    // Index in actions_.
  };
  struct Action {
    enum class Kind : uint8_t {
      kToHost,
      kToTransport,
      kUnreachable,
      kGiveBack,
      kStreamAtHost,  // A connection request.
      kStreamOpen,
      kStreamToHost,
      kStreamToTransport,
      kStreamClosed,
    };
    Kind kind;
    SimOrigin origin = SimOrigin::kGenuine;
    int error = 0;
    uint32_t payload = SimArrival::kNoPayload;
    uint32_t ticket = 0;  // Of kGiveBack.
    Endpoint from;
    Endpoint to;
    SimStreamId stream;
  };
  struct Station {
    SimHost* host = nullptr;
    uint32_t faults = 0;  // Index in path_faults_.
    uint32_t transport = kNoTransport;
    LocalPort local_port{};
  };
  struct Stream {
    enum class State : uint8_t { kEnded, kConnecting, kOpen };
    State state = State::kEnded;
    uint32_t generation = 0;  // Grows when the stream ends, so that what is under way for it is ignored.
    Endpoint server;
    Instant last_to_host{};  // A stream keeps its order.
    Instant last_to_transport{};
  };
  struct EndpointHash {
    size_t operator()(const Endpoint& endpoint) const;
  };
  static constexpr uint32_t kNoTransport = UINT32_MAX;

  // ---- For transports ----
  uint32_t Attach(SimTransport& transport, size_t max_streams);
  void Detach(uint32_t transport);
  void AddSource(const Endpoint& source, uint32_t transport, LocalPort local_port);
  void RemoveSource(const Endpoint& source) { stations_.erase(source); }
  // False when the burst could not be sent.
  bool SendBurst(uint32_t transport, const Endpoint& from, const Burst& burst);
  // How long the burst just sent keeps its place; 0: not at all.
  Duration DrawBackPressure(const Endpoint& server);
  void ScheduleGiveBack(uint32_t transport, uint32_t ticket, Duration after);
  void OpenStream(uint32_t transport, StreamIndex index, const Endpoint& server);
  void CloseStream(uint32_t transport, StreamIndex index);
  void SendOnStream(uint32_t transport, const Endpoint& from, const Burst& burst);
  std::span<const uint8_t> payload(uint32_t index) const { return payloads_[index]; }
  void FreePayload(uint32_t index);

  // ---- For hosts ----
  void ReplyDatagram(const Endpoint& path, const Endpoint& from, const Endpoint& to,
                     std::span<const uint8_t> bytes, Duration after);
  void ReplyOnStream(SimStreamId id, std::span<const uint8_t> bytes, Duration after);
  void CloseFromHost(SimStreamId id, Duration after);

  const SimFaults& FaultsOf(const Endpoint& endpoint) const;
  Duration DrawDelay(const SimFaults& faults);
  uint32_t StorePayload(std::span<const uint8_t> bytes);
  void Schedule(Instant at, const Action& action);
  void RunNext();
  void Run(const Action& action);

  void SendDatagram(const SimFaults& faults, const Endpoint& from, const Endpoint& to,
                    std::span<const uint8_t> bytes);
  void Spoof(const SimFaults& faults, const Endpoint& from, const Endpoint& to,
             std::span<const uint8_t> bytes);
  void ArriveAtHost(const Action& action);
  void ArriveAtTransport(const Action& action);
  void ReportUnreachable(const Action& action);
  void Deliver(uint32_t transport, const SimArrival& arrival);

  Stream* Find(SimStreamId id);
  void ArriveOpen(const Action& action);
  void ConfirmOpen(const Action& action);
  void ArriveOnStream(const Action& action);
  void DeliverOnStream(const Action& action);
  void EndStream(SimStreamId id, int error);

  SimRandom random_;
  Instant now_{};
  uint64_t sequence_ = 0;
  uint64_t arrivals_ = 0;        // Delivered to transports so far.
  Instant latest_reply_{};       // Arrival time of the datagram to a transport that arrives last.
  std::vector<Scheduled> heap_;  // std::push_heap order, the earliest in front.
  std::vector<Action> actions_;  // A slab; free_actions_ names the free places.
  std::vector<uint32_t> free_actions_;
  std::vector<std::vector<uint8_t>> payloads_;  // The same; buffers keep their capacity.
  std::vector<uint32_t> free_payloads_;
  std::unordered_map<Endpoint, Station, EndpointHash> stations_;    // Never iterated.
  std::vector<SimFaults> path_faults_ = std::vector<SimFaults>(1);  // The first is the default.
  std::vector<SimTransport*> transports_;                           // Null after Detach.
  std::vector<std::vector<Stream>> streams_;                        // By transport and StreamIndex.
  SimCorrupt corrupt_;
  SimSpoof spoof_;
  SimSpoofed spoofed_;
  SimTap* tap_ = nullptr;
  SimCounters counters_;
};

}  // namespace netio

#endif  // NETIO_SIM_NETWORK_H_
