// One question of a sweep: a name and a type, asked until it has an answer or has earned a verdict of
// failure.
#ifndef SCANNER_CORE_LOOKUP_H_
#define SCANNER_CORE_LOOKUP_H_

#include <cstdint>
#include <optional>

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/types.h"
#include "netio/instant.h"
#include "scanner/core/blob_pool.h"
#include "scanner/core/in_flight.h"
#include "scanner/core/servers.h"
#include "scanner/core/zone_tree.h"
#include "scanner/row/row.h"

namespace scanner {

enum class LookupIndex : uint32_t { kNone = 0xFFFFFFFF };

struct LookupPolicy {
  uint32_t retries = 3;                         // --retries
  std::optional<netio::Duration> timeout = {};  // --timeout; adaptive without.
  uint32_t window = 4096;                       // Most queries of this engine in flight.
  bool recursion_desired = true;                // Not --no-recurse.
  bool mix_case = false;                        // --0x20
  bool cookies = true;                          // Not --no-cookies.
  uint16_t edns_size = 1232;                    // --edns-size
  // No TIMEOUT before this has passed since the first ask: recursion takes its time (SPEC section 3).
  netio::Duration horizon = std::chrono::seconds(10);

  static constexpr uint32_t kMaxAsks = 32;
  static constexpr uint32_t kMaxAliases = 16;
};

// What an answer bore beside its data; of the answer that was used, or of the last that reported a problem.
struct Provenance {
  ServerIndex server = ServerIndex::kNone;  // kNone: nothing has answered.
  int32_t rtt_us = RowHeader::kNull;
  int32_t ede = RowHeader::kNull;
  int8_t authoritative = RowHeader::kNull;
  int8_t authenticated = RowHeader::kNull;
};

enum class LookupState : uint8_t {
  kFree,
  kReady,    // In the queue of those to be asked (again).
  kWaiting,  // Asked; the timer is the newest query's patience.
  kResting,  // The timer says when to ask again.
  kParked,   // Waits for a stream to open; the timer bounds that.
  kLate,     // Not asked any more; the timer is the end of the horizon for late answers.
  kSeeking,  // Waits until another lookup has found out where a zone cut is.
  kQueued,   // Waits until a server of its zone may be asked, or is found.
  kDoomed,   // Ends with `problem` in the next step.
};

// Whose question it is.
enum class LookupPurpose : uint8_t {
  kOwner,    // The caller's.
  kAddress,  // Iteration's, for the address of a name server.
  kPriming,  // Iteration's, for the root's own name servers (RFC 9609).
};

// Where iteration is with a lookup.
struct LookupRoute {
  ZoneIndex zone = ZoneIndex::kNone;      // Whose servers it asks; held.
  NodeIndex node = NodeIndex::kNone;      // Sought by it, or, in state kSeeking, by another lookup; pinned.
  ZoneIndex resolves = ZoneIndex::kNone;  // kAddress: of which zone; held.
  ZoneIndex work = ZoneIndex::kNone;      // kAddress: the zone that its packets are counted for; held.
  uint16_t tried = 0;                     // Servers of the zone, by their place: asked in this round.
  uint8_t depth = 0;                      // kAddress: how many lookups wait for it, one for the other.
  LookupPurpose purpose = LookupPurpose::kOwner;
};

// A server that answered a lookup with a problem, and until when it is not asked again (RFC 9520
// section 3.2).
struct FailedServer {
  netio::Instant until{};
  ServerIndex server = ServerIndex::kNone;
};

struct alignas(64) Lookup {
  netio::Instant first_ask{};
  BlobPool::Ref name = BlobPool::Ref::kNone;
  QueryIndex newest = QueryIndex::kNone;  // Of its queries whose answers still count.
  ServerIndex last_server = ServerIndex::kNone;
  uint32_t owner = 0;  // The caller's.
  uint32_t ttl = 0;    // Seconds, lowest over the aliases followed so far.
  Provenance provenance;
  codec::dns::Type type{};
  Status problem = Status::kTimeout;  // What the lookup would end with now.
  uint8_t name_length = 0;
  uint8_t live_queries = 0;
  uint8_t asks = 0;       // Packets sent, at most kMaxAsks.
  uint8_t asks_here = 0;  // Of these, for the name and at the zone at hand.
  uint8_t charges = 0;    // See Lookups::Charge.
  uint8_t problems = 0;   // Answered ones so far.
  uint8_t aliases = 0;
  uint8_t cookie_retries = 0;
  LookupState state = LookupState::kFree;
  bool has_ttl : 1 = false;
  bool filtered : 1 = false;         // The problem is an answer that EDE 15 to 18 disown.
  bool unheard : 1 = false;          // A server was silent: the lookup is not only UNREACHABLE.
  bool limited : 1 = false;          // An answer was lost, or a problem, while the server limited.
  bool plain : 1 = false;            // Ask without EDNS.
  bool over_tcp : 1 = false;         // Ask last_server over its stream.
  bool stay : 1 = false;             // Ask last_server once more.
  bool was_truncated : 1 = false;    // An answer had TC.
  bool tcp_needed : 1 = false;       // An answer came over TCP that would not have come over UDP.
  bool stream_requeued : 1 = false;  // Was requeued once, uncharged, when a stream closed.
};
static_assert(sizeof(Lookup) == 64, "one cache line");

// How a lookup ended.
struct LookupResult {
  LookupIndex index;
  const Lookup& lookup;
  Status status;
  bool filtered;
  const codec::dns::Message* message;  // Of kNoError and of absence, else null.
  const codec::dns::Answer* answer;    // The same.
  codec::dns::NameView zone;           // That has answered; empty where it is not known.
};

}  // namespace scanner

#endif  // SCANNER_CORE_LOOKUP_H_
