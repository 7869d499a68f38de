#include "tools/arpasim/serve/outgoing.h"

#include <netinet/udp.h>
#include <poll.h>

#include <cassert>
#include <cerrno>
#include <cstring>

namespace arpasim {
namespace {

// Appends the control message that sets the source address; returns its room.
size_t PutLocal(const Peer& peer, uint8_t* at) {
  auto* const header = reinterpret_cast<cmsghdr*>(at);
  if (peer.address.storage.ss_family == AF_INET6) {
    const in6_pktinfo info{.ipi6_addr = peer.local, .ipi6_ifindex = 0};
    *header = {.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO};
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
    return CMSG_SPACE(sizeof info);
  }
  in_pktinfo info{};
  std::memcpy(&info.ipi_spec_dst, &peer.local, sizeof info.ipi_spec_dst);
  *header = {.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
  std::memcpy(CMSG_DATA(header), &info, sizeof info);
  return CMSG_SPACE(sizeof info);
}

size_t PutSegment(size_t octets, uint8_t* at) {
  auto* const header = reinterpret_cast<cmsghdr*>(at);
  const auto segment = static_cast<uint16_t>(octets);
  *header = {.cmsg_len = CMSG_LEN(sizeof segment), .cmsg_level = IPPROTO_UDP, .cmsg_type = UDP_SEGMENT};
  std::memcpy(CMSG_DATA(header), &segment, sizeof segment);
  return CMSG_SPACE(sizeof segment);
}

// Whether a send that failed so is worth another try.
bool WaitForRoom(int socket) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != ENOBUFS) return false;
  pollfd waiting{.fd = socket, .events = POLLOUT, .revents = 0};
  poll(&waiting, 1, 10);
  return true;
}

bool SamePeer(const Peer& one, const Peer& other) {
  return one.address.length == other.address.length && one.has_local == other.has_local &&
         std::memcmp(&one.address.storage, &other.address.storage, one.address.length) == 0 &&
         std::memcmp(&one.local, &other.local, sizeof one.local) == 0;
}

}  // namespace

Outgoing::Outgoing(int socket, bool plain)
    : socket_(socket), plain_(plain), messages_(kMaxMessages), headers_(kMaxMessages), arena_(kArenaOctets) {}

void Outgoing::SetPeer(const Peer& peer) {
  if (SamePeer(peer_, peer)) return;
  peer_ = peer;
  ++epoch_;
}

void Outgoing::Add(std::span<const uint8_t> datagram) {
  assert(datagram.size() <= kMaxDatagram);
  if (used_ + datagram.size() > arena_.size()) Flush();
  uint8_t* const place = arena_.data() + used_;
  std::memcpy(place, datagram.data(), datagram.size());
  used_ += datagram.size();
  Bin& bin = bins_[datagram.size()];
  if (bin.epoch == epoch_ && !plain_) {
    Message& message = messages_[bin.message];
    if (message.segments < kMaxSegments && (message.segments + 1) * message.segment <= kMaxOctets) {
      message.parts[message.segments++] = {.iov_base = place, .iov_len = datagram.size()};
      return;
    }
  }
  if (count_ == kMaxMessages) {
    used_ -= datagram.size();
    Flush();
    Add(datagram);
    return;
  }
  bin = {.epoch = epoch_, .message = count_};
  Message& message = messages_[count_++];
  message.peer = peer_;
  message.segment = datagram.size();
  message.segments = 1;
  message.parts[0] = {.iov_base = place, .iov_len = datagram.size()};
}

void Outgoing::Prepare(size_t index) {
  Message& message = messages_[index];
  msghdr& header = headers_[index].msg_hdr;
  header = {};
  header.msg_name = message.peer.address.get();
  header.msg_namelen = message.peer.address.length;
  header.msg_iov = message.parts.data();
  header.msg_iovlen = message.segments;
  size_t control = 0;
  if (message.peer.has_local) control += PutLocal(message.peer, message.control.data());
  if (message.segments > 1) control += PutSegment(message.segment, message.control.data() + control);
  if (control > 0) header.msg_control = message.control.data();
  header.msg_controllen = control;
}

void Outgoing::Flush() {
  for (size_t i = 0; i < count_; ++i) Prepare(i);
  for (size_t at = 0; at < count_;) {
    const int sent =
        sendmmsg(socket_, headers_.data() + at, static_cast<unsigned>(count_ - at), MSG_DONTWAIT);
    if (sent > 0) {
      at += static_cast<size_t>(sent);
    } else if (!WaitForRoom(socket_)) {
      // The kernel does not segment here (EINVAL, EIO), or this peer cannot be reached.
      if (messages_[at].segments > 1) SendOneByOne(messages_[at]);
      ++at;
    }
  }
  count_ = 0;
  used_ = 0;
  ++epoch_;
}

void Outgoing::SendOneByOne(const Message& message) {
  for (size_t i = 0; i < message.segments; ++i) {
    SendNow(socket_, message.peer,
            {static_cast<const uint8_t*>(message.parts[i].iov_base), message.parts[i].iov_len});
  }
}

void SendNow(int socket, const Peer& peer, std::span<const uint8_t> datagram) {
  Peer copy = peer;
  std::vector<uint8_t> octets(datagram.begin(), datagram.end());
  iovec part{.iov_base = octets.data(), .iov_len = octets.size()};
  alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> control;
  msghdr header{};
  header.msg_name = copy.address.get();
  header.msg_namelen = copy.address.length;
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (peer.has_local) {
    header.msg_control = control.data();
    header.msg_controllen = PutLocal(peer, control.data());
  }
  while (sendmsg(socket, &header, MSG_DONTWAIT) < 0 && WaitForRoom(socket)) {
  }
}

}  // namespace arpasim
