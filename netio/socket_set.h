// The local UDP ports of one engine.
#ifndef NETIO_SOCKET_SET_H_
#define NETIO_SOCKET_SET_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/endpoint.h"
#include "netio/fallback.h"
#include "netio/file_descriptor.h"
#include "netio/outbox.h"

namespace netio {

struct SocketSetOptions {
  uint16_t ipv4_ports = 16;
  uint16_t ipv6_ports = 0;
  // Addresses to send from, UDP and TCP alike, their ports ignored; else the kernel's choice for each server.
  std::optional<Endpoint> ipv4_source = std::nullopt;
  std::optional<Endpoint> ipv6_source = std::nullopt;
  int receive_buffer_bytes = 2 << 20;  // Of each socket, as far as the kernel allows; half of it is overhead.
};

// UDP sockets with random ports of the kernel's choice: not connected, non-blocking, reporting ICMP errors
// (IP_RECVERR) and, where the kernel can, full receive queues (SO_RXQ_OVFL). Transports borrow a set one
// after the other, so that one can give way to another without losing ports or what is queued at them.
class SocketSet {
 public:
  // Octets of the longest receive of a socket that coalesces.
  static constexpr size_t kMaxCoalesced = 65535;

  struct Socket {
    FileDescriptor fd;
    Family family;
    LocalPort port;
    uint32_t drops_seen = 0;  // SO_RXQ_OVFL's count when last reported; wraps.
    bool coalesces = false;   // UDP_GRO: datagrams of one length from one server arrive as one receive.
  };

  // Fails with the reason and the address in words for the user.
  static absl::StatusOr<SocketSet> Open(const SocketSetOptions& options);

  uint16_t ports(Family family) const { return family == Family::kIpv4 ? ipv4_ports_ : ipv6_ports_; }

  // All sockets, those of IPv4 first, each family in the order of its ports.
  std::span<Socket> sockets() { return sockets_; }
  std::span<const Socket> sockets() const { return sockets_; }

  // Index in sockets(); `port` < ports(family).
  size_t index(Family family, LocalPort port) const {
    return (family == Family::kIpv4 ? 0U : ipv4_ports_) + static_cast<size_t>(port);
  }

  const std::optional<Endpoint>& source(Family family) const {
    return family == Family::kIpv4 ? options_.ipv4_source : options_.ipv6_source;
  }
  // What the sockets do without.
  FallbackSet fallbacks() const { return fallbacks_; }

  // `socket` coalesces from now on. False: the kernel refuses.
  static bool StartCoalescing(Socket& socket);

  // `socket` coalesces no longer. False: not yet, since datagrams are queued that may be coalesced already
  // and that only a socket which coalesces can tell apart; they are to be received first.
  static bool StopCoalescing(Socket& socket);

 private:
  explicit SocketSet(const SocketSetOptions& options) : options_(options) {}

  absl::Status OpenFamily(Family family, uint16_t ports);

  SocketSetOptions options_;
  std::vector<Socket> sockets_;
  uint16_t ipv4_ports_ = 0;
  uint16_t ipv6_ports_ = 0;
  FallbackSet fallbacks_;
};

}  // namespace netio

#endif  // NETIO_SOCKET_SET_H_
