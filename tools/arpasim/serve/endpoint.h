// Socket addresses: where to listen, who asked.
#ifndef TOOLS_ARPASIM_SERVE_ENDPOINT_H_
#define TOOLS_ARPASIM_SERVE_ENDPOINT_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/arpasim/core/address.h"
#include "tools/arpasim/core/answerer.h"

namespace arpasim {

struct Endpoint {
  Address address;
  uint16_t port = 0;

  bool is_wildcard() const { return address.high == 0 && address.low == 0; }
};

// `127.0.0.1:5300` or `[::1]:5300`.
std::optional<Endpoint> ParseEndpoint(std::string_view text);
std::string ToText(const Endpoint& endpoint);

// A socket address of either family with its length.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress ToSocketAddress(const Endpoint& endpoint);
Endpoint ToEndpoint(const SocketAddress& address);
Source ToSource(const SocketAddress& address);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_ENDPOINT_H_
