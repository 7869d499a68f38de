// Seeded randomness for simulations: the same numbers on every machine and with every standard library.
#ifndef NETIO_SIM_RANDOM_H_
#define NETIO_SIM_RANDOM_H_

#include <cstdint>

#include "netio/instant.h"

namespace netio {

// The SplitMix64 sequence (Steele, Lea and Flood, OOPSLA 2014): one addition and a mix per number.
class SimRandom {
 public:
  explicit SimRandom(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  // 0 <= result < bound; bound > 0. The bias is below bound / 2^64.
  uint64_t Below(uint64_t bound) { return Next() % bound; }

  // True with this probability; draws nothing for 0, so that a fault that is off changes no other.
  bool Chance(double probability) {
    return probability > 0 && static_cast<double>(Next() >> 11) * 0x1p-53 < probability;
  }

  // Uniform, both ends included; low <= high.
  Duration Between(Duration low, Duration high) {
    if (low == high) return low;
    return low + Duration(static_cast<int64_t>(Below(static_cast<uint64_t>((high - low).count()) + 1)));
  }

 private:
  uint64_t state_;
};

}  // namespace netio

#endif  // NETIO_SIM_RANDOM_H_
