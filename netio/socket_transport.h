// What the transports on real sockets have in common.
#ifndef NETIO_SOCKET_TRANSPORT_H_
#define NETIO_SOCKET_TRANSPORT_H_

#include <cstdint>
#include <span>

#include "netio/coalescing.h"
#include "netio/datagram_sender.h"
#include "netio/event_list.h"
#include "netio/instant.h"
#include "netio/socket_set.h"
#include "netio/stream_table.h"
#include "netio/transport.h"
#include "netio/transport_options.h"

namespace netio {

// Wait in two parts: what needs no waiting, here; waiting and receiving, in the derived class. A Wait returns
// before its deadline, perhaps without events, also on a signal and when room was made after a failed
// Reserve.
class SocketTransport : public Transport {
 public:
  SocketTransport(const SocketTransport&) = delete;
  SocketTransport& operator=(const SocketTransport&) = delete;

  uint16_t local_ports(Family family) const override { return sockets_.ports(family); }
  const TransportStats& stats() const override { return stats_; }

 protected:
  // How long bursts rest that found no room in the kernel.
  static constexpr Duration kRetryInterval = std::chrono::microseconds(500);

  // Buffers for coalesced receives, of SocketSet::kMaxCoalesced octets. Few, so that they stay in the cache:
  // each holds up to Burst::kMaxSegments datagrams.
  static constexpr size_t kCoalescedBuffers = 32;

  // `sockets` outlives the transport. `receives`: most that one Wait makes.
  SocketTransport(const TransportOptions& options, SocketSet& sockets, size_t receives);

  // Frees what the last events pointed to.
  void BeginWait();

  // Passes `ticket`, a burst on a stream, to its stream.
  void SendOnStream(Outbox::Ticket ticket);

  // Adds the events of one receive: `bytes` came from `server` to the socket of this index, with the kernel's
  // `control` data.
  void Received(size_t index, const Endpoint& server, std::span<const uint8_t> bytes,
                const ReceiveControl& control);

  // Whether a socket should coalesce.
  bool WantsCoalescing(size_t index) const { return policies_[index].wanted(); }
  // Whether it does not do as it should.
  bool SwitchDue(size_t index) const {
    return policies_[index].wanted() != sockets_.sockets()[index].coalesces;
  }
  // Lets it do as it should where that loses nothing at this moment, else later. While a receive is under
  // way, only to stop coalescing.
  void Switch(size_t index);

  // Whether there is a reason to return now; clears it.
  bool Done(Instant deadline);

  // When to stop waiting: at `deadline`, or earlier to try again to send.
  Instant WakeAt(Instant deadline) const;

  SocketSet& sockets_;
  TransportStats stats_;
  EventList events_;
  DatagramSender sender_;
  StreamTable streams_;
  bool switches_due_ = true;  // Since a policy has changed its mind.

 private:
  void CountDrops(SocketSet::Socket& socket, uint32_t total);

  std::vector<CoalescingPolicy> policies_;  // By socket.
  std::vector<Outbox::Ticket> failed_on_streams_;
};

}  // namespace netio

#endif  // NETIO_SOCKET_TRANSPORT_H_
