// The address of a socket: IPv4 or IPv6 address, port and, for link-local IPv6, the interface.
#ifndef NETIO_ENDPOINT_H_
#define NETIO_ENDPOINT_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace netio {

enum class Family : uint8_t { kIpv4 = 4, kIpv6 = 6 };

struct Endpoint {
  std::array<uint8_t, 16> address{};  // Network order. IPv4 fills the first four octets, the rest are zero.
  uint32_t scope_id = 0;              // Interface index of a link-local IPv6 address, else zero.
  uint16_t port = 0;                  // Host order.
  Family family = Family::kIpv4;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;

  // The four or sixteen octets of the address, network order.
  std::span<const uint8_t> octets() const {
    return std::span(address).first(family == Family::kIpv4 ? 4 : 16);
  }

  template <typename H>
  friend H AbslHashValue(H h, const Endpoint& e) {
    return H::combine(std::move(h), e.address, e.scope_id, e.port, e.family);
  }
};
static_assert(sizeof(Endpoint) == 24, "an Event stays within one cache line");

// Reads `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1`, `[2001:db8::1]:53` and `fe80::1%eth0` (RFC 4007 section
// 11); the port is `default_port` where none is written. Nothing for anything else, port 0 included.
std::optional<Endpoint> ParseEndpoint(std::string_view text, uint16_t default_port);

// The form that ParseEndpoint reads, always with the port; IPv6 as in RFC 5952.
std::string ToString(const Endpoint& endpoint);

// The same without port and brackets.
std::string ToAddressString(const Endpoint& endpoint);

}  // namespace netio

#endif  // NETIO_ENDPOINT_H_
