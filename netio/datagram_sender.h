// Sends bursts of datagrams by sendmmsg, and decides what a refused send means.
#ifndef NETIO_DATAGRAM_SENDER_H_
#define NETIO_DATAGRAM_SENDER_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <vector>

#include "netio/control_data.h"
#include "netio/event_list.h"
#include "netio/outbox.h"
#include "netio/socket_set.h"
#include "netio/transport.h"

namespace netio {

// Bursts wait in one queue a socket, so that one call carries many. A burst leaves its queue when
//   - the kernel took all of it;
//   - the kernel refused it for a reason of its own (no route, permission): kSendFailed, its bytes valid
//   until
//     GiveBackFailed;
// and stays while the kernel has no room (EAGAIN, ENOBUFS), or is sent again at once when the refusal was an
// earlier ICMP error that the kernel reports with the next send to anyone. Where the kernel refuses
// UDP_SEGMENT, every datagram is a send of its own from then on.
class DatagramSender {
 public:
  // All four outlive the sender.
  DatagramSender(Outbox& outbox, SocketSet& sockets, EventList& events, TransportStats& stats);

  // False once the kernel has refused UDP_SEGMENT.
  bool segments() const { return segments_; }

  void Queue(Outbox::Ticket ticket);

  // Sends what is queued, as far as the kernel takes it.
  void Flush();

  // Whether bursts wait for room in the kernel: at this socket, at any.
  bool waiting(size_t socket) const { return queues_[socket].first != kEnd; }
  bool waiting() const { return waiting_ != 0; }

  // Frees the bytes of the last kSendFailed events.
  void GiveBackFailed();

 private:
  static constexpr size_t kBatch = 64;
  static constexpr uint32_t kEnd = UINT32_MAX;

  // A waiting burst.
  struct Link {
    uint32_t next = kEnd;
    uint16_t sent = 0;      // Datagrams that the kernel took one by one.
    uint8_t refusals = 0;   // Failed sends of its first unsent datagram that no ICMP error explains.
    int segment_error = 0;  // Why it goes datagram by datagram although the others do not.
  };
  struct SocketQueue {
    uint32_t first = kEnd;
    uint32_t last = kEnd;
  };
  // What one message of a batch is part of.
  struct Part {
    uint32_t ticket;
    uint16_t datagrams;
  };

  bool FlushOnce(size_t socket);
  size_t FillBatch(size_t socket);
  void Took(size_t socket, const Part& part);
  bool Refused(size_t socket, int error);
  void Fail(size_t socket, int error);
  void PopFront(size_t socket);

  Outbox& outbox_;
  SocketSet& sockets_;
  EventList& events_;
  TransportStats& stats_;
  bool segments_;
  size_t waiting_ = 0;       // Bursts in all queues.
  std::vector<Link> links_;  // By ticket.
  std::vector<SocketQueue> queues_;
  std::vector<Outbox::Ticket> failed_;
  std::array<mmsghdr, kBatch> batch_;
  std::array<OutgoingMessage, kBatch> messages_;
  std::array<Part, kBatch> parts_;
};

}  // namespace netio

#endif  // NETIO_DATAGRAM_SENDER_H_
