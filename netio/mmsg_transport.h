// Transport by sendmmsg, recvmmsg and epoll: for kernels and containers without io_uring.
#ifndef NETIO_MMSG_TRANSPORT_H_
#define NETIO_MMSG_TRANSPORT_H_

#include <sys/epoll.h>

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/file_descriptor.h"
#include "netio/message_buffers.h"
#include "netio/socket_transport.h"

namespace netio {

class MmsgTransport final : public SocketTransport {
 public:
  // `sockets` outlives the transport.
  static absl::StatusOr<std::unique_ptr<MmsgTransport>> Create(const TransportOptions& options,
                                                               SocketSet& sockets);

  std::span<const Event> Wait(Instant deadline) override;

 private:
  MmsgTransport(const TransportOptions& options, SocketSet& sockets, size_t buffers);

  absl::Status WatchSockets();
  void HandOver();
  bool WaitAndReceive(Instant wake_at);
  void Recycle();
  void ReceiveFrom(size_t index);
  void ReceiveAll(size_t index, MessageBuffers& buffers);
  void Absorb(size_t index, mmsghdr& message);
  int EpollWait(Instant wake_at);

  FileDescriptor epoll_;
  MessageBuffers buffers_;
  MessageBuffers coalesced_;  // For sockets that coalesce.
  std::vector<epoll_event> ready_;
};

}  // namespace netio

#endif  // NETIO_MMSG_TRANSPORT_H_
