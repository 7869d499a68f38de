// The targets of a sweep as blocks of 256 consecutive, aligned addresses: SPEC section 4.
#ifndef SCANNER_CORE_BLOCKS_H_
#define SCANNER_CORE_BLOCKS_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scanner/core/intervals.h"
#include "scanner/core/ip_address.h"
#include "scanner/core/target_set.h"

namespace scanner {

inline constexpr uint32_t kBlockAddresses = 256;
// The most blocks of a run: as many as a /16 holds.
inline constexpr uint32_t kRunBlocks = 256;

// Which of a block's 256 offsets are targets.
struct TargetBitmap {
  std::array<uint64_t, 4> words{};  // Offset o is bit o % 64 of words[o / 64].

  bool Test(uint8_t offset) const { return (words[offset >> 6] >> (offset & 63) & 1) != 0; }
  void Set(uint8_t offset) { words[offset >> 6] |= uint64_t{1} << (offset & 63); }
  void Clear(uint8_t offset) { words[offset >> 6] &= ~(uint64_t{1} << (offset & 63)); }
  // Sets first to last, both included; first <= last.
  void SetRange(uint8_t first, uint8_t last);
  bool Empty() const { return (words[0] | words[1] | words[2] | words[3]) == 0; }
  uint32_t Count() const {
    return static_cast<uint32_t>(std::popcount(words[0]) + std::popcount(words[1]) + std::popcount(words[2]) +
                                 std::popcount(words[3]));
  }

  friend bool operator==(const TargetBitmap&, const TargetBitmap&) = default;
};

// The blocks of one address family. Number is uint32_t or Uint128. Refers to the intervals it was made of.
template <typename Number>
class FamilyBlocks {
 public:
  explicit FamilyBlocks(std::span<const Interval<Number>> targets);

  uint64_t blocks() const { return blocks_; }
  uint64_t runs() const { return runs_; }

  // index < blocks(), in numeric order.
  Number Base(uint64_t index) const;
  // The number of the run that a block belongs to, < runs().
  uint64_t Run(uint64_t index) const;
  // base is a multiple of 256.
  TargetBitmap Bitmap(Number base) const;

 private:
  // Consecutive blocks, none missing: block numbers are addresses divided by 256.
  struct Stretch {
    Number first_block;
    uint64_t first_index;  // How many blocks come before.
    uint64_t first_run;    // The run of first_block.
  };

  const Stretch& StretchOf(uint64_t index) const;

  std::span<const Interval<Number>> targets_;
  std::vector<Stretch> stretches_;
  uint64_t blocks_ = 0;
  uint64_t runs_ = 0;
};

// Every block that holds at least one target, IPv4 before IPv6, in numeric order. Immutable, any thread may
// use it. Memory is O(intervals); a lookup is a binary search.
class BlockSet {
 public:
  explicit BlockSet(TargetSet targets);
  BlockSet(BlockSet&&) = default;
  BlockSet(const BlockSet&) = delete;
  BlockSet& operator=(const BlockSet&) = delete;
  BlockSet& operator=(BlockSet&&) = delete;

  uint64_t targets() const { return targets_.targets(); }
  uint64_t blocks() const { return v4_.blocks() + v6_.blocks(); }
  // Runs: the blocks of one aligned stretch of 65,536 addresses.
  uint64_t runs() const { return v4_.runs() + v6_.runs(); }

  // index < blocks().
  IpAddress Base(uint64_t index) const;
  TargetBitmap Bitmap(uint64_t index) const;
  uint64_t Run(uint64_t index) const;

 private:
  TargetSet targets_;
  FamilyBlocks<uint32_t> v4_;  // These refer to targets_, also after a move: its vectors keep their memory.
  FamilyBlocks<Uint128> v6_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_BLOCKS_H_
