// Transport by sendmmsg, recvmmsg and epoll: for kernels and containers without io_uring.
#ifndef NETIO_MMSG_TRANSPORT_H_
#define NETIO_MMSG_TRANSPORT_H_

#include <sys/epoll.h>
#include <sys/socket.h>

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/control_data.h"
#include "netio/file_descriptor.h"
#include "netio/socket_transport.h"

namespace netio {

class MmsgTransport final : public SocketTransport {
 public:
  // `sockets` outlives the transport.
  static absl::StatusOr<std::unique_ptr<MmsgTransport>> Create(const TransportOptions& options,
                                                               SocketSet& sockets);

  std::span<const Event> Wait(Instant deadline) override;

 private:
  // Where one receive goes.
  struct Receive {
    SocketAddress from;
    iovec bytes;
    alignas(cmsghdr) std::array<uint8_t, kReceiveControlBytes> control;
  };

  MmsgTransport(const TransportOptions& options, SocketSet& sockets, size_t buffer_bytes, size_t buffers);

  absl::Status WatchSockets();
  void HandOver();
  bool WaitAndReceive(Instant wake_at);
  void ReceiveFrom(SocketSet::Socket& socket);
  void Absorb(SocketSet::Socket& socket, mmsghdr& message);
  int EpollWait(Instant wake_at);

  FileDescriptor epoll_;
  bool has_epoll_pwait2_ = true;
  std::vector<uint8_t> buffers_;
  std::vector<Receive> receives_;
  std::vector<mmsghdr> headers_;  // As many as receives_.
  size_t used_ = 0;               // Buffers that the current events point into.
  std::vector<epoll_event> ready_;
};

}  // namespace netio

#endif  // NETIO_MMSG_TRANSPORT_H_
