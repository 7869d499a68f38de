#include "scanner/core/engine.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "codec/dns/reverse_name.h"
#include "scanner/core/name_policy.h"

namespace scanner {
namespace {

using codec::dns::Type;

// SPEC section 4: at least 1,024 open blocks over all engines where there are so many, and no engine takes
// what the others could work on.
uint32_t OpenBlocksFor(const Engine::Options& options, const BlockCursor& cursor) {
  constexpr uint64_t kLeast = 1024;
  constexpr uint64_t kMost = 65536;
  const uint64_t engines = options.engines;
  const uint64_t wanted = std::clamp<uint64_t>(uint64_t{options.policy.window} * engines, kLeast, kMost);
  const uint64_t share = (std::min(wanted, cursor.shard_blocks()) + engines - 1) / engines;
  return static_cast<uint32_t>(std::max<uint64_t>(1, share));
}

// However few targets are in progress, several with the most names must fit.
constexpr uint32_t kLeastNames = 32 * RowHeader::kMaxNames;
constexpr uint32_t kLeastChunks = 2 * kLeastNames;

// Without forward lookups nothing but the targets' own names is kept.
uint32_t ChunksFor(const Engine::Options& options) {
  return std::max(kLeastChunks, (options.forward ? 8 : 3) * options.max_targets);
}

ForwardTable::Limits ForwardLimits(const Engine::Options& options) {
  const uint32_t names = options.forward ? std::max(kLeastNames, 4 * options.max_targets) : 1;
  return {.entries = names, .links = names};
}

uint32_t FlagsOf(const NameTraits& traits) {
  return (traits.single_label ? Bit(Flag::kSingleLabel) : 0) |
         (traits.not_hostname ? Bit(Flag::kNotHostname) : 0);
}

Lookups::Options LookupOptions(const Engine::Options& options) {
  return {.policy = options.policy,
          .seed = options.seed,
          .engine = options.engine,
          .engines = options.engines,
          .capacity = (options.forward ? 2 : 1) * options.max_targets,
          .local_ports = options.local_ports,
          .iteration = options.iteration};
}

}  // namespace

Engine::Engine(const Options& options, const Shared& shared, netio::Outbox& outbox)
    : forward_lookups_(options.forward),
      wall_clock_(options.wall_clock),
      budget_(shared.budget),
      servers_(shared.servers),
      rows_(shared.rows),
      blobs_(ChunksFor(options)),
      forward_(ForwardLimits(options), options.seed, blobs_),
      lookups_(LookupOptions(options), shared.servers, outbox, blobs_, stats_),
      blocks_(shared.cursor, OpenBlocksFor(options, shared.cursor)),
      targets_(options.max_targets),
      free_targets_(options.max_targets) {}

Instant Engine::Step(Instant now, std::span<const netio::Event> events) {
  const auto done = [this, now](const LookupResult& result) { return OnLookup(result, now); };
  lookups_.Absorb(events, now, done);
  lookups_.Expire(now, done);
  lookups_.AskReady(now);
  if (row_credit_ != 0) rows_.Adjust(std::exchange(row_credit_, 0));
  StartForwardLookups(now);
  const Claiming claiming = ClaimTargets(now);
  lookups_.EndStep(now);
  done_ = claiming == Claiming::kNoneLeft && targets_in_progress() == 0;
  if (block_ && (done_ || !block_->HasRoom() || now - block_since_ >= kFlushInterval)) FlushRows();
  return NextWake(now, claiming);
}

void Engine::StartForwardLookups(Instant now) {
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  uint32_t room = 0;
  while (forward_.HasQueued() && forward_.MakeRoom(1)) {
    if (room == 0) room = lookups_.RoomToStart(now);
    if (room == 0) return;
    --room;
    const EntryIndex index = forward_.PopQueued();
    const ForwardEntry& entry = forward_[index];
    ++stats_.forward_lookups;
    lookups_.Start(forward_.NameOf(entry, scratch), entry.ipv6 ? Type::kAaaa : Type::kA,
                   kForwardOwner | static_cast<uint32_t>(index), now);
  }
}

bool Engine::HasMemory() {
  constexpr double kNearlyFull = 0.5;
  if (free_targets_.empty() || !lookups_.HasRoom()) return false;
  return !forward_lookups_ ||
         (forward_.Occupation() < kNearlyFull && forward_.MakeRoom(RowHeader::kMaxNames));
}

// For how many of `rows` there is credit: for all, or at least for one, or for none.
uint32_t Engine::ReserveRows(uint32_t rows) {
  if (rows_.Reserve(size_t{rows} * kRowCredit)) return rows;
  return rows_.Reserve(kRowCredit) ? 1 : 0;
}

// A burst at a time: its targets' names are of one length, as far as there are such.
Engine::Claiming Engine::ClaimTargets(Instant now) {
  const auto admits = [this, now](const IpAddress& base) { return lookups_.Admits(base, now); };
  while (!stopping_ && !budget_.spent() && blocks_.HasNext()) {
    if (!HasMemory()) return Claiming::kMemory;
    const uint32_t room = forward_.HasQueued() ? 0 : lookups_.RoomToStart(now);
    if (room == 0) return Claiming::kServersBusy;
    const uint32_t wanted = std::min(room, free_targets_.size());
    const uint32_t reserved = ReserveRows(wanted);
    if (reserved == 0) return Claiming::kSink;
    const uint32_t granted = budget_.Take(reserved);
    const auto claimed =
        static_cast<uint32_t>(blocks_.TakeRun(std::span(claimed_).first(granted), now, admits));
    budget_.GiveBack(granted - claimed);
    if (claimed != reserved) rows_.Adjust(kRowCredit * int64_t{reserved - claimed});
    if (claimed == 0) return Claiming::kServersBusy;
    for (const TargetAddress& where : std::span(claimed_).first(claimed)) StartTarget(where, now);
  }
  return Claiming::kNoneLeft;
}

void Engine::StartTarget(const TargetAddress& where, Instant now) {
  const uint32_t index = free_targets_.Take();
  Target& target = targets_[index];
  target = Target{};
  target.where = where;
  ++stats_.targets_claimed;
  std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name;
  const size_t length = codec::dns::WriteReverseName(where.address.significant(), name);
  lookups_.Start(std::span(name).first(length), Type::kPtr, index, now);
}

Taken Engine::OnLookup(const LookupResult& result, Instant now) {
  const uint32_t owner = result.lookup.owner;
  if (result.lookup.type == Type::kPtr) return OnPtr(owner, result, now);
  return OnForward(EntryIndex{owner & ~kForwardOwner}, result, now);
}

Taken Engine::OnPtr(uint32_t index, const LookupResult& result, Instant now) {
  const Lookup& lookup = result.lookup;
  Target& target = targets_[index];
  if (result.status == Status::kNoError && !result.filtered) {
    const Taken taken = OnNames(index, result, now);
    if (taken != Taken::kYes) return taken;
  }
  target.ptr_status = result.status;
  target.filtered = result.filtered;
  target.provenance = lookup.provenance;
  target.attempts = lookup.asks;
  if (lookup.has_ttl && result.answer != nullptr) {
    target.ptr_ttl = static_cast<int32_t>(std::min<uint32_t>(lookup.ttl, INT32_MAX));
  }
  if (lookup.aliases != 0) target.flags |= Bit(Flag::kPtrAlias);
  if (lookup.tcp_needed) target.flags |= Bit(Flag::kTcp);
  if (const auto zone = result.zone.empty() ? std::nullopt : blobs_.Store(result.zone)) {
    target.zone = *zone;
    target.zone_length = static_cast<uint8_t>(result.zone.size());
  }
  if (target.pending == 0) Emit(index, result.answer, now);
  return Taken::kYes;
}

Taken Engine::OnNames(uint32_t index, const LookupResult& result, Instant now) {
  Target& target = targets_[index];
  names_.Collect(*result.message, *result.answer);
  if (names_.size() == 0) return Taken::kMalformed;
  if (forward_lookups_) {
    const Taken taken = LinkNames(index, result, now);
    if (taken != Taken::kYes) return taken;
  } else {
    for (size_t i = 0; i < names_.size(); ++i) target.flags |= FlagsOf(TraitsOf(names_[i]));
  }
  target.names = static_cast<uint16_t>(names_.size());
  if (names_.size() > 1) target.flags |= Bit(Flag::kMultipleNames);
  if (names_.truncated()) target.flags |= Bit(Flag::kNamesTruncated);
  return Taken::kYes;
}

// The row comes later, with what the names' lookups say.
Taken Engine::LinkNames(uint32_t index, const LookupResult& result, Instant now) {
  Target& target = targets_[index];
  const bool aliased = result.lookup.aliases != 0;
  // One more for the alias target, which is stored as a name is, and some for the lookups of names already
  // here.
  constexpr uint32_t kSpareNames = 16;
  if (!forward_.MakeRoom(static_cast<uint32_t>(names_.size()) + 1 + kSpareNames)) return Taken::kNoRoom;
  if (aliased) {
    const codec::dns::Name& owner = result.answer->owner;
    target.alias_target = *blobs_.Store(owner.view());
    target.alias_target_length = owner.length;
  }
  for (size_t i = names_.size(); i-- > 0;) LinkName(index, names_[i], now);
  return Taken::kYes;
}

void Engine::LinkName(uint32_t index, codec::dns::NameView name, Instant now) {
  Target& target = targets_[index];
  const ForwardTable::Interned interned =
      forward_.Intern(name, target.where.address.family == Family::kIpv6, now);
  ForwardEntry& entry = forward_[interned.entry];
  if (interned.fresh) {
    entry.traits = TraitsOf(name);
    if (entry.traits.usable) {
      entry.state = EntryState::kPending;
      forward_.Enqueue(interned.entry);
    }
  } else if (entry.state != EntryState::kSilent) {
    ++stats_.forward_shared;
  }
  target.flags |= FlagsOf(entry.traits);
  if (entry.state == EntryState::kPending) ++target.pending;
  target.links = forward_.AddLink(interned.entry, index, target.links);
}

Taken Engine::OnForward(EntryIndex index, const LookupResult& result, Instant now) {
  ForwardEntry& entry = forward_[index];
  if (result.status == Status::kNoError && !result.filtered) {
    const Taken taken = KeepAddresses(entry, result);
    if (taken != Taken::kYes) return taken;
  }
  const Lookup& lookup = result.lookup;
  entry.status = result.status;
  entry.filtered = result.filtered;
  entry.target_alias = lookup.aliases != 0;
  entry.tcp = lookup.tcp_needed;
  if (lookup.has_ttl && result.answer != nullptr) {
    entry.ttl = static_cast<int32_t>(std::min<uint32_t>(lookup.ttl, INT32_MAX));
  }
  for (LinkIndex link = forward_.Complete(index, now); link != LinkIndex::kNone;) {
    const ForwardLink waiter = forward_[link];
    if (--targets_[waiter.target].pending == 0) Emit(waiter.target, nullptr, now);
    link = waiter.next_waiter;
  }
  return Taken::kYes;
}

Taken Engine::KeepAddresses(ForwardEntry& entry, const LookupResult& result) {
  const size_t octets = entry.ipv6 ? 16 : 4;
  address_scratch_.clear();
  codec::dns::DataCursor cursor(*result.message, *result.answer, result.lookup.type);
  codec::dns::Record record;
  while (cursor.Next(record)) {
    const std::span<const uint8_t> rdata = result.message->rdata(record);
    if (rdata.size() == octets) address_scratch_.insert(address_scratch_.end(), rdata.begin(), rdata.end());
  }
  if (address_scratch_.empty()) return Taken::kMalformed;
  const auto count = static_cast<uint32_t>(address_scratch_.size() / octets);
  return forward_.SetAddresses(entry, address_scratch_, count) ? Taken::kYes : Taken::kNoRoom;
}

void Engine::FlushRows() {
  if (block_) rows_.Push(std::move(block_));
}

Instant Engine::NextWake(Instant now, Claiming claiming) {
  const bool more = forward_.HasQueued() || claiming == Claiming::kServersBusy;
  Instant wake = lookups_.NextWake(now, more);
  if (block_) wake = std::min(wake, block_since_ + kFlushInterval);
  constexpr Duration kSinkPause = std::chrono::milliseconds(1);
  if (claiming == Claiming::kSink) wake = std::min(wake, now + kSinkPause);
  return wake;
}

}  // namespace scanner
