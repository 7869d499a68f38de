// Endpoints as the kernel takes and gives them.
#ifndef NETIO_SOCKADDR_H_
#define NETIO_SOCKADDR_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <optional>

#include "netio/endpoint.h"

namespace netio {

// Room for an address of either family, a fifth of sockaddr_storage.
union SocketAddress {
  sockaddr any;
  sockaddr_in ipv4;
  sockaddr_in6 ipv6;
};

inline int AddressFamily(Family family) { return family == Family::kIpv4 ? AF_INET : AF_INET6; }

// Fills `out` and returns how many of its octets count.
inline socklen_t ToSocketAddress(const Endpoint& endpoint, SocketAddress& out) {
  if (endpoint.family == Family::kIpv4) {
    out.ipv4 = {.sin_family = AF_INET, .sin_port = htons(endpoint.port), .sin_addr = {}, .sin_zero = {}};
    std::memcpy(&out.ipv4.sin_addr, endpoint.address.data(), sizeof(out.ipv4.sin_addr));
    return sizeof(out.ipv4);
  }
  out.ipv6 = {.sin6_family = AF_INET6,
              .sin6_port = htons(endpoint.port),
              .sin6_flowinfo = 0,
              .sin6_addr = {},
              .sin6_scope_id = endpoint.scope_id};
  std::memcpy(&out.ipv6.sin6_addr, endpoint.address.data(), sizeof(out.ipv6.sin6_addr));
  return sizeof(out.ipv6);
}

// Nothing when the family is another one or `size` is too small for it.
inline std::optional<Endpoint> FromSocketAddress(const SocketAddress& address, size_t size) {
  Endpoint endpoint;
  if (size >= sizeof(address.ipv4) && address.any.sa_family == AF_INET) {
    endpoint.family = Family::kIpv4;
    endpoint.port = ntohs(address.ipv4.sin_port);
    std::memcpy(endpoint.address.data(), &address.ipv4.sin_addr, sizeof(address.ipv4.sin_addr));
    return endpoint;
  }
  if (size >= sizeof(address.ipv6) && address.any.sa_family == AF_INET6) {
    endpoint.family = Family::kIpv6;
    endpoint.port = ntohs(address.ipv6.sin6_port);
    endpoint.scope_id = address.ipv6.sin6_scope_id;
    std::memcpy(endpoint.address.data(), &address.ipv6.sin6_addr, sizeof(address.ipv6.sin6_addr));
    return endpoint;
  }
  return std::nullopt;
}

}  // namespace netio

#endif  // NETIO_SOCKADDR_H_
