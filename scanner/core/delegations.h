// The zones that iteration has found, and the servers of each (RFC 1034 section 5.3.3, without its cache of
// answers): where to ask for a name, what a referral adds, and which zones cannot be asked at all. Bounded.
// One engine owns it; it never reads a clock and sends nothing.
#ifndef SCANNER_CORE_DELEGATIONS_H_
#define SCANNER_CORE_DELEGATIONS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codec/dns/name.h"
#include "codec/dns/referral.h"
#include "netio/endpoint.h"
#include "netio/instant.h"
#include "scanner/core/blob_pool.h"
#include "scanner/core/list_set.h"
#include "scanner/core/servers.h"
#include "scanner/core/zone_tree.h"
#include "scanner/row/row.h"

namespace scanner {

// What the walk down from the root needs.
struct IterationPolicy {
  std::vector<netio::Endpoint> roots;  // At least one.
  uint16_t port = 53;                  // Of every server that is found.
  ServerPace::Limits limits;           // Of every server that is found.
  bool ipv4 = true;                    // Families that can be sent to.
  bool ipv6 = false;

  // Against referrals that make work (Afek, Bremler-Barr and Shafir, "NXNSAttack", 2020): names whose
  // addresses are looked up for one zone, and packets that it may take.
  static constexpr uint32_t kMaxNamesAsked = 4;
  static constexpr uint32_t kMaxWork = 64;
  // Lookups of addresses for lookups of addresses, and so on.
  static constexpr uint32_t kMaxDepth = 4;
};

struct Zone {
  static constexpr size_t kMaxServers = 16;

  enum class NameServerState : uint8_t { kUnasked, kAsked, kKnown };
  struct NameServer {
    BlobPool::Ref name = BlobPool::Ref::kNone;
    uint8_t length = 0;
    NameServerState state = NameServerState::kUnasked;
  };
  struct Server {
    netio::Instant lame_until{};
    ServerIndex index = ServerIndex::kNone;
    uint8_t lame_answers = 0;  // In a row.
  };

  ListSet::List queue;  // Lookups that wait until a server of it may be asked.
  netio::Instant failed_until{};
  netio::Instant silent_since = netio::Instant::max();  // All servers; max: they are not.
  std::array<Server, kMaxServers> servers{};
  std::array<NameServer, codec::dns::Referral::kMaxNameServers> name_servers{};
  NodeIndex node = NodeIndex::kNone;
  uint32_t users = 0;  // Lookups that hold it.
  uint8_t server_count = 0;
  uint8_t name_server_count = 0;
  uint8_t names_asked = 0;            // Of name_servers, their addresses.
  uint8_t resolving = 0;              // Lookups of addresses under way.
  uint8_t work = 0;                   // Packets of those.
  uint8_t failures = 0;               // In a row.
  Status failure = Status::kTimeout;  // Until failed_until.

  std::span<Server> found() { return std::span(servers).first(server_count); }
  std::span<const Server> found() const { return std::span(servers).first(server_count); }
};

class Delegations {
 public:
  // Not known to strangers: `seed`. `servers` outlives this.
  Delegations(const IterationPolicy& policy, uint32_t zones, uint64_t seed, ServerTable& servers);

  struct Place {
    ZoneIndex zone;
    NodeIndex seek;  // As ZoneTree::Place has it.
  };
  // Where a question for `name`, in lower case, is asked.
  Place Find(codec::dns::NameView name, netio::Instant now);

  // A server of `above` has referred to a zone beneath it. kNone when there is no room.
  ZoneIndex Learn(const codec::dns::Referral& referral, ZoneIndex above, netio::Instant now);
  // The zone `above` has answered for `name` itself: there is no zone cut between them.
  void LearnInside(codec::dns::NameView name, ZoneIndex above, netio::Duration how_long, netio::Instant now);
  // The root's own servers (RFC 9609), in the place of the hints; nothing changes when none has an address.
  void LearnRoot(const codec::dns::Referral& answer);
  // An address of 4 or 16 octets of one of the zone's name servers; whether it is new.
  bool AddAddress(ZoneIndex zone, std::span<const uint8_t> address);

  // The name that is to be looked up next for the zone's addresses; nothing when there is none, or no more
  // work may be done. It counts as asked.
  std::optional<codec::dns::Name> NextNameServer(ZoneIndex zone);
  // Whether NextNameServer would give a name.
  bool HasNameServer(ZoneIndex zone) const;

  // `server` has answered for the zone: as a server of it does, or as one that does not serve it.
  void NoteAnswer(ZoneIndex zone, ServerIndex server, bool lame, netio::Instant now);
  bool IsLame(ZoneIndex zone, ServerIndex server, netio::Instant now) const;
  // Whether every server of the zone is known to be lame; false without any.
  bool AllLame(ZoneIndex zone, netio::Instant now) const;

  // No server of the zone can be had: it ends whatever is asked there with `status` for a while, at least
  // five seconds, and longer each time up to five minutes (RFC 9520 section 3.2).
  void Fail(ZoneIndex zone, Status status, netio::Instant now);
  bool Failed(ZoneIndex zone, netio::Instant now) const { return (*this)[zone].failed_until > now; }

  // A zone that is held stays.
  void Hold(ZoneIndex zone);
  void Release(ZoneIndex zone);

  codec::dns::Name NameOf(ZoneIndex zone) const { return tree_.NameOf((*this)[zone].node); }
  Zone& operator[](ZoneIndex zone) { return zones_[static_cast<uint32_t>(zone)]; }
  const Zone& operator[](ZoneIndex zone) const { return zones_[static_cast<uint32_t>(zone)]; }
  ZoneTree& tree() { return tree_; }
  const IterationPolicy& policy() const { return policy_; }
  uint32_t capacity() const { return static_cast<uint32_t>(zones_.size()); }
  ZoneIndex root() const { return ZoneIndex{0}; }

 private:
  bool TakeFree(ZoneIndex& zone);
  void Collect();
  void Refresh(ZoneIndex zone, const codec::dns::Referral& referral);
  void ForgetNames(ZoneIndex zone);
  bool AddServer(Zone& zone, const netio::Endpoint& endpoint);
  std::optional<netio::Endpoint> EndpointOf(std::span<const uint8_t> address) const;

  const IterationPolicy policy_;
  ServerTable& servers_;
  ZoneTree tree_;
  BlobPool names_;
  std::vector<Zone> zones_;
  std::vector<uint32_t> free_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_DELEGATIONS_H_
