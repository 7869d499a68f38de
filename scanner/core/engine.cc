#include "scanner/core/engine.h"

#include <algorithm>
#include <array>
#include <cassert>

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

Lookups::Options LookupOptions(const Engine::Options& options) {
  return {.policy = options.policy,
          .seed = options.seed,
          .engine = options.engine,
          .engines = options.engines,
          .capacity = 2 * options.max_targets,
          .local_ports = options.local_ports};
}

}  // namespace

Engine::Engine(const Options& options, const Shared& shared, netio::Outbox& outbox)
    : forward_lookups_(options.forward),
      wall_clock_(options.wall_clock),
      budget_(shared.budget),
      servers_(shared.servers),
      rows_(shared.rows),
      blobs_(std::max(kLeastChunks, 8 * options.max_targets)),
      forward_({.entries = std::max(kLeastNames, 4 * options.max_targets),
                .links = std::max(kLeastNames, 4 * options.max_targets)},
               options.seed, blobs_),
      lookups_(LookupOptions(options), shared.servers, outbox, blobs_, stats_),
      blocks_(shared.cursor, OpenBlocksFor(options, shared.cursor)),
      targets_(options.max_targets),
      free_targets_(options.max_targets) {
  for (uint32_t i = 0; i < options.max_targets; ++i) free_targets_[i] = options.max_targets - 1 - i;
}

Instant Engine::Step(Instant now, std::span<const netio::Event> events) {
  const auto done = [this, now](const LookupResult& result) { return OnLookup(result, now); };
  for (const netio::Event& event : events) lookups_.Absorb(event, now, done);
  lookups_.Expire(now, done);
  lookups_.AskReady(now);
  StartForwardLookups(now);
  const Claiming claiming = ClaimTargets(now);
  lookups_.EndStep(now);
  done_ = claiming == Claiming::kNoneLeft && targets_in_progress() == 0;
  if (block_ && (done_ || !block_->HasRoom() || now - block_since_ >= kFlushInterval)) FlushRows(now);
  return NextWake(now, claiming);
}

void Engine::StartForwardLookups(Instant now) {
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  while (forward_.HasQueued() && forward_.MakeRoom(1) && lookups_.CanStart(now)) {
    const EntryIndex index = forward_.PopQueued();
    const ForwardEntry& entry = forward_[index];
    ++stats_.forward_lookups;
    lookups_.Start(forward_.NameOf(entry, scratch), entry.ipv6 ? Type::kAaaa : Type::kA,
                   kForwardOwner | static_cast<uint32_t>(index), now);
  }
}

Engine::Claiming Engine::ClaimTargets(Instant now) {
  constexpr double kNearlyFull = 0.5;
  while (!stopping_ && !budget_.spent() && blocks_.HasNext()) {
    const bool memory = !free_targets_.empty() && forward_.Occupation() < kNearlyFull &&
                        forward_.MakeRoom(RowHeader::kMaxNames) && lookups_.HasRoom();
    if (!memory) return Claiming::kMemory;
    if (forward_.HasQueued() || !lookups_.CanStart(now)) return Claiming::kServersBusy;
    if (!rows_.Reserve(kRowCredit)) return Claiming::kSink;
    if (!budget_.Take()) {
      rows_.Adjust(kRowCredit);
      break;
    }
    const uint32_t index = free_targets_.back();
    free_targets_.pop_back();
    Target& target = targets_[index];
    target = Target{};
    target.where = *blocks_.Next();
    ++stats_.targets_claimed;
    std::array<uint8_t, codec::dns::kMaxReverseNameOctets> name;
    const size_t length = codec::dns::WriteReverseName(target.where.address.significant(), name);
    lookups_.Start(std::span(name).first(length), Type::kPtr, index, now);
  }
  return Claiming::kNoneLeft;
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
  if (target.pending == 0) Emit(index, result.answer, now);
  return Taken::kYes;
}

Taken Engine::OnNames(uint32_t index, const LookupResult& result, Instant now) {
  Target& target = targets_[index];
  names_.Collect(*result.message, *result.answer);
  if (names_.size() == 0) return Taken::kMalformed;
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
  target.names = static_cast<uint16_t>(names_.size());
  if (names_.size() > 1) target.flags |= Bit(Flag::kMultipleNames);
  if (names_.truncated()) target.flags |= Bit(Flag::kNamesTruncated);
  for (size_t i = names_.size(); i-- > 0;) LinkName(index, names_[i], now);
  return Taken::kYes;
}

void Engine::LinkName(uint32_t index, codec::dns::NameView name, Instant now) {
  Target& target = targets_[index];
  const ForwardTable::Interned interned =
      forward_.Intern(name, target.where.address.family == Family::kIpv6, now);
  ForwardEntry& entry = forward_[interned.entry];
  if (interned.fresh) {
    const NameTraits traits = TraitsOf(name);
    entry.usable = traits.usable;
    entry.single_label = traits.single_label;
    entry.not_hostname = traits.not_hostname;
    if (traits.usable && forward_lookups_) {
      entry.state = EntryState::kPending;
      forward_.Enqueue(interned.entry);
    }
  } else if (entry.state != EntryState::kSilent) {
    ++stats_.forward_shared;
  }
  if (entry.single_label) target.flags |= Bit(Flag::kSingleLabel);
  if (entry.not_hostname) target.flags |= Bit(Flag::kNotHostname);
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

void Engine::FlushRows(Instant /*now*/) {
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
