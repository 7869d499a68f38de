// A seeded bijection on [0, size).
#ifndef SCANNER_CORE_PERMUTATION_H_
#define SCANNER_CORE_PERMUTATION_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace scanner {

// An order that looks random, not a secret: whoever knows outputs can find the seed. Immutable, any thread
// may use it.
class Permutation {
 public:
  static constexpr uint64_t kMaxSize = uint64_t{1} << 56;

  // 1 <= size <= kMaxSize. The same size and seed give the same bijection on every machine and in every
  // version.
  Permutation(uint64_t size, uint64_t seed);

  uint64_t size() const { return size_; }

  // index < size(); so is the result. About 20 ns.
  uint64_t operator()(uint64_t index) const;

 private:
  static constexpr size_t kRounds = 6;  // Even: each round changes the other half.

  uint64_t Encrypt(uint64_t value) const;

  uint64_t size_;
  int low_bits_;  // The lower half of a value. 2^(low_bits_ + high bits) is the power of two at or above
                  // size_.
  uint64_t low_mask_;
  uint64_t high_mask_;
  std::array<uint64_t, kRounds> keys_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_PERMUTATION_H_
