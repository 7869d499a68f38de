// The blocks that one engine works on, and the order in which their addresses are asked: one address of each
// in turn, so that consecutive queries go to different zones (SPEC section 4). Addresses whose owner names
// have one length come in runs, so that their queries can share a send. One engine owns it.
#ifndef SCANNER_CORE_OPEN_BLOCKS_H_
#define SCANNER_CORE_OPEN_BLOCKS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/core/block_cursor.h"
#include "scanner/core/ip_address.h"

namespace scanner {

struct TargetAddress {
  IpAddress address;
  uint64_t position;  // Of its block in the sweep's order.
  uint8_t offset;     // In its block.
};

class OpenBlocks {
 public:
  // At most `most` blocks are open at once; `cursor` outlives this.
  OpenBlocks(BlockCursor& cursor, uint32_t most) : cursor_(cursor), most_(most) { open_.reserve(most); }

  // The next target, nothing when all are taken.
  std::optional<TargetAddress> Next();
  // False when Next would give nothing.
  bool HasNext();

 private:
  static constexpr uint32_t kRun = 16;    // Of one length, then another one has its turn.
  static constexpr uint32_t kLooks = 16;  // Blocks looked at for an address of the length wanted.

  void Refill();
  // The class of the last octet, 1 to 3 decimal digits, that gives the length wanted; 0: none does.
  uint32_t WantedDigits(const OpenBlock& block) const;
  TargetAddress Take(size_t index, uint8_t offset);

  BlockCursor& cursor_;
  const uint32_t most_;
  std::vector<OpenBlock> open_;  // None is empty.
  size_t turn_ = 0;
  size_t leader_ = 0;           // The block that began the run at hand.
  uint64_t last_ = UINT64_MAX;  // Position of the block that gave the last target.
  uint32_t length_ = 0;         // Digits of all four octets that the run at hand has.
  uint32_t run_ = 0;            // Addresses left in it.
  bool exhausted_ = false;      // The cursor has no more.
};

}  // namespace scanner

#endif  // SCANNER_CORE_OPEN_BLOCKS_H_
