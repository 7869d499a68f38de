// From a finished target to its row.
#include <algorithm>
#include <array>
#include <cassert>

#include "scanner/core/engine.h"
#include "scanner/core/reserved_space.h"

namespace scanner {
namespace {

IpAddress ToAddress(std::span<const uint8_t> octets) {
  IpAddress address;
  address.family = octets.size() == 4 ? Family::kIpv4 : Family::kIpv6;
  std::ranges::copy(octets, address.octets.begin());
  return address;
}

void SetServer(RowHeader& header, const netio::Endpoint& server) {
  const std::span<const uint8_t> octets = server.octets();
  header.server_octets = static_cast<uint8_t>(octets.size());
  std::ranges::copy(octets, header.server.begin());
}

}  // namespace

// What the names of one target say together.
struct Engine::ForwardSummary {
  std::span<const ForwardOutcome> outcomes;
  uint64_t confirmed = 0;
  uint32_t addresses = 0;
  uint32_t flags = 0;
};

Engine::ForwardSummary Engine::Summarize(const Target& target) {
  ForwardSummary out;
  out.outcomes = std::span(outcomes_).first(target.names);
  const std::span<const uint8_t> own = target.where.address.significant();
  const size_t octets = own.size();
  std::array<uint8_t, 16> first{};
  size_t name = 0;
  for (LinkIndex link = target.links; link != LinkIndex::kNone; link = forward_[link].next_of_target) {
    const ForwardEntry& entry = forward_[forward_[link].entry];
    ForwardOutcome& outcome = outcomes_[name];
    outcome = {.status = entry.status,
               .filtered = entry.filtered,
               .has_addresses = entry.address_count != 0,
               .confirms = false,
               .usable = entry.traits.usable};
    if (entry.target_alias) out.flags |= Bit(Flag::kTargetAlias);
    if (entry.tcp) out.flags |= Bit(Flag::kTcp);
    const std::span<const uint8_t> addresses = AddressesOf(entry);
    for (size_t at = 0; at < addresses.size(); at += octets) {
      const std::span<const uint8_t> address = addresses.subspan(at, octets);
      outcome.confirms = outcome.confirms || std::ranges::equal(address, own);
      if (out.addresses++ == 0) {
        std::ranges::copy(address, first.begin());
      } else if (!std::ranges::equal(address, std::span(first).first(octets))) {
        out.flags |= Bit(Flag::kMultipleAddresses);
      }
      if (IsSpecialUse(ToAddress(address))) out.flags |= Bit(Flag::kSpecialUseAddress);
    }
    if (outcome.confirms) out.confirmed |= uint64_t{1} << name;
    ++name;
  }
  return out;
}

std::span<const uint8_t> Engine::AddressesOf(const ForwardEntry& entry) {
  const size_t bytes = size_t{entry.address_count} * (entry.ipv6 ? 16 : 4);
  if (bytes == 0) return {};
  if (address_scratch_.size() < bytes) address_scratch_.resize(bytes);
  return blobs_.View(entry.addresses, bytes, address_scratch_);
}

void Engine::Decide(const Target& target, const ForwardSummary& summary, RowHeader& header) {
  const Decision decision =
      scanner::Decide({.ptr_status = target.ptr_status,
                       .ptr_filtered = target.filtered,
                       .forward = summary.outcomes,
                       .forward_made = forward_lookups_,
                       .names_truncated = (target.flags & Bit(Flag::kNamesTruncated)) != 0});
  header.verdict = decision.verdict;
  header.reason = decision.reason;
  if (!decision.forward_status) return;
  header.has_forward_status = true;
  header.forward_status = *decision.forward_status;
  LinkIndex link = target.links;
  for (size_t i = 0; i < decision.forward_index; ++i) link = forward_[link].next_of_target;
  header.forward_ttl = forward_[forward_[link].entry].ttl;
}

void Engine::Emit(uint32_t index, const codec::dns::Answer* answer, Instant now) {
  const Target& target = targets_[index];
  const ForwardSummary summary = Summarize(target);
  const IpAddress& address = target.where.address;
  RowHeader header;
  header.block = target.where.position;
  header.offset = target.where.offset;
  header.observed_at = wall_clock_ + now.time_since_epoch() / std::chrono::microseconds(1);
  header.address = address.octets;
  header.address_octets = static_cast<uint8_t>(address.significant().size());
  header.flags = target.flags | summary.flags;
  header.ptr_status = target.ptr_status;
  header.ptr_ttl = target.ptr_ttl;
  header.attempts = target.attempts;
  header.names = target.names;
  header.confirmed = summary.confirmed;
  header.forward_addresses = summary.addresses;
  const Provenance& provenance = target.provenance;
  if (provenance.server != ServerIndex::kNone) SetServer(header, servers_.endpoint(provenance.server));
  header.rtt_us = provenance.rtt_us;
  header.ede = provenance.ede;
  header.authoritative = provenance.authoritative;
  header.authenticated = provenance.authenticated;
  Decide(target, summary, header);

  std::span<const uint8_t> alias_target;
  std::span<const uint8_t> zone;
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  if (target.alias_target != BlobPool::Ref::kNone) {
    alias_target = blobs_.View(target.alias_target, target.alias_target_length, scratch);
  } else if (answer != nullptr && (target.flags & Bit(Flag::kPtrAlias)) != 0) {
    alias_target = answer->owner.view();
  }
  std::array<uint8_t, codec::dns::kMaxNameOctets> zone_scratch;
  if (target.zone != BlobPool::Ref::kNone) {
    zone = blobs_.View(target.zone, target.zone_length, zone_scratch);
  } else if (answer != nullptr && answer->has_zone) {
    zone = answer->zone.view();
  }
  header.has_alias_target = !alias_target.empty();
  header.has_zone = !zone.empty();
  Append(target, header, alias_target, zone, now);
  Release(index);
}

void Engine::Append(const Target& target, const RowHeader& header, std::span<const uint8_t> alias_target,
                    std::span<const uint8_t> zone, Instant now) {
  if (block_ && !block_->HasRoom()) FlushRows();
  if (!block_) {
    block_ = rows_.Take();
    block_since_ = now;
  }
  const size_t before = block_->bytes();
  block_->Begin(header);
  AppendNames(target);
  if (header.forward_addresses != 0) AppendAddresses(target, header);
  if (header.has_alias_target) block_->AppendName(alias_target);
  if (header.has_zone) block_->AppendName(zone);
  block_->End();
  row_credit_ += kRowCredit - static_cast<int64_t>(block_->bytes() - before);
  ++stats_.rows;
}

void Engine::AppendNames(const Target& target) {
  if (!forward_lookups_) {
    // Their row is made in the moment in which they were collected.
    for (size_t i = 0; i < target.names; ++i) block_->AppendName(names_[i]);
    return;
  }
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  for (LinkIndex link = target.links; link != LinkIndex::kNone; link = forward_[link].next_of_target) {
    block_->AppendName(forward_.NameOf(forward_[forward_[link].entry], scratch));
  }
}

void Engine::AppendAddresses(const Target& target, const RowHeader& header) {
  for (LinkIndex link = target.links; link != LinkIndex::kNone; link = forward_[link].next_of_target) {
    const std::span<const uint8_t> addresses = AddressesOf(forward_[forward_[link].entry]);
    for (size_t at = 0; at < addresses.size(); at += header.address_octets) {
      block_->AppendAddress(addresses.subspan(at, header.address_octets));
    }
  }
}

void Engine::Release(uint32_t index) {
  const Target& target = targets_[index];
  forward_.DropLinks(target.links);
  if (target.alias_target != BlobPool::Ref::kNone) blobs_.Free(target.alias_target);
  if (target.zone != BlobPool::Ref::kNone) blobs_.Free(target.zone);
  free_targets_.GiveBack(index);
}

}  // namespace scanner
