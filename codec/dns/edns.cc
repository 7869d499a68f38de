#include "codec/dns/edns.h"

#include "codec/dns/wire_reader.h"

namespace codec::dns {
namespace {

bool IsCookieLength(size_t octets) { return octets == 8 || (octets >= 16 && octets <= 40); }

}  // namespace

ParseError ReadOptions(std::span<const uint8_t> rdata, Edns& out) {
  WireReader in(rdata);
  while (in.left() > 0) {
    const auto code = static_cast<Option>(in.ReadU16());
    const std::span<const uint8_t> data = in.ReadBytes(in.ReadU16());
    if (!in.ok()) return ParseError::kOptionLength;
    switch (code) {
      case Option::kNsid:
        if (out.nsid.empty()) out.nsid = data;
        break;
      case Option::kCookie:
        if (out.cookie.empty() && IsCookieLength(data.size())) out.cookie = data;
        break;
      case Option::kEde:
        if (!out.ede.has_value() && data.size() >= 2) out.ede = static_cast<uint16_t>(data[0] << 8 | data[1]);
        break;
    }
  }
  return ParseError::kNone;
}

}  // namespace codec::dns
