#include "tools/arpasim/serve/endpoint.h"

#include <charconv>
#include <cstring>

namespace arpasim {
namespace {

Address FromOctets(const uint8_t* octets, size_t count) {
  Address address{.v6 = count == 16};
  for (size_t i = 0; i < count; ++i) {
    uint64_t& half = address.v6 && i < 8 ? address.high : address.low;
    half = half << 8 | octets[i];
  }
  return address;
}

const sockaddr_in& AsV4(const SocketAddress& address) {
  return *reinterpret_cast<const sockaddr_in*>(&address.storage);
}
const sockaddr_in6& AsV6(const SocketAddress& address) {
  return *reinterpret_cast<const sockaddr_in6*>(&address.storage);
}

}  // namespace

std::optional<Endpoint> ParseEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  const std::optional<Address> address = ParseAddress(host);
  if (!address || address->v6 != brackets) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  Endpoint endpoint{.address = *address};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return endpoint;
}

std::string ToText(const Endpoint& endpoint) {
  const std::string host = ToText(endpoint.address);
  return (endpoint.address.v6 ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port);
}

SocketAddress ToSocketAddress(const Endpoint& endpoint) {
  SocketAddress out;
  uint8_t octets[16];
  WriteOctets(endpoint.address, octets);
  if (endpoint.address.v6) {
    auto& v6 = *reinterpret_cast<sockaddr_in6*>(&out.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, octets, 16);
    out.length = sizeof v6;
  } else {
    auto& v4 = *reinterpret_cast<sockaddr_in*>(&out.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, octets, 4);
    out.length = sizeof v4;
  }
  return out;
}

Endpoint ToEndpoint(const SocketAddress& address) {
  const Source source = ToSource(address);
  return {.address = FromOctets(source.address.data(), address.storage.ss_family == AF_INET6 ? 16 : 4),
          .port = source.port};
}

Source ToSource(const SocketAddress& address) {
  Source source;
  if (address.storage.ss_family == AF_INET6) {
    std::memcpy(source.address.data(), &AsV6(address).sin6_addr, 16);
    source.port = ntohs(AsV6(address).sin6_port);
  } else {
    std::memcpy(source.address.data(), &AsV4(address).sin_addr, 4);
    source.port = ntohs(AsV4(address).sin_port);
  }
  return source;
}

}  // namespace arpasim
