#include "tools/arpasim/serve/udp_port.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace arpasim {

UdpPort::UdpPort(const Listener& listener, bool plain)
    : socket_(listener.udp.get()),
      elsewhere_(listener.elsewhere.get()),
      endpoint_(listener.endpoint),
      outgoing_(socket_, plain),
      buffers_(kBatch * kBufferOctets) {
  for (size_t i = 0; i < kBatch; ++i) {
    parts_[i] = {.iov_base = buffers_.data() + i * kBufferOctets, .iov_len = kBufferOctets};
    headers_[i].msg_hdr.msg_iov = &parts_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = peers_[i].address.get();
    headers_[i].msg_hdr.msg_control = controls_[i].octets.data();
  }
}

bool UdpPort::Serve(Service& service) {
  for (mmsghdr& header : headers_) {
    header.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    header.msg_hdr.msg_controllen = sizeof(Control);
  }
  const int received = recvmmsg(socket_, headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (received <= 0) return false;
  const int64_t now_ns = ReadClock(CLOCK_MONOTONIC);
  for (size_t i = 0; i < static_cast<size_t>(received); ++i) {
    Peer& peer = peers_[i];
    peer.address.length = headers_[i].msg_hdr.msg_namelen;
    const Arrival arrival = ReadControl(i, peer, service);
    outgoing_.SetPeer(peer);
    const Source source = ToSource(peer.address);
    std::span<const uint8_t> rest(buffers_.data() + i * kBufferOctets, headers_[i].msg_len);
    do {
      const size_t octets = arrival.segment == 0 ? rest.size() : std::min(arrival.segment, rest.size());
      if (service.rates != nullptr) {
        Address server = endpoint_.address;
        if (peer.has_local) {
          SocketAddress local;
          local.storage.ss_family = peer.address.storage.ss_family;
          uint8_t* const at =
              reinterpret_cast<uint8_t*>(local.get()) +
              (server.v6 ? offsetof(sockaddr_in6, sin6_addr) : offsetof(sockaddr_in, sin_addr));
          std::memcpy(at, &peer.local, server.octets());
          server = ToEndpoint(local).address;
        }
        service.rates->Count(ToEndpoint(peer.address).address, server, arrival.when_ns);
      }
      Answer(rest.first(octets), peer, source, now_ns, service);
      rest = rest.subspan(octets);
    } while (!rest.empty());
  }
  outgoing_.Flush();
  return true;
}

UdpPort::Arrival UdpPort::ReadControl(size_t index, Peer& peer, Service& service) {
  Arrival arrival{};
  peer.has_local = false;
  msghdr& header = headers_[index].msg_hdr;
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_GRO) {
      int segment = 0;
      std::memcpy(&segment, CMSG_DATA(control), sizeof segment);
      arrival.segment = static_cast<size_t>(segment);
    } else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(control), sizeof info);
      peer.has_local = true;
      peer.local = {};
      std::memcpy(&peer.local, &info.ipi_addr, sizeof info.ipi_addr);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(control), sizeof info);
      peer.has_local = true;
      peer.local = info.ipi6_addr;
    } else if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS) {
      timespec when{};
      std::memcpy(&when, CMSG_DATA(control), sizeof when);
      arrival.when_ns = int64_t{when.tv_sec} * 1'000'000'000 + when.tv_nsec;
    } else if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL) {
      uint32_t overflows = 0;
      std::memcpy(&overflows, CMSG_DATA(control), sizeof overflows);
      service.receive_drops += overflows - overflows_;
      overflows_ = overflows;
    }
  }
  return arrival;
}

void UdpPort::Answer(std::span<const uint8_t> query, const Peer& peer, const Source& source, int64_t now_ns,
                     Service& service) {
  service.responder->Respond(query, Via::kUdp, source, now_ns, service.replies, service.stats);
  for (const Reply& reply : service.replies.replies()) {
    if (reply.delay_us > 0) {
      delayed_.Push({.due_ns = now_ns + int64_t{reply.delay_us} * 1000,
                     .peer = peer,
                     .elsewhere = reply.elsewhere,
                     .bytes = {reply.bytes.begin(), reply.bytes.end()}});
    } else if (reply.elsewhere) {
      SendNow(elsewhere_, peer, reply.bytes);
    } else {
      outgoing_.Add(reply.bytes);
      if (reply.forged) outgoing_.KeepOrder();
    }
  }
}

int64_t UdpPort::SendDue(int64_t now_ns) {
  while (!delayed_.empty() && delayed_.next_due_ns() <= now_ns) {
    const Delayed delayed = delayed_.Pop();
    if (delayed.elsewhere) {
      SendNow(elsewhere_, delayed.peer, delayed.bytes);
    } else {
      outgoing_.SetPeer(delayed.peer);
      outgoing_.Add(delayed.bytes);
    }
  }
  outgoing_.Flush();
  return delayed_.empty() ? INT64_MAX : delayed_.next_due_ns();
}

}  // namespace arpasim
