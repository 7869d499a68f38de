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
  const size_t buffers = std::max<size_t>(1, options.receive_bytes / options.max_datagram);
  std::unique_ptr<MmsgTransport> transport(new MmsgTransport(options, sockets, buffers));
  if (absl::Status status = transport->WatchSockets(); !status.ok()) return status;
  return transport;
}

MmsgTransport::MmsgTransport(const TransportOptions& options, SocketSet& sockets, size_t buffers)
    : SocketTransport(options, sockets, buffers + kCoalescedBuffers),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      buffers_(buffers, options.max_datagram),
      coalesced_(kCoalescedBuffers, SocketSet::kMaxCoalesced),
      ready_(sockets.sockets().size() + 1) {}

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
  Recycle();
  HandOver();
  while (true) {
    sender_.Flush();
    WaitAndReceive(Instant::min());
    if (Done(deadline) || !WaitAndReceive(WakeAt(deadline)) || !events_.empty()) break;
    Recycle();
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
    const size_t index = event.data.u32;
    if ((event.events & EPOLLERR) != 0) DrainErrorQueue(sockets_.sockets()[index], events_, stats_);
    if ((event.events & EPOLLIN) != 0) ReceiveFrom(index);
  }
  return true;
}

int MmsgTransport::EpollWait(Instant wake_at) {
  const Duration left =
      std::max(Duration::zero(), wake_at == Instant::min() ? Duration::zero() : wake_at - MonotonicNow());
  const int capacity = static_cast<int>(ready_.size());
  if (!stats_.fallbacks.Has(Fallback::kMillisecondWaits) && left > Duration::zero()) {
    const timespec timeout = ToTimespec(left);
    const int count = epoll_pwait2(epoll_.get(), ready_.data(), capacity, &timeout, nullptr);
    if (count >= 0 || errno == EINTR) return count;
    stats_.fallbacks.Add(Fallback::kMillisecondWaits);  // Sandboxes may refuse it with any error.
  }
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
  const auto rounded_up =
      std::min(kLongest, std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, kLongest)));
  return epoll_wait(epoll_.get(), ready_.data(), capacity, static_cast<int>(rounded_up.count()));
}

void MmsgTransport::Recycle() {
  buffers_.Recycle();
  coalesced_.Recycle();
}

void MmsgTransport::ReceiveFrom(size_t index) {
  const SocketSet::Socket& socket = sockets_.sockets()[index];
  if (!socket.coalesces && WantsCoalescing(index)) Switch(index);
  ReceiveAll(index, socket.coalesces ? coalesced_ : buffers_);
  // Now, while the socket is most likely empty.
  if (socket.coalesces && !WantsCoalescing(index)) Switch(index);
}

void MmsgTransport::ReceiveAll(size_t index, MessageBuffers& buffers) {
  const SocketSet::Socket& socket = sockets_.sockets()[index];
  while (true) {
    const std::span<mmsghdr> batch = buffers.Free(kReceiveBatch);
    if (batch.empty()) return;
    const int count =
        recvmmsg(socket.fd.get(), batch.data(), static_cast<unsigned>(batch.size()), MSG_DONTWAIT, nullptr);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      DrainErrorQueue(socket, events_, stats_);
      return;
    }
    const std::span<mmsghdr> received = batch.first(static_cast<size_t>(count));
    buffers.Use(received.size());
    for (mmsghdr& message : received) Absorb(index, message);
    if (received.size() < batch.size()) return;
  }
}

void MmsgTransport::Absorb(size_t index, mmsghdr& message) {
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
  Received(index, *server, bytes, ReadReceiveControl(header.msg_control, header.msg_controllen));
}

}  // namespace netio
