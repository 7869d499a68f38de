// Names as text: the form of the outputs, and RFC 1035 section 5.1.
#include <cassert>
#include <cstring>

#include "codec/dns/name.h"

namespace codec::dns {
namespace {

constexpr std::array<bool, 256> MakePlain() {
  std::array<bool, 256> plain{};
  for (int c = '0'; c <= '9'; ++c) plain[static_cast<size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) plain[static_cast<size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) plain[static_cast<size_t>(c)] = true;
  plain['-'] = plain['_'] = plain['/'] = true;
  return plain;
}
constexpr std::array<bool, 256> kPlain = MakePlain();

// Writes a name that needs no escape, as nearly all do; 0 if it does. Not for the root.
size_t PresentPlain(NameView name, std::span<char, kMaxPresentationLength> out) {
  const size_t length = name.size() - 2;  // Without the first length octet and the root label.
  std::memcpy(out.data(), name.data() + 1, length);
  bool plain = name[1] != '-';
  for (size_t at = 0; name[at] != 0;) {
    if (at != 0) out[at - 1] = '.';
    const size_t end = at + 1 + name[at];
    for (++at; at < end; ++at) plain &= kPlain[name[at]];
  }
  return plain ? length : 0;
}

size_t WriteEscape(uint8_t octet, char* out) {
  out[0] = '\\';
  out[1] = static_cast<char>('0' + octet / 100);
  out[2] = static_cast<char>('0' + octet / 10 % 10);
  out[3] = static_cast<char>('0' + octet % 10);
  return 4;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes one octet of a label off `text`, which is not empty; nothing where an escape is not whole or above
// 255.
std::optional<uint8_t> TakeOctet(std::string_view& text) {
  if (text[0] != '\\') {
    const auto octet = static_cast<uint8_t>(text[0]);
    text.remove_prefix(1);
    return octet;
  }
  if (text.size() < 2) return std::nullopt;
  if (!IsDigit(text[1])) {
    const auto octet = static_cast<uint8_t>(text[1]);
    text.remove_prefix(2);
    return octet;
  }
  if (text.size() < 4 || !IsDigit(text[2]) || !IsDigit(text[3])) return std::nullopt;
  const int value = (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
  if (value > 255) return std::nullopt;
  text.remove_prefix(4);
  return static_cast<uint8_t>(value);
}

}  // namespace

size_t Present(NameView name, std::span<char, kMaxPresentationLength> out) {
  assert(!name.empty() && name.size() <= kMaxNameOctets);
  if (name.size() == 1) {
    out[0] = '.';
    return 1;
  }
  if (const size_t length = PresentPlain(name, out); length != 0) return length;
  size_t length = 0;
  for (size_t at = 0; name[at] != 0;) {
    if (at != 0) out[length++] = '.';
    const size_t end = at + 1 + name[at];
    for (++at; at < end; ++at) {
      const uint8_t octet = name[at];
      // A spreadsheet takes a `-` at the start for a formula.
      if (kPlain[octet] && (octet != '-' || length != 0)) {
        out[length++] = static_cast<char>(octet);
      } else {
        length += WriteEscape(octet, &out[length]);
      }
    }
  }
  return length;
}

std::string ToString(NameView name) {
  std::array<char, kMaxPresentationLength> text;
  return {text.data(), Present(name, text)};
}

std::optional<Name> ParseName(std::string_view text) {
  Name out;
  if (text == ".") {
    out.octets[0] = 0;
    out.length = 1;
    return out;
  }
  size_t length = 0;
  do {
    const size_t head = length++;
    while (!text.empty() && text[0] != '.') {
      const std::optional<uint8_t> octet = TakeOctet(text);
      // The root label needs the last octet.
      if (!octet.has_value() || length - head > kMaxLabelOctets || length >= kMaxNameOctets - 1)
        return std::nullopt;
      out.octets[length++] = *octet;
    }
    if (length == head + 1) return std::nullopt;
    out.octets[head] = static_cast<uint8_t>(length - head - 1);
    if (!text.empty()) text.remove_prefix(1);
  } while (!text.empty() && length < kMaxNameOctets - 1);
  if (!text.empty()) return std::nullopt;
  out.octets[length++] = 0;
  out.length = static_cast<uint8_t>(length);
  return out;
}

}  // namespace codec::dns
