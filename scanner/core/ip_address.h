// An IPv4 or IPv6 address without a port, and a prefix of such addresses.
#ifndef SCANNER_CORE_IP_ADDRESS_H_
#define SCANNER_CORE_IP_ADDRESS_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "netio/endpoint.h"

namespace scanner {

using netio::Family;

__extension__ typedef unsigned __int128 Uint128;

// Longest text of an address, `ffff:...:255.255.255.255`, without a terminator.
inline constexpr size_t kMaxAddressText = 45;

// Ordered numerically, IPv4 before IPv6.
struct IpAddress {
  Family family = Family::kIpv4;
  std::array<uint8_t, 16> octets{};  // Network order. IPv4 fills the first four octets, the rest are zero.

  static IpAddress FromV4(uint32_t number);
  static IpAddress FromV6(Uint128 number);

  // Dotted quad or the forms of RFC 4291 section 2.2, as strict as inet_pton: no leading zeros in a quad, no
  // spaces, no zone, no brackets. Nothing for anything else.
  static std::optional<IpAddress> Parse(std::string_view text);

  // The address as a number in host order. v4() is of an IPv4 address only; number() is of both.
  uint32_t v4() const;
  Uint128 number() const;

  // 4 or 16 octets.
  std::span<const uint8_t> significant() const {
    return std::span(octets).first(family == Family::kIpv4 ? 4 : 16);
  }

  // RFC 5952; dotted in the last 32 bits where RFC 4291 section 2.5.5 embeds an IPv4 address, as inet_ntop
  // does.
  std::string ToString() const;
  // The same, written into `buffer`; the result is the part that was used.
  std::string_view Format(std::span<char, kMaxAddressText> buffer) const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

// 32 or 128.
constexpr int AddressBits(Family family) { return family == Family::kIpv4 ? 32 : 128; }

// The addresses that share their first `length` bits with `base`.
struct IpPrefix {
  IpAddress base;  // Host bits are zero.
  int length = 0;  // 0 <= length <= AddressBits(base.family).

  // `ADDRESS/LENGTH`, or an address alone as its /32 or /128. Host bits are cleared. Nothing for anything
  // else.
  static std::optional<IpPrefix> Parse(std::string_view text);

  IpAddress First() const { return base; }
  IpAddress Last() const;
  bool Contains(const IpAddress& address) const;

  friend bool operator==(const IpPrefix&, const IpPrefix&) = default;
};

}  // namespace scanner

#endif  // SCANNER_CORE_IP_ADDRESS_H_
