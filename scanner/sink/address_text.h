// Addresses as text.
#ifndef SCANNER_SINK_ADDRESS_TEXT_H_
#define SCANNER_SINK_ADDRESS_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace scanner {

// `ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`; mapped IPv4 is shorter. Writers may touch all of it.
inline constexpr size_t kAddressTextRoom = 48;

// Writes 4 or 16 octets (network order) in the form of RFC 5952, ::ffff:0:0/96 with a dotted quad (section
// 5); returns the end.
char* WriteAddress(std::span<const uint8_t> octets, char* out);

struct Ipv4Texts {
  std::string_view address;
  std::string_view slash24;
};

// Writes `192.0.2.1` and its `192.0.2.0/24`, each to a place with kAddressTextRoom.
Ipv4Texts WriteIpv4AndSlash24(std::span<const uint8_t, 4> octets, char* address, char* slash24);

}  // namespace scanner

#endif  // SCANNER_SINK_ADDRESS_TEXT_H_
