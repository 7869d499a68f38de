// Ancillary data of datagrams: UDP_SEGMENT out; SO_RXQ_OVFL and UDP_GRO in.
#ifndef NETIO_CONTROL_DATA_H_
#define NETIO_CONTROL_DATA_H_

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "netio/outbox.h"
#include "netio/sockaddr.h"

namespace netio {

// One send of one burst, or of one datagram of it, in the form that sendmsg takes.
struct OutgoingMessage {
  msghdr header;
  iovec bytes;
  SocketAddress to;
  alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(uint16_t))> control;

  // Points `header` at the rest of this object and at `datagrams`, which the kernel cuts into pieces of
  // `segment` octets when there are more than one.
  void Fill(const Endpoint& server, std::span<uint8_t> datagrams, uint16_t segment) {
    bytes = {.iov_base = datagrams.data(), .iov_len = datagrams.size()};
    header = {};
    header.msg_name = &to;
    header.msg_namelen = ToSocketAddress(server, to);
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    if (datagrams.size() <= segment) return;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* const option = CMSG_FIRSTHDR(&header);
    option->cmsg_level = IPPROTO_UDP;
    option->cmsg_type = UDP_SEGMENT;
    option->cmsg_len = CMSG_LEN(sizeof(segment));
    std::memcpy(CMSG_DATA(option), &segment, sizeof(segment));
  }
};

// Room for what a socket of a SocketSet adds to a datagram.
inline constexpr size_t kReceiveControlBytes = CMSG_SPACE(sizeof(uint32_t)) + CMSG_SPACE(sizeof(int));

struct ReceiveControl {
  std::optional<uint32_t> drops;  // Total of the socket; absent while zero.
  uint16_t segment = 0;           // Octets of each coalesced datagram; 0: it is one datagram.
};

inline ReceiveControl ReadReceiveControl(void* control, size_t size) {
  ReceiveControl read;
  msghdr header{};
  header.msg_control = control;
  header.msg_controllen = size;
  for (cmsghdr* option = CMSG_FIRSTHDR(&header); option != nullptr; option = CMSG_NXTHDR(&header, option)) {
    if (option->cmsg_level == SOL_SOCKET && option->cmsg_type == SO_RXQ_OVFL) {
      uint32_t drops = 0;
      std::memcpy(&drops, CMSG_DATA(option), sizeof(drops));
      read.drops = drops;
    } else if (option->cmsg_level == IPPROTO_UDP && option->cmsg_type == UDP_GRO) {
      int segment = 0;
      std::memcpy(&segment, CMSG_DATA(option), sizeof(segment));
      read.segment = static_cast<uint16_t>(segment);
    }
  }
  return read;
}

}  // namespace netio

#endif  // NETIO_CONTROL_DATA_H_
