// Numbers of the IANA DNS parameters registry that this project uses.
#ifndef CODEC_DNS_TYPES_H_
#define CODEC_DNS_TYPES_H_

#include <cstddef>
#include <cstdint>

namespace codec::dns {

enum class Type : uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kTxt = 16,
  kAaaa = 28,
  kDname = 39,
  kOpt = 41,
  kRrsig = 46,
};

inline constexpr uint16_t kClassIn = 1;

// The twelve bits of RFC 6891 section 6.1.3; any value may arrive.
enum class Rcode : uint16_t {
  kNoError = 0,
  kFormerr = 1,
  kServfail = 2,
  kNxdomain = 3,
  kNotimp = 4,
  kRefused = 5,
  kYxdomain = 6,  // RFC 6672 section 2.2: a DNAME makes the name too long.
  kBadvers = 16,
  kBadcookie = 23,
};

// EDNS option codes.
enum class Option : uint16_t {
  kNsid = 3,     // RFC 5001
  kCookie = 10,  // RFC 7873
  kEde = 15,     // RFC 8914
};

// Why a packet, or a part of it, was refused.
enum class ParseError : uint8_t {
  kNone,
  kTruncated,       // It ends inside something.
  kLabelType,       // A label of type 01 or 10 (RFC 6891 section 5).
  kForwardPointer,  // A compression pointer that does not point before its own name's start.
  kPointerCount,    // More compression pointers than a name can have labels.
  kNameTooLong,     // More than 255 octets (RFC 1035 section 3.1).
  kNotAResponse,    // QR is 0.
  kOpcode,          // Not QUERY.
  kQuestionCount,   // More than one question.
  kRdataLength,     // RDATA that does not fit its type.
  kOptMisplaced,    // A second OPT, one outside the additional section, or one whose owner is not the root.
  kOptionLength,    // An EDNS option that leaves its RDATA.
  kTrailingOctets,  // Octets after the last record.
};
inline constexpr size_t kParseErrors = 13;

}  // namespace codec::dns

#endif  // CODEC_DNS_TYPES_H_
