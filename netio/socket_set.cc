#include "netio/socket_set.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "netio/sockaddr.h"
#include "netio/system_error.h"

namespace netio {
namespace {

bool SetOption(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

const char* Name(Family family) { return family == Family::kIpv4 ? "IPv4" : "IPv6"; }

absl::Status Configure(int fd, Family family, int receive_buffer_bytes) {
  const bool ipv6 = family == Family::kIpv6;
  if (ipv6 && !SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) return SystemError("cannot use IPv6 alone");
  const bool errors =
      ipv6 ? SetOption(fd, IPPROTO_IPV6, IPV6_RECVERR, 1) : SetOption(fd, IPPROTO_IP, IP_RECVERR, 1);
  if (!errors) return SystemError("cannot ask the kernel for ICMP errors");
  // Root may exceed net.core.rmem_max; for others the kernel takes as much of it as that limit allows.
  if (!SetOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer_bytes) &&
      !SetOption(fd, SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes)) {
    return SystemError("cannot set the size of a receive buffer");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SocketSet> SocketSet::Open(const SocketSetOptions& options) {
  SocketSet set(options);
  set.sockets_.reserve(size_t{options.ipv4_ports} + options.ipv6_ports);
  if (absl::Status status = set.OpenFamily(Family::kIpv4, options.ipv4_ports); !status.ok()) return status;
  if (absl::Status status = set.OpenFamily(Family::kIpv6, options.ipv6_ports); !status.ok()) return status;
  set.ipv4_ports_ = options.ipv4_ports;
  set.ipv6_ports_ = options.ipv6_ports;
  return set;
}

absl::Status SocketSet::OpenFamily(Family family, uint16_t ports) {
  Endpoint local = source(family).value_or(Endpoint{.family = family});
  local.port = 0;
  SocketAddress address;
  const socklen_t size = ToSocketAddress(local, address);
  for (uint16_t i = 0; i < ports; ++i) {
    FileDescriptor fd(socket(AddressFamily(family), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.valid()) return SystemError(std::string("cannot open an ") + Name(family) + " socket");
    absl::Status configured = Configure(fd.get(), family, options_.receive_buffer_bytes);
    if (!configured.ok()) return configured;
    if (!SetOption(fd.get(), SOL_SOCKET, SO_RXQ_OVFL, 1)) fallbacks_.Add(Fallback::kUncountedDrops);
    if (bind(fd.get(), &address.any, size) != 0) {
      if (!source(family).has_value())
        return SystemError(std::string("cannot bind an ") + Name(family) + " port");
      return SystemError("cannot send from " + ToAddressString(local));
    }
    sockets_.push_back({.fd = std::move(fd), .family = family, .port = LocalPort{i}});
  }
  return absl::OkStatus();
}

bool SocketSet::StartCoalescing(Socket& socket) {
  socket.coalesces = SetOption(socket.fd.get(), IPPROTO_UDP, UDP_GRO, 1);
  return socket.coalesces;
}

// What arrives after the option was cleared is not coalesced, so a queue that is empty then holds nothing
// that is.
bool SocketSet::StopCoalescing(Socket& socket) {
  const int fd = socket.fd.get();
  if (!SetOption(fd, IPPROTO_UDP, UDP_GRO, 0)) return false;
  int queued = 0;
  socket.coalesces =
      (ioctl(fd, FIONREAD, &queued) != 0 || queued != 0) && SetOption(fd, IPPROTO_UDP, UDP_GRO, 1);
  return !socket.coalesces;
}

}  // namespace netio
