// The one place where a sweep's control flow is: targets in, lookups through, rows out.
//
// Sans-I/O: an engine touches no socket, file or clock, and draws no randomness but from its seed. It is
// stepped with the time and what arrived, fills the transport's outbox, and says when it wants to be stepped
// again. One thread owns an engine; what it shares with other engines (cursor, budget, servers, channel) is
// safe to share.
//
// Memory is bounded: targets in progress, lookups, names and addresses each have a fixed table, and claiming
// new targets stops when one is nearly full or the sink gives no credit.
#ifndef SCANNER_CORE_ENGINE_H_
#define SCANNER_CORE_ENGINE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "netio/outbox.h"
#include "netio/transport.h"
#include "scanner/core/blob_pool.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/engine_stats.h"
#include "scanner/core/forward_table.h"
#include "scanner/core/free_list.h"
#include "scanner/core/lazy_array.h"
#include "scanner/core/lookups.h"
#include "scanner/core/open_blocks.h"
#include "scanner/core/ptr_names.h"
#include "scanner/core/servers.h"
#include "scanner/core/target_budget.h"
#include "scanner/core/verdict.h"
#include "scanner/row/row_block.h"
#include "scanner/row/row_channel.h"

namespace scanner {

class Engine {
 public:
  struct Options {
    LookupPolicy policy;
    bool forward = true;  // Not --no-forward.
    uint32_t engine = 0;  // This one, of `engines`.
    uint32_t engines = 1;
    uint64_t seed = 0;             // Of ids, ports and cookies; unpredictable to others.
    int64_t wall_clock = 0;        // Microseconds from 1970 to Instant{}.
    uint32_t max_targets = 16384;  // In progress at once.
    QuerySender::LocalPorts local_ports;
    std::optional<IterationPolicy> iteration = std::nullopt;  // As Lookups::Options has it.
  };

  // Everything but `options` outlives the engine.
  struct Shared {
    BlockCursor& cursor;
    TargetBudget& budget;
    ServerTable& servers;
    RowChannel& rows;
  };

  Engine(const Options& options, const Shared& shared, netio::Outbox& outbox);

  // Never blocks. Returns when to step again if nothing arrives before; Instant::max(): only then.
  Instant Step(Instant now, std::span<const netio::Event> events);

  // No target is in progress and none is left to claim; every row has been handed over.
  bool Done() const { return done_; }

  // Claims no new targets from now on; those in progress go on.
  void StopClaiming() { stopping_ = true; }

  // Hands the rows over that are finished, for an engine that will not be stepped again.
  void FlushRows();

  const EngineStats& stats() const { return stats_; }
  const Lookups& lookups() const { return lookups_; }
  uint32_t targets_in_progress() const {
    return static_cast<uint32_t>(targets_.size() - free_targets_.size());
  }
  // Whether every slot, link and reference of finished work was given back: asserted by simulations.
  bool Idle() {
    return targets_in_progress() == 0 && lookups_.active() == 0 && lookups_.query_slots() == 0 &&
           forward_.links_in_use() == 0;
  }

 private:
  static constexpr int64_t kRowCredit = 512;              // Reserved for a row when its target is claimed.
  static constexpr uint32_t kForwardOwner = 0x80000000U;  // In Lookup::owner: an entry, not a target.
  static constexpr Duration kFlushInterval = std::chrono::milliseconds(100);

  struct Target {
    TargetAddress where{};
    Provenance provenance;
    LinkIndex links = LinkIndex::kNone;  // One for each name, in their order; none without forward lookups.
    BlobPool::Ref alias_target = BlobPool::Ref::kNone;
    BlobPool::Ref zone = BlobPool::Ref::kNone;
    int32_t ptr_ttl = RowHeader::kNull;
    uint32_t pending = 0;  // Names whose lookup is not known yet.
    uint32_t flags = 0;
    Status ptr_status = Status::kTimeout;
    uint16_t names = 0;
    uint8_t alias_target_length = 0;
    uint8_t zone_length = 0;
    uint8_t attempts = 0;
    bool filtered = false;
  };

  // Why no further target was claimed in this step.
  enum class Claiming : uint8_t { kNoneLeft, kServersBusy, kMemory, kSink };

  Claiming ClaimTargets(Instant now);
  bool HasMemory();
  uint32_t ReserveRows(uint32_t rows);
  void StartTarget(const TargetAddress& where, Instant now);
  void StartForwardLookups(Instant now);
  Taken OnLookup(const LookupResult& result, Instant now);
  Taken OnPtr(uint32_t index, const LookupResult& result, Instant now);
  Taken OnNames(uint32_t index, const LookupResult& result, Instant now);
  Taken LinkNames(uint32_t index, const LookupResult& result, Instant now);
  void LinkName(uint32_t index, codec::dns::NameView name, Instant now);
  Taken OnForward(EntryIndex index, const LookupResult& result, Instant now);
  Taken KeepAddresses(ForwardEntry& entry, const LookupResult& result);
  Instant NextWake(Instant now, Claiming claiming);

  // engine_row.cc
  struct ForwardSummary;
  // `answer`: what ended the target's own lookup, null where that was before or nothing came.
  void Emit(uint32_t index, const codec::dns::Answer* answer, Instant now);
  ForwardSummary Summarize(const Target& target);
  void Decide(const Target& target, const ForwardSummary& summary, RowHeader& header);
  void Append(const Target& target, const RowHeader& header, std::span<const uint8_t> alias_target,
              std::span<const uint8_t> zone, Instant now);
  void AppendNames(const Target& target);
  void AppendAddresses(const Target& target, const RowHeader& header);
  std::span<const uint8_t> AddressesOf(const ForwardEntry& entry);
  void Release(uint32_t index);

  const bool forward_lookups_;
  const int64_t wall_clock_;
  TargetBudget& budget_;
  ServerTable& servers_;
  RowChannel& rows_;
  EngineStats stats_;
  BlobPool blobs_;
  ForwardTable forward_;
  Lookups lookups_;
  OpenBlocks blocks_;
  PtrNames names_;
  LazyArray<Target> targets_;
  FreeList free_targets_;
  std::vector<uint8_t> address_scratch_;
  std::array<ForwardOutcome, RowHeader::kMaxNames> outcomes_;      // Scratch of Summarize.
  std::array<TargetAddress, netio::Burst::kMaxSegments> claimed_;  // Scratch of ClaimTargets.
  int64_t row_credit_ = 0;                                         // Of this step's rows, not yet given back.
  std::unique_ptr<RowBlock> block_;                                // Being filled; null when nothing waits.
  Instant block_since_{};                                          // Of its first row.
  bool stopping_ = false;
  bool done_ = false;
};

}  // namespace scanner

#endif  // SCANNER_CORE_ENGINE_H_
