#include "netio/open_transport.h"

#include <utility>

#include "netio/mmsg_transport.h"
#include "netio/uring_transport.h"

namespace netio {

absl::StatusOr<std::unique_ptr<Transport>> OpenTransport(IoMode mode, SocketSet& sockets,
                                                         const TransportOptions& options,
                                                         std::string* notice) {
  if (mode != IoMode::kMmsg) {
    absl::StatusOr<std::unique_ptr<UringTransport>> uring = UringTransport::Create(options, sockets);
    if (uring.ok()) return std::move(*uring);
    if (mode == IoMode::kUring) return uring.status();
    *notice = std::string(uring.status().message()) + ": using sendmmsg and recvmmsg";
  }
  absl::StatusOr<std::unique_ptr<MmsgTransport>> mmsg = MmsgTransport::Create(options, sockets);
  if (!mmsg.ok()) return mmsg.status();
  return std::move(*mmsg);
}

}  // namespace netio
