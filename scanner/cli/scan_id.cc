#include "scanner/cli/scan_id.h"

#include <array>
#include <cstdio>

namespace scanner {
namespace {

// FNV-1a, 64 bits, over numbers in little-endian order (Fowler, Noll and Vo).
class Fnv1a {
 public:
  void Add(uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      hash_ = (hash_ ^ ((number >> shift) & 0xFF)) * 0x100000001B3U;
    }
  }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0xCBF29CE484222325U;
};

void AddTargets(const TargetSet& targets, Fnv1a& hash) {
  hash.Add(targets.v4().size());
  for (const Interval<uint32_t>& interval : targets.v4()) {
    hash.Add(interval.first);
    hash.Add(interval.last);
  }
  hash.Add(targets.v6().size());
  for (const Interval<Uint128>& interval : targets.v6()) {
    for (const Uint128 number : {interval.first, interval.last}) {
      hash.Add(static_cast<uint64_t>(number >> 64));
      hash.Add(static_cast<uint64_t>(number));
    }
  }
}

std::string Hexadecimal(uint64_t number) {
  std::array<char, 17> text;
  const int length =
      std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(number));
  return {text.data(), static_cast<size_t>(length)};
}

}  // namespace

std::string ScanId(const TargetSet& targets, Order order, uint64_t seed, uint32_t shards) {
  Fnv1a hash;
  AddTargets(targets, hash);
  hash.Add(static_cast<uint64_t>(order));
  hash.Add(seed);
  hash.Add(shards);
  return Hexadecimal(hash.hash());
}

std::string TargetsFingerprint(const TargetSet& targets) {
  Fnv1a hash;
  AddTargets(targets, hash);
  return Hexadecimal(hash.hash());
}

}  // namespace scanner
