// IP addresses as numbers, and their text.
#ifndef TOOLS_ARPASIM_CORE_ADDRESS_H_
#define TOOLS_ARPASIM_CORE_ADDRESS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace arpasim {

// Ordered by number, IPv4 first.
struct Address {
  bool v6 = false;
  uint64_t high = 0;  // IPv6 only.
  uint64_t low = 0;   // IPv4: the 32 bits.

  size_t octets() const { return v6 ? 16 : 4; }
  friend auto operator<=>(const Address&, const Address&) = default;
};

// Writes octets() octets in network order and returns how many.
size_t WriteOctets(const Address& address, uint8_t* out);

// Dotted decimal, or RFC 5952.
std::string ToText(const Address& address);
std::optional<Address> ParseAddress(std::string_view text);

struct Prefix {
  Address first;   // The host bits are 0.
  uint8_t length;  // 0 to 32 or 128.

  Address last() const;
};

// `address/length` or one address. Nothing for other text or when host bits are set.
std::optional<Prefix> ParsePrefix(std::string_view text);

// The address with all but the first `length` bits set to 0.
Address Masked(const Address& address, unsigned length);

// Whether the IANA special-purpose registries (RFC 6890, 8190) call it not globally reachable, or it is
// multicast or of class E.
bool IsSpecialUse(const Address& address);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_ADDRESS_H_
