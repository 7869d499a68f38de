#include "netio/message_buffers.h"

#include <algorithm>

namespace netio {

MessageBuffers::MessageBuffers(size_t buffers, size_t buffer_bytes)
    : memory_(std::make_unique_for_overwrite<uint8_t[]>(buffers * buffer_bytes)),
      receives_(buffers),
      headers_(buffers) {
  for (size_t i = 0; i < buffers; ++i) {
    Receive& receive = receives_[i];
    receive.bytes = {.iov_base = memory_.get() + i * buffer_bytes, .iov_len = buffer_bytes};
    headers_[i].msg_hdr.msg_name = &receive.from;
    headers_[i].msg_hdr.msg_iov = &receive.bytes;
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_control = receive.control.data();
    Prepare(i);
  }
}

std::span<mmsghdr> MessageBuffers::Free(size_t most) {
  return std::span(headers_).subspan(used_, std::min(most, headers_.size() - used_));
}

void MessageBuffers::Recycle() {
  for (size_t i = 0; i < used_; ++i) Prepare(i);
  used_ = 0;
}

void MessageBuffers::Prepare(size_t index) {
  headers_[index].msg_hdr.msg_namelen = sizeof(SocketAddress);
  headers_[index].msg_hdr.msg_controllen = kReceiveControlBytes;
}

}  // namespace netio
