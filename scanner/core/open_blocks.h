// The blocks that one engine works on, and the order in which their addresses are asked: one address of each
// in turn, so that consecutive queries go to different zones (SPEC section 4). Addresses whose owner names
// have one length come in runs, so that their queries can share a send. One engine owns it.
#ifndef SCANNER_CORE_OPEN_BLOCKS_H_
#define SCANNER_CORE_OPEN_BLOCKS_H_

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "netio/instant.h"
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

  // Whether targets of the block of this address may be asked for now.
  using Admits = absl::FunctionRef<bool(const IpAddress& base)>;

  // Fills `out` with the next targets, of one owner name's length as far as there are such; returns how many.
  // Fewer than there is room for: the next ones have another length. A block that `admits` refuses is set
  // aside for kAside, and others are opened in its place. None: all are taken, or those that are left are
  // aside.
  size_t TakeRun(std::span<TargetAddress> out, netio::Instant now, Admits admits);
  // False when all are taken.
  bool HasNext();

  static constexpr netio::Duration kAside = std::chrono::milliseconds(20);

 private:
  // Where no more than this are open, one block may give two in a row for the sake of equal lengths.
  static constexpr uint32_t kFew = 16;
  static constexpr uint32_t kLooks = 16;  // Blocks looked at in vain before a run ends.

  struct AsideBlock {
    netio::Instant until;
    OpenBlock block;
  };

  void Refill();
  void TakeBack(netio::Instant now);
  // Whether the block may be asked for; else it is set aside, and another one has its place.
  bool Admit(size_t index, netio::Instant now, Admits admits);
  TargetAddress Take(size_t index, uint8_t offset);

  BlockCursor& cursor_;
  const uint32_t most_;
  std::vector<OpenBlock> open_;   // None is empty.
  std::deque<AsideBlock> aside_;  // At most most_; by when they are taken back.
  size_t turn_ = 0;               // The block whose turn it is, if it has an address of the length wanted.
  size_t leader_ = 0;             // The block that began the last run.
  uint64_t last_ = UINT64_MAX;    // Position of the block that gave the last target.
  bool exhausted_ = false;        // The cursor has no more.
};

}  // namespace scanner

#endif  // SCANNER_CORE_OPEN_BLOCKS_H_
