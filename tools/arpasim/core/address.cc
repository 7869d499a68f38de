#include "tools/arpasim/core/address.h"

#include <arpa/inet.h>

#include <array>
#include <cassert>
#include <charconv>

namespace arpasim {
namespace {

Address FromOctets(std::span<const uint8_t> octets) {
  Address address{.v6 = octets.size() == 16};
  for (size_t i = 0; i < octets.size(); ++i) {
    uint64_t& half = address.v6 && i < 8 ? address.high : address.low;
    half = (half << 8) | octets[i];
  }
  return address;
}

// The first `length` of 64 bits.
uint64_t Mask64(unsigned length) { return length == 0 ? 0 : ~uint64_t{0} << (64 - length); }

struct SpecialBlock {
  const char* prefix;
  bool globally_reachable;
};

// The longest match counts, so that exceptions stand before what holds them.
constexpr SpecialBlock kSpecialBlocks[] = {
    {"192.0.0.9/32", true},    {"192.0.0.10/32", true},    {"0.0.0.0/8", false},
    {"10.0.0.0/8", false},     {"100.64.0.0/10", false},   {"127.0.0.0/8", false},
    {"169.254.0.0/16", false}, {"172.16.0.0/12", false},   {"192.0.0.0/24", false},
    {"192.0.2.0/24", false},   {"192.88.99.2/32", false},  {"192.168.0.0/16", false},
    {"198.18.0.0/15", false},  {"198.51.100.0/24", false}, {"203.0.113.0/24", false},
    {"224.0.0.0/4", false},    {"240.0.0.0/4", false},     {"2001:1::1/128", true},
    {"2001:1::2/128", true},   {"2001:1::3/128", true},    {"2001:3::/32", true},
    {"2001:4:112::/48", true}, {"2001:20::/28", true},     {"2001:30::/28", true},
    {"::/128", false},         {"::1/128", false},         {"::ffff:0:0/96", false},
    {"64:ff9b:1::/48", false}, {"100::/64", false},        {"100:0:0:1::/64", false},
    {"2001::/23", false},      {"2001:db8::/32", false},   {"3fff::/20", false},
    {"5f00::/16", false},      {"fc00::/7", false},        {"fe80::/10", false},
    {"ff00::/8", false},
};

struct ParsedBlock {
  Prefix prefix;
  bool globally_reachable;
};

std::array<ParsedBlock, std::size(kSpecialBlocks)> ParseBlocks() {
  std::array<ParsedBlock, std::size(kSpecialBlocks)> blocks{};
  for (size_t i = 0; i < blocks.size(); ++i) {
    const std::optional<Prefix> prefix = ParsePrefix(kSpecialBlocks[i].prefix);
    assert(prefix.has_value());
    blocks[i] = {*prefix, kSpecialBlocks[i].globally_reachable};
  }
  return blocks;
}

}  // namespace

size_t WriteOctets(const Address& address, uint8_t* out) {
  const size_t octets = address.octets();
  for (size_t i = 0; i < octets; ++i) {
    const size_t from_end = octets - 1 - i;
    const uint64_t half = from_end >= 8 ? address.high : address.low;
    out[i] = static_cast<uint8_t>(half >> (8 * (from_end % 8)));
  }
  return octets;
}

std::string ToText(const Address& address) {
  std::array<uint8_t, 16> octets{};
  WriteOctets(address, octets.data());
  std::array<char, INET6_ADDRSTRLEN> text{};
  // glibc writes RFC 5952 but for the dotted form of the deprecated IPv4-compatible ::/96.
  if (address.v6 && address.high == 0 && (address.low >> 32) == 0 && address.low > 0xFFFF) {
    const auto group = [](uint64_t value) {
      std::array<char, 4> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value & 0xFFFF, 16).ptr;
      return std::string(digits.data(), end);
    };
    return "::" + group(address.low >> 16) + ":" + group(address.low);
  }
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, octets.data(), text.data(), text.size());
  return text.data();
}

std::optional<Address> ParseAddress(std::string_view text) {
  std::array<uint8_t, 16> octets{};
  const std::string copy(text);
  if (inet_pton(AF_INET, copy.c_str(), octets.data()) == 1) return FromOctets(std::span(octets).first(4));
  if (inet_pton(AF_INET6, copy.c_str(), octets.data()) == 1) return FromOctets(octets);
  return std::nullopt;
}

Address Masked(const Address& address, unsigned length) {
  Address masked = address;
  if (!address.v6) {
    masked.low &= Mask64(32 + length);
  } else {
    masked.high &= Mask64(length < 64 ? length : 64);
    masked.low &= Mask64(length < 64 ? 0 : length - 64);
  }
  return masked;
}

Address Prefix::last() const {
  Address address = first;
  if (!address.v6) {
    address.low |= ~Mask64(32U + length) & 0xFFFFFFFF;
  } else {
    address.high |= ~Mask64(length < 64 ? length : 64);
    address.low |= ~Mask64(length < 64 ? 0 : length - 64U);
  }
  return address;
}

std::optional<Prefix> ParsePrefix(std::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<Address> address = ParseAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned most = address->v6 ? 128 : 32;
  unsigned length = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc() || end != digits.data() + digits.size() || length > most) return std::nullopt;
  }
  if (Masked(*address, length) != *address) return std::nullopt;
  return Prefix{*address, static_cast<uint8_t>(length)};
}

bool IsSpecialUse(const Address& address) {
  static const auto blocks = ParseBlocks();
  for (const ParsedBlock& block : blocks) {
    if (block.prefix.first.v6 == address.v6 && Masked(address, block.prefix.length) == block.prefix.first) {
      return !block.globally_reachable;
    }
  }
  return false;
}

}  // namespace arpasim
