// Where recvmmsg puts datagrams.
#ifndef NETIO_MESSAGE_BUFFERS_H_
#define NETIO_MESSAGE_BUFFERS_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "netio/control_data.h"

namespace netio {

// Buffers of one size with the headers that name them, used from the front and all given back at once.
class MessageBuffers {
 public:
  MessageBuffers(size_t buffers, size_t buffer_bytes);
  MessageBuffers(const MessageBuffers&) = delete;
  MessageBuffers& operator=(const MessageBuffers&) = delete;

  // At most `most` headers, ready to be filled; none when all are used.
  std::span<mmsghdr> Free(size_t most);
  // The first `count` of them have been filled.
  void Use(size_t count) { used_ += count; }
  // Nothing points into the buffers any more.
  void Recycle();

 private:
  struct Receive {
    SocketAddress from;
    iovec bytes;
    alignas(cmsghdr) std::array<uint8_t, kReceiveControlBytes> control;
  };

  // What the kernel overwrites.
  void Prepare(size_t index);

  std::unique_ptr<uint8_t[]> memory_;  // Not touched before it is used.
  std::vector<Receive> receives_;
  std::vector<mmsghdr> headers_;  // As many as receives_.
  size_t used_ = 0;
};

}  // namespace netio

#endif  // NETIO_MESSAGE_BUFFERS_H_
