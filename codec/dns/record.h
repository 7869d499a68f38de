// One resource record of a message (RFC 1035 section 4.1.3), where it lies.
#ifndef CODEC_DNS_RECORD_H_
#define CODEC_DNS_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "codec/dns/name.h"
#include "codec/dns/types.h"
#include "codec/dns/wire_reader.h"

namespace codec::dns {

struct Record {
  uint16_t owner;  // Offset of the owner name in the message.
  Type type;
  uint16_t klass;
  uint32_t ttl;    // Seconds; a value with the top bit set reads as 0 (RFC 2181 section 8).
  uint16_t rdata;  // Offset in the message.
  uint16_t rdata_length;
};

// Reads the record at `offset` of a message of at most 65,535 octets and moves `offset` behind it. The TTL is
// as it stands: OPT keeps flags there.
inline ParseError ReadRecord(std::span<const uint8_t> message, size_t& offset, Record& out) {
  constexpr size_t kFixedOctets = 10;  // Type, class, TTL, length of the RDATA.
  size_t at = offset;
  if (const ParseError fault = SkipName(message, at); fault != ParseError::kNone) return fault;
  if (message.size() - at < kFixedOctets) return ParseError::kTruncated;
  const uint8_t* const fixed = message.data() + at;
  out.owner = static_cast<uint16_t>(offset);
  out.type = static_cast<Type>(LoadU16(fixed));
  out.klass = LoadU16(fixed + 2);
  out.ttl = LoadU32(fixed + 4);
  out.rdata_length = LoadU16(fixed + 8);
  at += kFixedOctets;
  out.rdata = static_cast<uint16_t>(at);
  if (message.size() - at < out.rdata_length) return ParseError::kTruncated;
  offset = at + out.rdata_length;
  return ParseError::kNone;
}

}  // namespace codec::dns

#endif  // CODEC_DNS_RECORD_H_
