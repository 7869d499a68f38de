#include "netio/socket_set.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <set>

#include "netio/sockaddr.h"

namespace netio {
namespace {

Endpoint Local(const SocketSet::Socket& socket) {
  SocketAddress address;
  socklen_t size = sizeof(address);
  EXPECT_EQ(getsockname(socket.fd.get(), &address.any, &size), 0);
  return FromSocketAddress(address, size).value();
}

TEST(SocketSetTest, PortsAreInOrderAndTheirOwn) {
  const absl::StatusOr<SocketSet> set = SocketSet::Open({.ipv4_ports = 3, .ipv6_ports = 2});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->ports(Family::kIpv4), 3);
  EXPECT_EQ(set->ports(Family::kIpv6), 2);
  ASSERT_EQ(set->sockets().size(), 5U);
  std::set<std::pair<Family, uint16_t>> ports;
  for (size_t i = 0; i < 5; ++i) {
    const SocketSet::Socket& socket = set->sockets()[i];
    EXPECT_EQ(socket.family, i < 3 ? Family::kIpv4 : Family::kIpv6);
    EXPECT_EQ(set->index(socket.family, socket.port), i);
    ports.emplace(socket.family, Local(socket).port);
  }
  EXPECT_EQ(ports.size(), 5U);
}

TEST(SocketSetTest, SendsFromTheSourceAskedFor) {
  const Endpoint source{.address = {127, 0, 0, 2}, .port = 9, .family = Family::kIpv4};
  const absl::StatusOr<SocketSet> set = SocketSet::Open({.ipv4_ports = 1, .ipv4_source = source});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(Local(set->sockets()[0]).address, source.address);
  EXPECT_NE(Local(set->sockets()[0]).port, source.port);
}

TEST(SocketSetTest, ForeignSourceIsNamed) {
  const Endpoint source{.address = {192, 0, 2, 1}, .family = Family::kIpv4};
  const absl::StatusOr<SocketSet> set = SocketSet::Open({.ipv4_source = source});
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(std::string(set.status().message()),
            "cannot send from 192.0.2.1: Cannot assign requested address");
}

}  // namespace
}  // namespace netio
