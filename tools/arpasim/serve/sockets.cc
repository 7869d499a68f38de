#include "tools/arpasim/serve/sockets.h"

#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace arpasim {
namespace {

constexpr int kReceiveBuffer = 64 << 20;
constexpr int kBacklog = 1024;
constexpr int kPortTries = 32;

void Set(int fd, int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof value); }

// A bound socket; on an error invalid, with errno set. `share`: other threads bind the same port.
Descriptor Bound(const Endpoint& endpoint, int type, bool share) {
  const SocketAddress address = ToSocketAddress(endpoint);
  Descriptor fd(socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fd;
  if (share) Set(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (type == SOCK_STREAM) Set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (endpoint.address.v6) Set(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (bind(fd.get(), address.get(), address.length) != 0) return {};
  return fd;
}

Descriptor OpenUdp(const Endpoint& endpoint, const SocketOptions& options, bool share) {
  Descriptor fd = Bound(endpoint, SOCK_DGRAM, share);
  if (!fd.valid()) return fd;
  if (setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    Set(fd.get(), SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
  }
  if (setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    Set(fd.get(), SOL_SOCKET, SO_SNDBUF, kReceiveBuffer);
  }
  Set(fd.get(), SOL_SOCKET, SO_RXQ_OVFL, 1);
  if (options.coalesce) Set(fd.get(), IPPROTO_UDP, UDP_GRO, 1);
  if (options.timestamps) Set(fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, 1);
  if (endpoint.is_wildcard()) {
    endpoint.address.v6 ? Set(fd.get(), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
                        : Set(fd.get(), IPPROTO_IP, IP_PKTINFO, 1);
  }
  return fd;
}

Descriptor OpenTcp(const Endpoint& endpoint, bool share) {
  Descriptor fd = Bound(endpoint, SOCK_STREAM, share);
  if (fd.valid() && listen(fd.get(), kBacklog) != 0) return {};
  return fd;
}

uint16_t PortOf(const Descriptor& fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  getsockname(fd.get(), address.get(), &address.length);
  return ToEndpoint(address).port;
}

std::optional<Listener> Open(const Endpoint& endpoint, const SocketOptions& options, bool share) {
  for (int tries = 0; tries < kPortTries; ++tries) {
    Listener listener{
        .endpoint = endpoint, .udp = OpenUdp(endpoint, options, share), .elsewhere = {}, .tcp = {}};
    if (!listener.udp.valid()) return std::nullopt;
    listener.endpoint.port = PortOf(listener.udp);
    listener.tcp = OpenTcp(listener.endpoint, share);
    listener.elsewhere = Bound({.address = endpoint.address, .port = 0}, SOCK_DGRAM, false);
    if (listener.tcp.valid() && listener.elsewhere.valid()) return listener;
    if (endpoint.port != 0) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

std::vector<std::vector<Listener>> OpenListeners(std::vector<Endpoint>& endpoints, unsigned threads,
                                                 const SocketOptions& options, std::string& error) {
  std::vector<std::vector<Listener>> sets(threads);
  for (Endpoint& endpoint : endpoints) {
    for (unsigned i = 0; i < threads; ++i) {
      std::optional<Listener> listener = Open(endpoint, options, threads > 1);
      if (!listener) {
        error = "cannot listen on " + ToText(endpoint) + ": " + std::strerror(errno);
        return {};
      }
      endpoint.port = listener->endpoint.port;
      sets[i].push_back(*std::move(listener));
    }
  }
  return sets;
}

}  // namespace arpasim
