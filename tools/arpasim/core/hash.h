// The one source of chance: a hash of the seed and of what is asked about.
#ifndef TOOLS_ARPASIM_CORE_HASH_H_
#define TOOLS_ARPASIM_CORE_HASH_H_

#include <cstdint>
#include <cstring>
#include <span>

#include "tools/arpasim/core/address.h"

namespace arpasim {

// The finalizer of SplitMix64.
constexpr uint64_t Mix64(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

// What a hash decides; each has draws of its own.
enum class Salt : uint64_t {
  kCase,
  kBlock,
  kSuffix,
  kShape,
  kPtrTtl,
  kAliasTtl,
  kForwardTtl,
  kRealTtl,
  kSoa,
  kAddress,
  kFault,
  kCookie,
};

constexpr uint64_t Hash(uint64_t seed, Salt salt, const Address& address, uint64_t index = 0) {
  const uint64_t key =
      seed ^ (static_cast<uint64_t>(salt) << 56) ^ (index << 40) ^ (address.v6 ? 1ULL << 39 : 0);
  return Mix64(Mix64(Mix64(key) ^ address.low) + address.high);
}

inline uint64_t HashOctets(uint64_t seed, std::span<const uint8_t> octets) {
  uint64_t hash = seed ^ (octets.size() * 0x9E3779B97F4A7C15);
  while (octets.size() >= 8) {
    uint64_t word = 0;
    std::memcpy(&word, octets.data(), 8);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93;
    hash ^= hash >> 32;
    octets = octets.subspan(8);
  }
  uint64_t word = 0;
  if (!octets.empty()) std::memcpy(&word, octets.data(), octets.size());
  return Mix64(hash ^ word);
}

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_HASH_H_
