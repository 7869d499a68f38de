// Space whose reverse zones every network serves for itself: nobody outside can say anything of them, and
// what asks the public DNS all the same ends at the volunteers of AS112 (RFC 7534, RFC 7535) or at the
// servers of in-addr.arpa and ip6.arpa. The address zones of the IANA registries of locally served DNS zones
// (RFC 6303, RFC 7793, RFC 8880), and all of fc00::/7 (RFC 4193), of which they name the half in use.
#ifndef SCANNER_CORE_PRIVATE_SPACE_H_
#define SCANNER_CORE_PRIVATE_SPACE_H_

#include <span>

#include "scanner/core/ip_address.h"

namespace scanner {

// IPv4 before IPv6, in numeric order, neither overlapping nor adjacent.
std::span<const IpPrefix> PrivateSpace();

// Whether all addresses from `first` to `last` (of one family, first <= last) belong to it.
bool LiesInPrivateSpace(const IpAddress& first, const IpAddress& last);

}  // namespace scanner

#endif  // SCANNER_CORE_PRIVATE_SPACE_H_
