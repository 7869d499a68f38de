#include "scanner/core/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

namespace scanner {
namespace {

// Octets shared by all addresses of a prefix, and the mask of the octet where it ends.
constexpr uint8_t LeadingOnes(int bits) { return static_cast<uint8_t>(0xFF00U >> bits); }

char* PutDecimal(char* out, uint8_t octet) {
  if (octet >= 100) *out++ = static_cast<char>('0' + octet / 100);
  if (octet >= 10) *out++ = static_cast<char>('0' + octet / 10 % 10);
  *out++ = static_cast<char>('0' + octet % 10);
  return out;
}

char* PutQuad(char* out, const uint8_t* octets) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *out++ = '.';
    out = PutDecimal(out, octets[i]);
  }
  return out;
}

char* PutGroup(char* out, unsigned group) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  int shift = group >= 0x1000 ? 12 : group >= 0x100 ? 8 : group >= 0x10 ? 4 : 0;
  for (; shift >= 0; shift -= 4) *out++ = kDigits[group >> shift & 0xF];
  return out;
}

using Groups = std::array<unsigned, 8>;

struct ZeroRun {
  int first = -1;
  int length = 0;
};

// The longest run of at least two zero groups, the first of equals (RFC 5952 section 4.2).
ZeroRun LongestZeroRun(const Groups& groups) {
  ZeroRun best;
  for (int i = 0; i < 8;) {
    int end = i;
    while (end < 8 && groups[static_cast<size_t>(end)] == 0) ++end;
    if (end - i >= 2 && end - i > best.length) best = {.first = i, .length = end - i};
    i = end + 1;
  }
  return best;
}

char* PutV6(char* out, const std::array<uint8_t, 16>& octets) {
  Groups groups;
  for (size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(octets[2 * i] << 8 | octets[2 * i + 1]);
  const ZeroRun zeros = LongestZeroRun(groups);
  const bool embeds_v4 =
      zeros.first == 0 && (zeros.length == 6 || (zeros.length == 5 && groups[5] == 0xFFFF));
  const int end = embeds_v4 ? 6 : 8;
  for (int i = 0; i < end; ++i) {
    if (i == zeros.first) {
      *out++ = ':';
      *out++ = ':';
      i += zeros.length - 1;
      continue;
    }
    if (i > 0 && i != zeros.first + zeros.length) *out++ = ':';
    out = PutGroup(out, groups[static_cast<size_t>(i)]);
  }
  if (!embeds_v4) return out;
  if (zeros.length == 5) *out++ = ':';
  return PutQuad(out, octets.data() + 12);
}

}  // namespace

IpAddress IpAddress::FromV4(uint32_t number) {
  IpAddress address;
  for (size_t i = 0; i < 4; ++i) address.octets[i] = static_cast<uint8_t>(number >> (24 - 8 * i));
  return address;
}

IpAddress IpAddress::FromV6(Uint128 number) {
  IpAddress address;
  address.family = Family::kIpv6;
  for (size_t i = 0; i < 16; ++i) address.octets[i] = static_cast<uint8_t>(number >> (120 - 8 * i));
  return address;
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  std::array<char, kMaxAddressText + 1> terminated{};
  // A NUL inside the text would hide what follows it from inet_pton.
  if (text.size() > kMaxAddressText || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), terminated.begin());
  IpAddress address;
  if (inet_pton(AF_INET, terminated.data(), address.octets.data()) == 1) return address;
  address.family = Family::kIpv6;
  if (inet_pton(AF_INET6, terminated.data(), address.octets.data()) == 1) return address;
  return std::nullopt;
}

uint32_t IpAddress::v4() const {
  assert(family == Family::kIpv4);
  return static_cast<uint32_t>(number());
}

Uint128 IpAddress::number() const {
  Uint128 value = 0;
  for (const uint8_t octet : significant()) value = value << 8 | octet;
  return value;
}

std::string IpAddress::ToString() const {
  std::array<char, kMaxAddressText> buffer;
  return std::string(Format(buffer));
}

std::string_view IpAddress::Format(std::span<char, kMaxAddressText> buffer) const {
  const char* end =
      family == Family::kIpv4 ? PutQuad(buffer.data(), octets.data()) : PutV6(buffer.data(), octets);
  return {buffer.data(), static_cast<size_t>(end - buffer.data())};
}

std::optional<IpPrefix> IpPrefix::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<IpAddress> address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpPrefix prefix{.base = *address, .length = AddressBits(address->family)};
  if (slash == std::string_view::npos) return prefix;
  const std::string_view digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (length > static_cast<unsigned>(prefix.length)) return std::nullopt;
  prefix.length = static_cast<int>(length);
  for (int i = 0; i < 16; ++i) {
    prefix.base.octets[static_cast<size_t>(i)] &= LeadingOnes(std::clamp(prefix.length - 8 * i, 0, 8));
  }
  return prefix;
}

IpAddress IpPrefix::Last() const {
  IpAddress last = base;
  for (int i = 0; i < AddressBits(base.family) / 8; ++i) {
    last.octets[static_cast<size_t>(i)] |=
        static_cast<uint8_t>(~LeadingOnes(std::clamp(length - 8 * i, 0, 8)));
  }
  return last;
}

bool IpPrefix::Contains(const IpAddress& address) const { return First() <= address && address <= Last(); }

}  // namespace scanner
