#include "scanner/core/private_space.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace scanner {
namespace {

constexpr IpPrefix V4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, int length) {
  return {.base = {.family = Family::kIpv4, .octets = {a, b, c, d}}, .length = length};
}

// The first four octets; the others are zero in every entry.
constexpr IpPrefix V6(uint8_t a, uint8_t b, uint8_t c, uint8_t d, int length) {
  return {.base = {.family = Family::kIpv6, .octets = {a, b, c, d}}, .length = length};
}

constexpr std::array kPrivate = {
    V4(0, 0, 0, 0, 8),               // RFC 6303 section 4.2
    V4(10, 0, 0, 0, 8),              // RFC 6303 section 4.1; AS112
    V4(100, 64, 0, 0, 10),           // RFC 7793
    V4(127, 0, 0, 0, 8),             // RFC 6303 section 4.2
    V4(169, 254, 0, 0, 16),          // RFC 6303 section 4.2; AS112
    V4(172, 16, 0, 0, 12),           // RFC 6303 section 4.1; AS112
    V4(192, 0, 0, 170, 31),          // RFC 8880
    V4(192, 0, 2, 0, 24),            // RFC 6303 section 4.2
    V4(192, 168, 0, 0, 16),          // RFC 6303 section 4.1; AS112
    V4(198, 51, 100, 0, 24),         // RFC 6303 section 4.2
    V4(203, 0, 113, 0, 24),          // RFC 6303 section 4.2
    V4(255, 255, 255, 255, 32),      // RFC 6303 section 4.2
    V6(0, 0, 0, 0, 127),             // RFC 6303 section 4.3: the unspecified address and loopback
    V6(0x20, 0x01, 0x0D, 0xB8, 32),  // RFC 6303 section 4.6
    V6(0xFC, 0, 0, 0, 7),            // RFC 6303 section 4.4; RFC 4193 section 4.4
    V6(0xFE, 0x80, 0, 0, 10),        // RFC 6303 section 4.5
};

}  // namespace

std::span<const IpPrefix> PrivateSpace() { return kPrivate; }

bool LiesInPrivateSpace(const IpAddress& first, const IpAddress& last) {
  return std::ranges::any_of(
      kPrivate, [&](const IpPrefix& block) { return block.Contains(first) && block.Contains(last); });
}

}  // namespace scanner
