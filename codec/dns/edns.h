// What an OPT record says (RFC 6891).
#ifndef CODEC_DNS_EDNS_H_
#define CODEC_DNS_EDNS_H_

#include <cstdint>
#include <optional>
#include <span>

#include "codec/dns/types.h"

namespace codec::dns {

struct Edns {
  uint16_t udp_size;
  uint8_t version;
  bool dnssec_ok;
  std::optional<uint16_t> ede;      // Info-code of the first Extended DNS Error (RFC 8914).
  std::span<const uint8_t> cookie;  // Client and server cookie as sent: 8, or 16 to 40 octets; else empty.
  std::span<const uint8_t> nsid;    // RFC 5001.
};

// Reads the options in the RDATA of an OPT record: the first of each kind. A cookie or an Extended DNS Error
// whose length is wrong counts as absent; an option that leaves the RDATA is kOptionLength.
ParseError ReadOptions(std::span<const uint8_t> rdata, Edns& out);

}  // namespace codec::dns

#endif  // CODEC_DNS_EDNS_H_
