#include "scanner/core/reserved_space.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace scanner {
namespace {

constexpr SpecialPurposeBlock V4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, int length,
                                 std::string_view name, bool reachable) {
  return {.prefix = {.base = {.family = Family::kIpv4, .octets = {a, b, c, d}}, .length = length},
          .name = name,
          .globally_reachable = reachable};
}

// The first four groups and the last one; those between are zero in every entry.
constexpr SpecialPurposeBlock V6(std::array<uint16_t, 4> head, uint16_t group5, uint16_t group7, int length,
                                 std::string_view name, bool reachable) {
  IpAddress base{.family = Family::kIpv6, .octets = {}};
  const std::array<uint16_t, 8> groups = {head[0], head[1], head[2], head[3], 0, group5, 0, group7};
  for (size_t i = 0; i < groups.size(); ++i) {
    base.octets[2 * i] = static_cast<uint8_t>(groups[i] >> 8);
    base.octets[2 * i + 1] = static_cast<uint8_t>(groups[i]);
  }
  return {.prefix = {.base = base, .length = length}, .name = name, .globally_reachable = reachable};
}

constexpr bool kReachable = true;
constexpr bool kReserved = false;

// An entry whose reachability the registries leave open (N/A) stands for nothing of its own: the rest of
// 192.88.99.0/24 and 6to4 (2002::/16) are like any address, Teredo (2001::/32) and the first ORCHID
// (2001:10::/28) are as 2001::/23 around them. Entries that repeat what a block around them says (0.0.0.0/32,
// 192.0.0.0/29, 192.0.0.8/32, 192.0.0.170/32, 192.0.0.171/32, 255.255.255.255/32, 2001:2::/48) are left out.
constexpr std::array kBlocks = {
    V4(0, 0, 0, 0, 8, "\"This network\"", kReserved),
    V4(10, 0, 0, 0, 8, "Private-Use", kReserved),
    V4(100, 64, 0, 0, 10, "Shared Address Space", kReserved),
    V4(127, 0, 0, 0, 8, "Loopback", kReserved),
    V4(169, 254, 0, 0, 16, "Link Local", kReserved),
    V4(172, 16, 0, 0, 12, "Private-Use", kReserved),
    V4(192, 0, 0, 0, 24, "IETF Protocol Assignments", kReserved),
    V4(192, 0, 0, 9, 32, "Port Control Protocol Anycast", kReachable),
    V4(192, 0, 0, 10, 32, "Traversal Using Relays around NAT Anycast", kReachable),
    V4(192, 0, 2, 0, 24, "Documentation (TEST-NET-1)", kReserved),
    V4(192, 31, 196, 0, 24, "AS112-v4", kReachable),
    V4(192, 52, 193, 0, 24, "AMT", kReachable),
    V4(192, 88, 99, 2, 32, "6a44-relay anycast address", kReserved),
    V4(192, 168, 0, 0, 16, "Private-Use", kReserved),
    V4(192, 175, 48, 0, 24, "Direct Delegation AS112 Service", kReachable),
    V4(198, 18, 0, 0, 15, "Benchmarking", kReserved),
    V4(198, 51, 100, 0, 24, "Documentation (TEST-NET-2)", kReserved),
    V4(203, 0, 113, 0, 24, "Documentation (TEST-NET-3)", kReserved),
    V4(224, 0, 0, 0, 4, "Multicast", kReserved),
    V4(240, 0, 0, 0, 4, "Reserved", kReserved),
    V6({0, 0, 0, 0}, 0, 0, 128, "Unspecified Address", kReserved),
    V6({0, 0, 0, 0}, 0, 1, 128, "Loopback Address", kReserved),
    V6({0, 0, 0, 0}, 0xFFFF, 0, 96, "IPv4-mapped Address", kReserved),
    V6({0x64, 0xFF9B, 0, 0}, 0, 0, 96, "IPv4-IPv6 Translat.", kReachable),
    V6({0x64, 0xFF9B, 1, 0}, 0, 0, 48, "IPv4-IPv6 Translat.", kReserved),
    V6({0x100, 0, 0, 0}, 0, 0, 64, "Discard-Only Address Block", kReserved),
    V6({0x100, 0, 0, 1}, 0, 0, 64, "Dummy IPv6 Prefix", kReserved),
    V6({0x2001, 0, 0, 0}, 0, 0, 23, "IETF Protocol Assignments", kReserved),
    V6({0x2001, 1, 0, 0}, 0, 1, 128, "Port Control Protocol Anycast", kReachable),
    V6({0x2001, 1, 0, 0}, 0, 2, 128, "Traversal Using Relays around NAT Anycast", kReachable),
    V6({0x2001, 1, 0, 0}, 0, 3, 128, "DNS-SD Service Registration Protocol Anycast", kReachable),
    V6({0x2001, 3, 0, 0}, 0, 0, 32, "AMT", kReachable),
    V6({0x2001, 4, 0x112, 0}, 0, 0, 48, "AS112-v6", kReachable),
    V6({0x2001, 0x20, 0, 0}, 0, 0, 28, "ORCHIDv2", kReachable),
    V6({0x2001, 0x30, 0, 0}, 0, 0, 28, "Drone Remote ID Protocol Entity Tags Prefix", kReachable),
    V6({0x2001, 0xDB8, 0, 0}, 0, 0, 32, "Documentation", kReserved),
    V6({0x2620, 0x4F, 0x8000, 0}, 0, 0, 48, "Direct Delegation AS112 Service", kReachable),
    V6({0x3FFF, 0, 0, 0}, 0, 0, 20, "Documentation", kReserved),
    V6({0x5F00, 0, 0, 0}, 0, 0, 16, "Segment Routing (SRv6) SIDs", kReserved),
    V6({0xFC00, 0, 0, 0}, 0, 0, 7, "Unique-Local", kReserved),
    V6({0xFE80, 0, 0, 0}, 0, 0, 10, "Link-Local Unicast", kReserved),
    V6({0xFF00, 0, 0, 0}, 0, 0, 8, "Multicast", kReserved),
};

// A block as numbers, so that an address is compared in a nanosecond: forward addresses are looked up here.
template <typename Number>
struct MaskedBlock {
  Number base;
  Number mask;
  bool reserved;
};

template <typename Number, Family kFamily>
constexpr auto MaskedBlocks() {
  constexpr size_t kCount = std::ranges::count_if(
      kBlocks, [](const SpecialPurposeBlock& block) { return block.prefix.base.family == kFamily; });
  std::array<MaskedBlock<Number>, kCount> masked{};
  size_t filled = 0;
  for (const SpecialPurposeBlock& block : kBlocks) {
    if (block.prefix.base.family != kFamily) continue;
    Number base = 0;
    for (size_t i = 0; i < sizeof(Number); ++i)
      base = static_cast<Number>(base << 8) | block.prefix.base.octets[i];
    const auto host_bits =
        static_cast<Number>((Number{1} << (AddressBits(kFamily) - block.prefix.length)) - 1);
    masked[filled++] = {
        .base = base, .mask = static_cast<Number>(~host_bits), .reserved = !block.globally_reachable};
  }
  return masked;
}

constexpr auto kV4Blocks = MaskedBlocks<uint32_t, Family::kIpv4>();
constexpr auto kV6Blocks = MaskedBlocks<Uint128, Family::kIpv6>();

template <typename Number>
bool MostSpecificIsReserved(std::span<const MaskedBlock<Number>> blocks, Number address) {
  bool reserved = false;
  for (const MaskedBlock<Number>& block : blocks) {
    // A later block that holds the address is inside an earlier one that does.
    if ((address & block.mask) == block.base) reserved = block.reserved;
  }
  return reserved;
}

}  // namespace

std::span<const SpecialPurposeBlock> SpecialPurposeBlocks() { return kBlocks; }

bool IsSpecialUse(const IpAddress& address) {
  if (address.family == Family::kIpv4) return MostSpecificIsReserved<uint32_t>(kV4Blocks, address.v4());
  return MostSpecificIsReserved<Uint128>(kV6Blocks, address.number());
}

bool LiesInReservedBlock(const IpAddress& first, const IpAddress& last) {
  for (const SpecialPurposeBlock& block : kBlocks) {
    if (!block.globally_reachable && block.prefix.Contains(first) && block.prefix.Contains(last)) return true;
  }
  return false;
}

}  // namespace scanner
