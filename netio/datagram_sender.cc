#include "netio/datagram_sender.h"

#include <netinet/udp.h>

#include <cerrno>
#include <utility>

#include "netio/error_queue.h"

namespace netio {
namespace {

// A pending ICMP error may be reported although the error queue had no room to name it: such a send is
// repeated this often before the error is taken for the send's own.
constexpr int kUnexplainedRefusals = 3;

bool KernelHasUdpSegment(const SocketSet& sockets) {
  if (sockets.sockets().empty()) return false;
  int value = 0;
  socklen_t size = sizeof(value);
  return getsockopt(sockets.sockets().front().fd.get(), IPPROTO_UDP, UDP_SEGMENT, &value, &size) == 0;
}

bool NoRoom(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM;
}

// What Linux says to UDP_SEGMENT that it, the route or the device cannot do. EMSGSIZE is about one burst: its
// segments exceed the path's MTU; the others concern all.
bool MayRefuseSegments(int error) {
  return error == EINVAL || error == EIO || error == EOPNOTSUPP || error == ENOPROTOOPT || error == EMSGSIZE;
}

}  // namespace

DatagramSender::DatagramSender(Outbox& outbox, SocketSet& sockets, EventList& events, TransportStats& stats)
    : outbox_(outbox),
      sockets_(sockets),
      events_(events),
      stats_(stats),
      segments_(KernelHasUdpSegment(sockets)),
      links_(outbox.max_tickets()),
      queues_(sockets.sockets().size()) {
  if (!segments_) stats_.fallbacks.Add(Fallback::kSingleSends);
  failed_.reserve(outbox.max_bursts());
}

void DatagramSender::Queue(Outbox::Ticket ticket) {
  const auto index = static_cast<uint32_t>(ticket);
  const Burst& burst = outbox_.burst(ticket);
  SocketQueue& queue = queues_[sockets_.index(burst.server.family, burst.local_port)];
  links_[index] = {};
  (queue.first == kEnd ? queue.first : links_[queue.last].next) = index;
  queue.last = index;
  ++waiting_;
}

void DatagramSender::Flush() {
  for (size_t socket = 0; socket < queues_.size(); ++socket) {
    while (waiting(socket) && FlushOnce(socket)) {
    }
  }
}

void DatagramSender::GiveBackFailed() {
  for (const Outbox::Ticket ticket : failed_) outbox_.GiveBack(ticket);
  failed_.clear();
}

// One system call. False: no room for more at this socket now.
bool DatagramSender::FlushOnce(size_t socket) {
  const size_t filled = FillBatch(socket);
  const SocketSet::Socket& from = sockets_.sockets()[socket];
  const int taken = sendmmsg(from.fd.get(), batch_.data(), static_cast<unsigned>(filled), MSG_DONTWAIT);
  const int error = errno;
  ++stats_.send_calls;
  if (taken < 0) return error == EINTR || Refused(socket, error);
  for (size_t i = 0; std::cmp_less(i, taken); ++i) Took(socket, parts_[i]);
  // The kernel has forgotten why it stopped. If it was an ICMP error, this names it, and the rest can go.
  if (std::cmp_less(taken, filled) && DrainErrorQueue(from, events_, stats_) > 0) ++stats_.sends_repeated;
  return true;
}

// Fills batch_ and parts_ from the front of the socket's queue and returns how many messages they hold.
size_t DatagramSender::FillBatch(size_t socket) {
  size_t filled = 0;
  for (uint32_t ticket = queues_[socket].first; ticket != kEnd && filled < kBatch;
       ticket = links_[ticket].next) {
    const Burst& burst = outbox_.burst(Outbox::Ticket{ticket});
    const Link& link = links_[ticket];
    const size_t datagrams = burst.bytes.size() / burst.segment;
    const bool whole = segments_ && link.segment_error == 0 && link.sent == 0;
    const size_t step = whole ? datagrams : 1;
    for (size_t first = link.sent; first < datagrams && filled < kBatch; first += step) {
      const std::span<uint8_t> bytes = burst.bytes.subspan(first * burst.segment, step * burst.segment);
      messages_[filled].Fill(burst.server, bytes, burst.segment);
      batch_[filled] = {.msg_hdr = messages_[filled].header, .msg_len = 0};
      parts_[filled] = {.ticket = ticket, .datagrams = static_cast<uint16_t>(step)};
      ++filled;
    }
  }
  return filled;
}

void DatagramSender::Took(size_t socket, const Part& part) {
  Link& link = links_[part.ticket];
  const Outbox::Ticket ticket{part.ticket};
  const Burst& burst = outbox_.burst(ticket);
  stats_.datagrams_sent += part.datagrams;
  link.sent = static_cast<uint16_t>(link.sent + part.datagrams);
  link.refusals = 0;
  // The datagrams are fine and only their segmentation was refused.
  if (link.segment_error != 0 && link.segment_error != EMSGSIZE) {
    segments_ = false;
    stats_.fallbacks.Add(Fallback::kSingleSends);
  }
  if (size_t{link.sent} * burst.segment < burst.bytes.size()) return;
  PopFront(socket);
  outbox_.GiveBack(ticket);
}

// `error` is the answer to the first burst of the queue. False: it has to wait.
bool DatagramSender::Refused(size_t socket, int error) {
  if (NoRoom(error)) return false;
  Link& link = links_[queues_[socket].first];
  const Burst& burst = outbox_.burst(Outbox::Ticket{queues_[socket].first});
  const bool whole =
      segments_ && link.segment_error == 0 && link.sent == 0 && burst.bytes.size() > burst.segment;
  if (whole && MayRefuseSegments(error)) {
    link.segment_error = error;
    return true;
  }
  if (DrainErrorQueue(sockets_.sockets()[socket], events_, stats_) > 0) {
    ++stats_.sends_repeated;
  } else if (++link.refusals > kUnexplainedRefusals) {
    Fail(socket, error);
  }
  return true;
}

void DatagramSender::Fail(size_t socket, int error) {
  const uint32_t index = queues_[socket].first;
  const Outbox::Ticket ticket{index};
  const Burst& burst = outbox_.burst(ticket);
  events_.Add({.kind = Event::Kind::kSendFailed,
               .local_port = burst.local_port,
               .segment = burst.segment,
               .server = burst.server,
               .bytes = burst.bytes.subspan(size_t{links_[index].sent} * burst.segment),
               .error = error});
  ++stats_.send_failures;
  failed_.push_back(ticket);
  PopFront(socket);
}

void DatagramSender::PopFront(size_t socket) {
  SocketQueue& queue = queues_[socket];
  queue.first = links_[queue.first].next;
  if (queue.first == kEnd) queue.last = kEnd;
  --waiting_;
}

}  // namespace netio
