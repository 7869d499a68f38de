// Addresses as owner names: in-addr.arpa (RFC 1035 section 3.5) and ip6.arpa (RFC 3596 section 2.5).
#ifndef CODEC_DNS_REVERSE_NAME_H_
#define CODEC_DNS_REVERSE_NAME_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/dns/name.h"

namespace codec::dns {

inline constexpr size_t kMaxReverseNameOctets = 74;  // 32 nibbles of two octets, `ip6`, `arpa`, the root.

// Writes the wire form for an address of 4 or 16 octets (network order); returns its length.
size_t WriteReverseName(std::span<const uint8_t> address, std::span<uint8_t, kMaxReverseNameOctets> out);

struct ReverseAddress {
  std::array<uint8_t, 16> octets;  // IPv4 in the first four.
  uint8_t length;                  // 4 or 16.
};

// The address whose owner name `name` is, in any case; nothing for any other name, such as those of RFC 2317,
// of a shorter prefix, or with a leading zero.
std::optional<ReverseAddress> ReadReverseName(NameView name);

}  // namespace codec::dns

#endif  // CODEC_DNS_REVERSE_NAME_H_
