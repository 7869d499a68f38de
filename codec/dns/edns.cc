#include "codec/dns/edns.h"

#include "codec/dns/wire_reader.h"

namespace codec::dns {
namespace {

bool Is(uint16_t code, Option option) { return code == static_cast<uint16_t>(option); }

bool IsCookieLength(size_t octets) { return octets == 8 || (octets >= 16 && octets <= 40); }

}  // namespace

ParseError ReadOptions(std::span<const uint8_t> rdata, Edns& out) {
  WireReader in(rdata);
  while (in.left() > 0) {
    const uint16_t code = in.ReadU16();
    const std::span<const uint8_t> data = in.ReadBytes(in.ReadU16());
    if (!in.ok()) return ParseError::kOptionLength;
    if (Is(code, Option::kNsid)) {
      if (out.nsid.empty()) out.nsid = data;
    } else if (Is(code, Option::kCookie)) {
      if (out.cookie.empty() && IsCookieLength(data.size())) out.cookie = data;
    } else if (Is(code, Option::kEde)) {
      if (!out.ede.has_value() && data.size() >= 2) out.ede = LoadU16(data.data());
    }
  }
  return ParseError::kNone;
}

}  // namespace codec::dns
