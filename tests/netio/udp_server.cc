#include "tests/netio/udp_server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>

#include "netio/control_data.h"
#include "netio/sockaddr.h"

namespace netio {

Endpoint Loopback(Family family) {
  Endpoint endpoint{.family = family};
  if (family == Family::kIpv4) {
    endpoint.address = {127, 0, 0, 1};
  } else {
    endpoint.address[15] = 1;
  }
  return endpoint;
}

FileDescriptor BoundSocket(Family family, int type, Endpoint& local) {
  FileDescriptor fd(socket(AddressFamily(family), type | SOCK_CLOEXEC, 0));
  EXPECT_TRUE(fd.valid());
  constexpr int kReceiveBuffer = 4 << 20;
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof(kReceiveBuffer));
  constexpr timeval kTimeout{.tv_sec = 0, .tv_usec = 50'000};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof(kTimeout));
  SocketAddress address;
  socklen_t size = ToSocketAddress(Loopback(family), address);
  EXPECT_EQ(bind(fd.get(), &address.any, size), 0);
  size = sizeof(address);
  EXPECT_EQ(getsockname(fd.get(), &address.any, &size), 0);
  local = FromSocketAddress(address, size).value();
  return fd;
}

UdpEchoServer::UdpEchoServer(Family family) : fd_(BoundSocket(family, SOCK_DGRAM, endpoint_)) {
  const int on = 1;
  setsockopt(fd_.get(), IPPROTO_UDP, UDP_NO_CHECK6_RX, &on, sizeof(on));
  setsockopt(fd_.get(), IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
  thread_ = std::thread([this] { Serve(); });
}

UdpEchoServer::~UdpEchoServer() {
  stop_ = true;
  thread_.join();
}

void UdpEchoServer::AnswerInBursts(bool in_bursts) { in_bursts_ = in_bursts; }

void UdpEchoServer::Serve() {
  std::array<uint8_t, 65536> buffer;
  alignas(cmsghdr) std::array<uint8_t, kReceiveControlBytes> control;
  while (!stop_) {
    SocketAddress from;
    iovec into{.iov_base = buffer.data(), .iov_len = buffer.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof(from);
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = recvmsg(fd_.get(), &message, 0);
    if (size < 0) continue;
    const std::span<uint8_t> datagrams = std::span(buffer).first(static_cast<size_t>(size));
    const uint16_t segment = ReadReceiveControl(control.data(), message.msg_controllen).segment;
    Return(datagrams, segment == 0 ? static_cast<uint16_t>(size) : segment,
           FromSocketAddress(from, message.msg_namelen).value());
  }
}

void UdpEchoServer::Return(std::span<uint8_t> datagrams, uint16_t segment, const Endpoint& to) {
  received_ += (datagrams.size() + segment - 1) / segment;
  const size_t step = in_bursts_ ? datagrams.size() : segment;
  for (size_t at = 0; at < datagrams.size(); at += step) {
    OutgoingMessage answer;
    answer.Fill(to, datagrams.subspan(at, std::min(step, datagrams.size() - at)), segment);
    sendmsg(fd_.get(), &answer.header, 0);
  }
}

}  // namespace netio
