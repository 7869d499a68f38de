// Addresses as text.
#ifndef SCANNER_SINK_ADDRESS_TEXT_H_
#define SCANNER_SINK_ADDRESS_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace scanner {

// `ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`; mapped IPv4 is shorter. Writers may touch all of it.
inline constexpr size_t kAddressTextRoom = 48;

// Writes 4 or 16 octets (network order) in the form of RFC 5952, ::ffff:0:0/96 with a dotted quad (section
// 5); returns the end.
char* WriteAddress(std::span<const uint8_t> octets, char* out);

}  // namespace scanner

#endif  // SCANNER_SINK_ADDRESS_TEXT_H_
