#include "netio/mmsg_transport.h"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "netio/clock.h"
#include "netio/error_queue.h"
#include "netio/system_error.h"

namespace netio {
namespace {

constexpr unsigned kReceiveBatch = 64;
constexpr uint32_t kStreams = UINT32_MAX;  // The epoll datum of the streams' own descriptor.

timespec ToTimespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<MmsgTransport>> MmsgTransport::Create(const TransportOptions& options,
                                                                     SocketSet& sockets) {
  const size_t buffer_bytes = sockets.coalesces() ? SocketSet::kMaxCoalesced : options.max_datagram;
  const size_t buffers = std::max<size_t>(1, options.receive_bytes / buffer_bytes);
  std::unique_ptr<MmsgTransport> transport(new MmsgTransport(options, sockets, buffer_bytes, buffers));
  if (absl::Status status = transport->WatchSockets(); !status.ok()) return status;
  return transport;
}

MmsgTransport::MmsgTransport(const TransportOptions& options, SocketSet& sockets, size_t buffer_bytes,
                             size_t buffers)
    : SocketTransport(options, sockets, buffers),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      buffers_(buffers * buffer_bytes),
      receives_(buffers),
      headers_(buffers),
      ready_(sockets.sockets().size() + 1) {
  for (size_t i = 0; i < buffers; ++i) {
    receives_[i].bytes = {.iov_base = buffers_.data() + i * buffer_bytes, .iov_len = buffer_bytes};
  }
}

absl::Status MmsgTransport::WatchSockets() {
  const auto watch = [this](int fd, uint32_t datum) {
    epoll_event interest{.events = EPOLLIN, .data = {.u32 = datum}};
    return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &interest) == 0;
  };
  for (size_t i = 0; i < sockets_.sockets().size(); ++i) {
    if (!watch(sockets_.sockets()[i].fd.get(), static_cast<uint32_t>(i))) {
      return SystemError("cannot watch a socket with epoll");
    }
  }
  if (!watch(streams_.epoll_fd(), kStreams)) return SystemError("cannot watch streams with epoll");
  return absl::OkStatus();
}

std::span<const Event> MmsgTransport::Wait(Instant deadline) {
  BeginWait();
  used_ = 0;
  HandOver();
  while (true) {
    sender_.Flush();
    WaitAndReceive(Instant::min());
    if (Done(deadline) || !WaitAndReceive(WakeAt(deadline)) || !events_.empty()) break;
    used_ = 0;
  }
  return events_.events();
}

// Everything in the outbox goes to the queue of its socket or its stream.
void MmsgTransport::HandOver() {
  while (outbox_.queued() > 0) {
    const Outbox::Ticket ticket = outbox_.Take();
    if (outbox_.burst(ticket).stream != StreamIndex::kNone) {
      SendOnStream(ticket);
    } else {
      sender_.Queue(ticket);
    }
  }
  streams_.FlushThenClose();
  if (streams_.backlog()) streams_.Poll();
}

// False: a signal came.
bool MmsgTransport::WaitAndReceive(Instant wake_at) {
  const int count = EpollWait(wake_at);
  if (count < 0) return errno != EINTR;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready_[static_cast<size_t>(i)];
    if (event.data.u32 == kStreams) {
      streams_.Poll();
      continue;
    }
    SocketSet::Socket& socket = sockets_.sockets()[event.data.u32];
    if ((event.events & EPOLLERR) != 0) DrainErrorQueue(socket, events_, stats_);
    if ((event.events & EPOLLIN) != 0) ReceiveFrom(socket);
  }
  return true;
}

int MmsgTransport::EpollWait(Instant wake_at) {
  const Duration left =
      std::max(Duration::zero(), wake_at == Instant::min() ? Duration::zero() : wake_at - MonotonicNow());
  const int capacity = static_cast<int>(ready_.size());
  if (has_epoll_pwait2_ && left > Duration::zero()) {
    const timespec timeout = ToTimespec(left);
    const int count = epoll_pwait2(epoll_.get(), ready_.data(), capacity, &timeout, nullptr);
    if (count >= 0 || errno == EINTR) return count;
    has_epoll_pwait2_ = false;  // Since Linux 5.11; sandboxes may refuse it with any error.
  }
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
  const auto rounded_up =
      std::min(kLongest, std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, kLongest)));
  return epoll_wait(epoll_.get(), ready_.data(), capacity, static_cast<int>(rounded_up.count()));
}

void MmsgTransport::ReceiveFrom(SocketSet::Socket& socket) {
  while (used_ < receives_.size()) {
    const auto batch = static_cast<unsigned>(std::min<size_t>(kReceiveBatch, receives_.size() - used_));
    for (size_t i = used_; i < used_ + batch; ++i) {
      Receive& receive = receives_[i];
      headers_[i] = {};
      headers_[i].msg_hdr.msg_name = &receive.from;
      headers_[i].msg_hdr.msg_namelen = sizeof(receive.from);
      headers_[i].msg_hdr.msg_iov = &receive.bytes;
      headers_[i].msg_hdr.msg_iovlen = 1;
      headers_[i].msg_hdr.msg_control = receive.control.data();
      headers_[i].msg_hdr.msg_controllen = receive.control.size();
    }
    const int count = recvmmsg(socket.fd.get(), headers_.data() + used_, batch, MSG_DONTWAIT, nullptr);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      DrainErrorQueue(socket, events_, stats_);
      return;
    }
    const std::span<mmsghdr> received = std::span(headers_).subspan(used_, static_cast<size_t>(count));
    used_ += received.size();
    for (mmsghdr& message : received) Absorb(socket, message);
    if (received.size() < batch) return;
  }
}

void MmsgTransport::Absorb(SocketSet::Socket& socket, mmsghdr& message) {
  const msghdr& header = message.msg_hdr;
  if ((header.msg_flags & MSG_TRUNC) != 0) {
    ++stats_.truncated_datagrams;
    return;
  }
  const auto* const from = static_cast<const SocketAddress*>(header.msg_name);
  const std::optional<Endpoint> server = FromSocketAddress(*from, header.msg_namelen);
  if (!server.has_value()) return;
  const std::span<const uint8_t> bytes(static_cast<const uint8_t*>(header.msg_iov->iov_base),
                                       message.msg_len);
  Received(socket, *server, bytes, ReadReceiveControl(header.msg_control, header.msg_controllen));
}

}  // namespace netio
