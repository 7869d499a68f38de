#include "codec/dns/query.h"

#include <bit>
#include <cassert>
#include <cstring>

#include "codec/dns/short_octets.h"
#include "codec/dns/wire_writer.h"

namespace codec::dns {
namespace {

constexpr uint16_t kRecursionDesired = 0x0100;

void WriteOpt(const QueryOptions& options, WireWriter& out) {
  out.WriteU8(0);  // The root.
  out.WriteU16(static_cast<uint16_t>(Type::kOpt));
  out.WriteU16(options.edns_size);
  out.WriteU32(0);  // Extended RCODE, version 0, no flags.
  if (!options.client_cookie.has_value()) {
    out.WriteU16(0);
    return;
  }
  const auto cookie_length =
      static_cast<uint16_t>(options.client_cookie->size() + options.server_cookie.length);
  out.WriteU16(static_cast<uint16_t>(4 + cookie_length));
  out.WriteU16(static_cast<uint16_t>(Option::kCookie));
  out.WriteU16(cookie_length);
  out.WriteBytes(*options.client_cookie);
  out.WriteBytes(std::span(options.server_cookie.octets).first(options.server_cookie.length));
}

}  // namespace

QueryTemplate::QueryTemplate(const QueryOptions& options) {
  assert(options.edns || !options.client_cookie.has_value());
  assert(options.client_cookie.has_value() || options.server_cookie.length == 0);
  assert(options.server_cookie.length == 0 ||
         (options.server_cookie.length >= 8 && options.server_cookie.length <= 32));
  WireWriter header(header_);
  header.WriteU16(0);  // The id, patched in.
  header.WriteU16(options.recursion_desired ? kRecursionDesired : 0);
  header.WriteU16(1);
  header.WriteU16(0);
  header.WriteU16(0);
  header.WriteU16(options.edns ? 1 : 0);
  WireWriter tail(tail_);
  tail.WriteU16(0);  // The type, patched in.
  tail.WriteU16(kClassIn);
  if (options.edns) WriteOpt(options, tail);
  assert(header.ok() && tail.ok());
  tail_length_ = static_cast<uint8_t>(tail.length());
}

size_t QueryTemplate::Write(std::span<uint8_t> out, uint16_t id, NameView name, Type type) const {
  const size_t total = length(name.size());
  assert(!name.empty() && out.size() >= total);
  uint8_t* const start = out.data();
  std::memcpy(start, header_.data(), kHeaderOctets);
  start[0] = static_cast<uint8_t>(id >> 8);
  start[1] = static_cast<uint8_t>(id);
  CopyShort(start + kHeaderOctets, name.data(), name.size());
  uint8_t* const tail = start + kHeaderOctets + name.size();
  CopyShort(tail, tail_.data(), tail_length_);
  const auto type_number = static_cast<uint16_t>(type);
  tail[0] = static_cast<uint8_t>(type_number >> 8);
  tail[1] = static_cast<uint8_t>(type_number);
  return total;
}

void RandomizeCase(std::span<uint8_t> name, uint64_t bits) {
  for (uint8_t& octet : name) {
    const auto small = static_cast<uint8_t>(octet | 0x20);
    if (small < 'a' || small > 'z') continue;
    octet = static_cast<uint8_t>((bits & 1) != 0 ? small & ~0x20 : small);
    bits = std::rotr(bits, 1);
  }
}

}  // namespace codec::dns
