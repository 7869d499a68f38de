#include "tests/netio/udp_server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>

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
  thread_ = std::thread([this] { Serve(); });
}

UdpEchoServer::~UdpEchoServer() {
  stop_ = true;
  thread_.join();
}

void UdpEchoServer::Serve() {
  std::array<uint8_t, 65536> buffer;
  while (!stop_) {
    SocketAddress from;
    socklen_t from_size = sizeof(from);
    const ssize_t size = recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, &from.any, &from_size);
    if (size < 0) continue;
    ++received_;
    sendto(fd_.get(), buffer.data(), static_cast<size_t>(size), 0, &from.any, from_size);
  }
}

}  // namespace netio
