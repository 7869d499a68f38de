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

// Compared and counted side by side.
using Octets16 = uint8_t __attribute__((vector_size(16)));

Octets16 Load(const uint8_t* octets) {
  Octets16 loaded;
  std::memcpy(&loaded, octets, sizeof(loaded));
  return loaded;
}

// 1 for each octet that kPlain does not have.
Octets16 NotPlain(Octets16 octets) {
  const Octets16 letter = (octets | 0x20) - 'a';
  const Octets16 digit = octets - '/';
  const auto plain = (letter < 26) | (digit < 11) | (octets == '-') | (octets == '_');
  return reinterpret_cast<Octets16>(plain) + 1;
}

size_t Sum(Octets16 counts) {
  uint64_t halves[2];
  std::memcpy(halves, &counts, sizeof(counts));
  constexpr uint64_t kOnes = 0x0101'0101'0101'0101;
  return (halves[0] * kOnes >> 56) + (halves[1] * kOnes >> 56);
}

// Copies `octets`; returns how many of them kPlain does not have.
size_t CopyAndCount(std::span<const uint8_t> octets, char* out) {
  constexpr size_t kStep = sizeof(Octets16);
  size_t at = 0;
  if (octets.size() < kStep) {
    size_t count = 0;
    for (; at < octets.size(); ++at) {
      out[at] = static_cast<char>(octets[at]);
      count += kPlain[octets[at]] ? 0 : 1;
    }
    return count;
  }
  Octets16 counts{};
  for (; at + kStep <= octets.size(); at += kStep) {
    const Octets16 step = Load(&octets[at]);
    counts += NotPlain(step);
    std::memcpy(out + at, &step, kStep);
  }
  constexpr Octets16 kPlaces = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  // The last ones again, of which only those count that are new.
  const auto seen = static_cast<uint8_t>(kStep - (octets.size() - at));
  const size_t last = octets.size() - kStep;
  const Octets16 step = Load(&octets[last]);
  counts += NotPlain(step) & reinterpret_cast<Octets16>(kPlaces >= seen);
  std::memcpy(out + last, &step, kStep);
  return Sum(counts);
}

// Writes a name that needs no escape, as nearly all do; 0 if it does. Not for the root.
size_t PresentPlain(NameView name, std::span<char, kMaxPresentationLength> out) {
  size_t not_plain = CopyAndCount(name.subspan(1), out.data());
  // Of them, length octets become points, and the root label is left out.
  for (size_t at = size_t{1} + name[0]; name[at] != 0; at += size_t{1} + name[at]) {
    out[at - 1] = '.';
    not_plain -= kPlain[name[at]] ? 0 : 1;
  }
  return not_plain == 1 && name[1] != '-' ? name.size() - 2 : 0;
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
