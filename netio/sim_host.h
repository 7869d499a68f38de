// The far end of a simulated network, and the one who watches.
#ifndef NETIO_SIM_HOST_H_
#define NETIO_SIM_HOST_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "netio/endpoint.h"
#include "netio/instant.h"
#include "netio/sim_faults.h"
#include "netio/transport.h"

namespace netio {

class SimNetwork;

// Names one connection for as long as it lives.
struct SimStreamId {
  uint32_t transport = 0;
  StreamIndex index = StreamIndex::kNone;
  uint32_t generation = 0;
};

// How a host answers the message that it was just given; valid during that call.
class SimReplies {
 public:
  // Sends back the way the message came, after the time that the host takes to think.
  void Send(std::span<const uint8_t> bytes, Duration after = {});
  // A datagram from another endpoint than the one that was asked.
  void SendFrom(const Endpoint& source, std::span<const uint8_t> bytes, Duration after = {});
  // Ends the stream in an orderly way, behind what was sent on it before. Does nothing for a datagram.
  void CloseStream(Duration after = {});

 private:
  friend class SimNetwork;
  SimReplies(SimNetwork& network, const Endpoint& to, const Endpoint& from, SimStreamId stream)
      : network_(network), to_(to), from_(from), stream_(stream) {}

  SimNetwork& network_;
  Endpoint to_;
  Endpoint from_;
  SimStreamId stream_;  // index kNone: a datagram.
};

// Anything that answers. One object may stand at many endpoints.
class SimHost {
 public:
  virtual ~SimHost() = default;
  // A datagram from `from` reached the host's endpoint `to`.
  virtual void OnDatagram(Instant now, const Endpoint& from, const Endpoint& to,
                          std::span<const uint8_t> bytes, SimReplies& replies) = 0;
  // The same for one message on a stream, without the two octets of its length.
  virtual void OnStreamMessage(Instant now, const Endpoint& from, const Endpoint& to,
                               std::span<const uint8_t> bytes, SimReplies& replies) = 0;
};

// Sees all that transports send and are given, at its exact time. `transport` is SimTransport::index().
class SimTap {
 public:
  virtual ~SimTap() = default;
  // A datagram, or a message on a stream, leaves a transport.
  virtual void OnSent(Instant now, uint32_t transport, const Endpoint& from, const Endpoint& to,
                      bool on_stream, std::span<const uint8_t> bytes) = 0;
  // A transport returns this to its engine, before datagrams are coalesced.
  virtual void OnDelivered(Instant now, uint32_t transport, const Event& event, SimOrigin origin) = 0;
};

}  // namespace netio

#endif  // NETIO_SIM_HOST_H_
