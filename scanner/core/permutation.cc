#include "scanner/core/permutation.h"

#include <bit>
#include <cassert>
#include <cstddef>

namespace scanner {
namespace {

// The finaliser of splitmix64: a bijection of 64 bits in which every bit of the input moves every bit of the
// output.
constexpr uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
  x = (x ^ x >> 27) * 0x94D049BB133111EBU;
  return x ^ x >> 31;
}

}  // namespace

Permutation::Permutation(uint64_t size, uint64_t seed) : size_(size) {
  assert(size >= 1 && size <= kMaxSize);
  const int bits = static_cast<int>(std::bit_width(size - 1));
  low_bits_ = bits / 2;
  low_mask_ = (uint64_t{1} << low_bits_) - 1;
  high_mask_ = (uint64_t{1} << (bits - low_bits_)) - 1;
  for (uint64_t& key : keys_) {
    seed += 0x9E3779B97F4A7C15U;
    key = Mix(seed);
  }
}

uint64_t Permutation::operator()(uint64_t index) const {
  assert(index < size_);
  // Cycle walking: the power of two is less than twice the size, so that fewer than two steps are needed on
  // average; the cycle leads back to index itself, so that it ends.
  do {
    index = Encrypt(index);
  } while (index >= size_);
  return index;
}

// A Feistel network of two parts that may differ by one bit: a round changes one part by a function of the
// other.
uint64_t Permutation::Encrypt(uint64_t value) const {
  uint64_t low = value & low_mask_;
  uint64_t high = value >> low_bits_;
  for (size_t round = 0; round < kRounds; round += 2) {
    high ^= Mix(low + keys_[round]) & high_mask_;
    low ^= Mix(high + keys_[round + 1]) & low_mask_;
  }
  return high << low_bits_ | low;
}

}  // namespace scanner
