// Domain names in uncompressed wire form (RFC 1035 section 3.1): 1 to 255 octets, the root label included.
#ifndef CODEC_DNS_NAME_H_
#define CODEC_DNS_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codec/dns/types.h"

namespace codec::dns {

inline constexpr size_t kMaxNameOctets = 255;
inline constexpr size_t kMaxLabelOctets = 63;

// A whole valid name: never empty, ends with the root label.
using NameView = std::span<const uint8_t>;

struct Name {
  std::array<uint8_t, kMaxNameOctets> octets;
  uint8_t length = 0;  // 0: no name yet.

  NameView view() const { return std::span(octets).first(length); }
  void Assign(NameView name);
};

// Decompresses the name at `offset` of `message` into `out`, keeping its case, and moves `offset` behind it.
// Pointers must point before the start of the label run that holds them (strictly backwards), which bounds
// them.
ParseError ReadName(std::span<const uint8_t> message, size_t& offset, Name& out);

// SkipName for names that begin with a label, or cannot be read.
ParseError SkipLabels(std::span<const uint8_t> message, size_t& offset);

// Moves `offset` behind the name; looks at label types and lengths and where a pointer points, never behind
// it.
inline ParseError SkipName(std::span<const uint8_t> message, size_t& offset) {
  // Most owners are a pointer or the root.
  if (offset + 2 <= message.size()) {
    const uint8_t head = message[offset];
    if (head == 0) {
      ++offset;
      return ParseError::kNone;
    }
    if (head >= 0xC0 && static_cast<size_t>((head & 0x3F) << 8 | message[offset + 1]) < offset) {
      offset += 2;
      return ParseError::kNone;
    }
  }
  return SkipLabels(message, offset);
}

// Whether the possibly compressed name at `offset` equals `name`, ASCII letters in any case (RFC 4343).
// Copies nothing. False when it cannot be read.
bool NameEquals(std::span<const uint8_t> message, size_t offset, NameView name);

bool EqualNames(NameView a, NameView b);  // ASCII letters in any case.
void LowerCase(Name& name);

// Whether `name` is `ancestor` or below it.
bool IsSubdomain(NameView name, NameView ancestor);

// The DNAME substitution of RFC 6672 section 2.2: `name`, strictly below `owner`, moved below `target`.
// Nothing when the result is longer than 255 octets or `name` is not strictly below `owner`.
std::optional<Name> SubstituteSuffix(NameView name, NameView owner, NameView target);

// Most characters that Present writes: 255 octets, each `\DDD`.
inline constexpr size_t kMaxPresentationLength = 1024;

// Writes the form of SPEC section 2 ("Names in output"): no final dot, `.` for the root, every octet outside
// `A-Z a-z 0-9 - _ /` as `\DDD`, and so a `-` at the start of the name. Returns the length. Not
// NUL-terminated.
size_t Present(NameView name, std::span<char, kMaxPresentationLength> out);
std::string ToString(NameView name);

// Reads presentation form (RFC 1035 section 5.1, `\DDD` and `\X` escapes, with or without the final dot).
std::optional<Name> ParseName(std::string_view text);

}  // namespace codec::dns

#endif  // CODEC_DNS_NAME_H_
