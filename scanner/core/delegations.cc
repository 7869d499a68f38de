#include "scanner/core/delegations.h"

#include <algorithm>
#include <cassert>

namespace scanner {
namespace {

using codec::dns::NameView;
using codec::dns::Referral;
using netio::Duration;
using netio::Instant;

// A referral is believed for its TTL, within these.
constexpr Duration kLeastTtl = std::chrono::minutes(1);
constexpr Duration kMostTtl = std::chrono::hours(24);
// One answer may have been an accident.
constexpr uint8_t kLameAnswers = 2;
constexpr Duration kLame = std::chrono::minutes(1);

Duration Lifetime(uint32_t ttl) {
  return std::clamp<Duration>(std::chrono::seconds(ttl), kLeastTtl, kMostTtl);
}

}  // namespace

Delegations::Delegations(const IterationPolicy& policy, uint32_t zones, uint64_t seed, ServerTable& servers)
    : policy_(policy),
      servers_(servers),
      tree_(4 * zones, seed),
      names_(4 * zones),
      zones_(zones),
      free_(zones - 1) {
  for (uint32_t i = 0; i < free_.size(); ++i) free_[i] = zones - 1 - i;
  Zone& root = (*this)[Delegations::root()];
  root.node = NodeIndex::kRoot;
  tree_[NodeIndex::kRoot].zone = Delegations::root();
  for (const netio::Endpoint& endpoint : policy_.roots) AddServer(root, endpoint);
}

Delegations::Place Delegations::Find(NameView name, Instant now) {
  const ZoneTree::Place place = tree_.Find(name, now);
  Collect();
  return {.zone = tree_[place.cut].zone, .seek = place.seek};
}

ZoneIndex Delegations::Learn(const Referral& referral, ZoneIndex above, Instant now) {
  Hold(above);
  const NodeIndex node =
      tree_.NoteCut(referral.zone.view(), NameOf(above).view(), now + Lifetime(referral.ttl), now);
  Release(above);
  Collect();
  if (node == NodeIndex::kNone) return ZoneIndex::kNone;
  if (tree_[node].zone == ZoneIndex::kNone) {
    tree_.Pin(node);
    ZoneIndex fresh = ZoneIndex::kNone;
    if (TakeFree(fresh)) {
      (*this)[fresh] = Zone{};
      (*this)[fresh].node = node;
      tree_[node].zone = fresh;
    }
    tree_.Unpin(node);
  }
  const ZoneIndex zone = tree_[node].zone;
  if (zone == ZoneIndex::kNone) {
    tree_[node].state = ZoneTree::State::kUnknown;
    return zone;
  }
  if ((*this)[zone].resolving == 0) Refresh(zone, referral);
  return zone;
}

bool Delegations::TakeFree(ZoneIndex& zone) {
  if (free_.empty() && !tree_.DropZone()) return false;
  Collect();
  zone = ZoneIndex{free_.back()};
  free_.pop_back();
  return true;
}

void Delegations::Collect() {
  for (const ZoneIndex zone : tree_.dropped_zones()) {
    assert((*this)[zone].users == 0);
    ForgetNames(zone);
    free_.push_back(static_cast<uint32_t>(zone));
  }
  tree_.dropped_zones().clear();
}

void Delegations::ForgetNames(ZoneIndex index) {
  Zone& zone = (*this)[index];
  for (size_t i = 0; i < zone.name_server_count; ++i) names_.Free(zone.name_servers[i].name);
  zone.name_server_count = 0;
}

// What was found out about servers that stay is kept.
void Delegations::Refresh(ZoneIndex index, const Referral& referral) {
  Zone& zone = (*this)[index];
  ForgetNames(index);
  zone.names_asked = 0;
  zone.work = 0;
  for (size_t i = 0; i < referral.name_server_count; ++i) {
    const NameView name = referral.name_servers[i].view();
    const std::optional<BlobPool::Ref> kept = names_.Store(name);
    if (!kept) break;
    const auto addresses = std::span(referral.addresses).first(referral.address_count);
    const bool has_address =
        std::ranges::any_of(addresses, [i](const Referral::Address& a) { return a.name_server == i; });
    zone.name_servers[zone.name_server_count++] = {
        .name = *kept,
        .length = static_cast<uint8_t>(name.size()),
        .state = has_address ? Zone::NameServerState::kKnown : Zone::NameServerState::kUnasked};
  }
  if (referral.address_count == 0) return;
  std::array<Zone::Server, Zone::kMaxServers> before = zone.servers;
  const size_t count = std::exchange(zone.server_count, uint8_t{0});
  for (const Referral::Address& address : std::span(referral.addresses).first(referral.address_count)) {
    if (const std::optional<netio::Endpoint> endpoint = EndpointOf(address.view()))
      AddServer(zone, *endpoint);
  }
  for (Zone::Server& server : zone.found()) {
    for (const Zone::Server& old : std::span(before).first(count)) {
      if (old.index == server.index) server = old;
    }
  }
}

void Delegations::LearnInside(NameView name, ZoneIndex above, Duration how_long, Instant now) {
  Hold(above);
  tree_.NoteInside(name, NameOf(above).view(), now + how_long, now);
  Release(above);
  Collect();
}

void Delegations::LearnRoot(const Referral& answer) {
  Zone fresh;
  for (const Referral::Address& address : std::span(answer.addresses).first(answer.address_count)) {
    if (const std::optional<netio::Endpoint> endpoint = EndpointOf(address.view()))
      AddServer(fresh, *endpoint);
  }
  if (fresh.server_count == 0) return;
  Zone& zone = (*this)[root()];
  zone.servers = fresh.servers;
  zone.server_count = fresh.server_count;
}

bool Delegations::AddAddress(ZoneIndex zone, std::span<const uint8_t> address) {
  const std::optional<netio::Endpoint> endpoint = EndpointOf(address);
  return endpoint && AddServer((*this)[zone], *endpoint);
}

bool Delegations::AddServer(Zone& zone, const netio::Endpoint& endpoint) {
  if (zone.server_count == Zone::kMaxServers) return false;
  const std::optional<ServerIndex> server = servers_.FindOrAdd(endpoint, policy_.limits);
  if (!server) return false;
  const bool known =
      std::ranges::any_of(zone.found(), [server](const Zone::Server& s) { return s.index == *server; });
  if (known) return false;
  zone.servers[zone.server_count++] = {.lame_until = Instant{}, .index = *server, .lame_answers = 0};
  return true;
}

std::optional<netio::Endpoint> Delegations::EndpointOf(std::span<const uint8_t> address) const {
  netio::Endpoint endpoint;
  endpoint.family = address.size() == 4 ? netio::Family::kIpv4 : netio::Family::kIpv6;
  if (!(address.size() == 4 ? policy_.ipv4 : policy_.ipv6)) return std::nullopt;
  std::ranges::copy(address, endpoint.address.begin());
  endpoint.port = policy_.port;
  return endpoint;
}

bool Delegations::HasNameServer(ZoneIndex index) const {
  const Zone& zone = (*this)[index];
  if (zone.names_asked >= IterationPolicy::kMaxNamesAsked || zone.work >= IterationPolicy::kMaxWork)
    return false;
  return std::ranges::any_of(
      std::span(zone.name_servers).first(zone.name_server_count),
      [](const Zone::NameServer& n) { return n.state == Zone::NameServerState::kUnasked; });
}

std::optional<codec::dns::Name> Delegations::NextNameServer(ZoneIndex index) {
  if (!HasNameServer(index)) return std::nullopt;
  Zone& zone = (*this)[index];
  for (Zone::NameServer& server : std::span(zone.name_servers).first(zone.name_server_count)) {
    if (server.state != Zone::NameServerState::kUnasked) continue;
    server.state = Zone::NameServerState::kAsked;
    ++zone.names_asked;
    std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
    codec::dns::Name name;
    name.Assign(names_.View(server.name, server.length, scratch));
    return name;
  }
  return std::nullopt;
}

void Delegations::NoteAnswer(ZoneIndex zone, ServerIndex server, bool lame, Instant now) {
  for (Zone::Server& known : (*this)[zone].found()) {
    if (known.index != server) continue;
    known.lame_answers =
        lame ? static_cast<uint8_t>(std::min(known.lame_answers + 1, int{UINT8_MAX})) : uint8_t{0};
    known.lame_until = known.lame_answers >= kLameAnswers ? now + kLame : Instant{};
  }
  if (lame) return;
  (*this)[zone].failures = 0;
  (*this)[zone].failed_until = Instant{};
}

bool Delegations::IsLame(ZoneIndex zone, ServerIndex server, Instant now) const {
  return std::ranges::any_of((*this)[zone].found(), [server, now](const Zone::Server& known) {
    return known.index == server && known.lame_until > now;
  });
}

bool Delegations::AllLame(ZoneIndex zone, Instant now) const {
  const std::span<const Zone::Server> found = (*this)[zone].found();
  return !found.empty() &&
         std::ranges::all_of(found, [now](const Zone::Server& known) { return known.lame_until > now; });
}

void Delegations::Fail(ZoneIndex index, Status status, Instant now) {
  constexpr Duration kFirst = std::chrono::seconds(5);
  constexpr Duration kLongest = std::chrono::minutes(5);
  constexpr uint8_t kMostDoublings = 6;
  Zone& zone = (*this)[index];
  zone.failed_until = now + std::min<Duration>(kFirst * (1U << zone.failures), kLongest);
  zone.failures = std::min<uint8_t>(static_cast<uint8_t>(zone.failures + 1), kMostDoublings);
  zone.failure = status;
  // The next attempt may look for its servers once more.
  zone.names_asked = 0;
  zone.work = 0;
  for (Zone::NameServer& server : std::span(zone.name_servers).first(zone.name_server_count)) {
    if (server.state == Zone::NameServerState::kAsked) server.state = Zone::NameServerState::kUnasked;
  }
}

void Delegations::Hold(ZoneIndex zone) {
  tree_.Pin((*this)[zone].node);
  ++(*this)[zone].users;
}

void Delegations::Release(ZoneIndex zone) {
  assert((*this)[zone].users > 0);
  --(*this)[zone].users;
  tree_.Unpin((*this)[zone].node);
}

}  // namespace scanner
