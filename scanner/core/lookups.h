// Gets questions answered: whom to ask, when to ask again, over what, and when to give up (SPEC section 3).
// One engine owns it and gives it the time; it draws no randomness but that of its QuerySender's seed.
//
// A lookup lives from Start to the call of `done`. Charges decide when to give up: an attempt that a wholly
// silent server lost costs two, one lost by a server that answered others one, a problem that was answered
// half of what there is; losses while the server limits or is overloaded cost nothing, and the lookup is put
// back. What
// --retries N allows is 2 N + 1.
#ifndef SCANNER_CORE_LOOKUPS_H_
#define SCANNER_CORE_LOOKUPS_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "netio/transport.h"
#include "scanner/core/blob_pool.h"
#include "scanner/core/delegations.h"
#include "scanner/core/engine_stats.h"
#include "scanner/core/free_list.h"
#include "scanner/core/index_list.h"
#include "scanner/core/ip_address.h"
#include "scanner/core/lazy_array.h"
#include "scanner/core/list_set.h"
#include "scanner/core/lookup.h"
#include "scanner/core/peer.h"
#include "scanner/core/query_sender.h"
#include "scanner/core/servers.h"
#include "scanner/core/timer_wheel.h"

namespace scanner {

// What the owner of a lookup did with its result.
enum class Taken : uint8_t {
  kYes,        // The lookup is over.
  kMalformed,  // The data cannot be read: a problem of that server.
  kNoRoom,     // No memory for it at the moment: to be asked again later.
};

class Lookups {
 public:
  struct Options {
    LookupPolicy policy;
    uint64_t seed = 0;
    uint32_t engine = 0;  // This engine, of `engines`: which servers it owns (ServerPace::Adapt).
    uint32_t engines = 1;
    uint32_t capacity = 16384;  // Most lookups of the caller at once.
    QuerySender::LocalPorts local_ports;
    // Ask authoritative servers, from the root down; without it the servers of the table are resolvers.
    std::optional<IterationPolicy> iteration = std::nullopt;
    uint32_t zones = 16384;  // Most that iteration remembers.
  };
  // Called with the result of each lookup, which is over when it returns kYes. It may call Start.
  using Done = absl::FunctionRef<Taken(const LookupResult&)>;

  // Names are stored in `names`. Everything but `options` outlives this.
  Lookups(const Options& options, ServerTable& servers, netio::Outbox& outbox, BlobPool& names,
          EngineStats& stats);

  // How many times Start has room for questions that go out at once, all to one server.
  uint32_t RoomToStart(Instant now);
  // Whether more may be asked for addresses of the block of `base`: not when so many wait for the servers of
  // its zone that others would have to wait for them too.
  bool Admits(const IpAddress& base, Instant now);
  // Whether Start has room.
  bool HasRoom() const { return free_.size() > reserve_ && names_.free() >= kNameChunks; }
  // Asks at once if it may, else as soon as it may. HasRoom().
  LookupIndex Start(codec::dns::NameView name, codec::dns::Type type, uint32_t owner, Instant now);

  void Absorb(std::span<const netio::Event> events, Instant now, Done done);
  void Expire(Instant now, Done done);
  void AskReady(Instant now);
  void EndStep(Instant now);

  // When to step again though nothing has arrived. `more`: new questions are waiting to be started.
  Instant NextWake(Instant now, bool more) const;

  uint32_t active() const { return capacity_ - free_.size(); }
  uint32_t in_flight() const { return sender_.in_window(); }
  uint32_t query_slots() { return sender_.in_flight().size(); }
  // Nothing when this engine has not met the server.
  const Peer* peer(ServerIndex server) const {
    const auto index = static_cast<uint32_t>(server);
    return index < peers_.size() ? &peers_[index] : nullptr;
  }
  // Whether no server has ever answered, and each has been silent or unreachable for the whole horizon.
  bool NobodyAnswers(Instant now) const;
  // Latest answer of any server; Instant::min() when there was none.
  Instant LastAnswer() const;

 private:
  static constexpr uint32_t kNameChunks = 5;  // The longest name.
  static constexpr uint32_t kLiveQueries = 4;

  Lookup& At(LookupIndex index) { return lookups_[static_cast<uint32_t>(index)]; }
  // Of iteration only.
  LookupRoute& RouteOf(const Lookup& lookup) {
    return routes_[static_cast<size_t>(&lookup - lookups_.data())];
  }
  const LookupRoute& RouteOf(const Lookup& lookup) const {
    return routes_[static_cast<size_t>(&lookup - lookups_.data())];
  }
  codec::dns::NameView NameOf(const Lookup& lookup, std::span<uint8_t> scratch) const {
    return names_.View(lookup.name, lookup.name_length, scratch);
  }

  // ---- Asking: lookups_ask.cc ----
  enum class Asked : uint8_t { kSent, kWaits, kNotNow };  // kWaits: for something else than the next step.
  Asked Ask(LookupIndex index, Instant now);
  Asked AskOverStream(LookupIndex index, Instant now);
  // The servers that answered a lookup with a problem: the latest ones, in no order.
  static constexpr uint32_t kFailedServers = 4;
  using FailedServers = std::array<FailedServer, kFailedServers>;
  std::span<const FailedServer> FailedOf(LookupIndex index) const;
  // Whom to ask after `last`, kNone at first, and with `failed`.
  std::optional<ServerIndex> PickServer(ServerIndex last, std::span<const FailedServer> failed, Instant now);
  std::optional<ServerIndex> PickServerOfZone(LookupIndex index, Instant now);
  void NextServerAfter(ServerIndex server);
  static bool Telling(const Lookup& lookup);
  // Whether `server` has not answered the lookup with a problem lately.
  static bool MayAsk(std::span<const FailedServer> failed, ServerIndex server, Instant now);
  // Whether a server other than `last` may be asked and does not rest.
  bool OthersUsable(ServerIndex last, std::span<const FailedServer> failed, Instant now) const;
  void Sent(LookupIndex index, QueryIndex query, ServerIndex server, Instant now);
  Duration PatienceFor(const Lookup& lookup, ServerIndex server) const;

  // ---- What came back: lookups_absorb.cc ----
  struct Reply {
    ServerIndex server;
    Duration rtt;
    bool edns;  // Of the query.
    bool over_tcp;
    bool newest;  // It answers the lookup's last query.
  };
  // A message that has come, and the query with its channel and id.
  struct Arrival {
    std::span<const uint8_t> bytes;
    const netio::Endpoint* from = nullptr;
    Channel channel = Channel::Stream(netio::StreamIndex::kNone);
    QueryIndex query = QueryIndex::kNone;
  };
  static constexpr size_t kArrivals = 64;  // Looked at together.
  void Arrive(const netio::Event& event, Instant now, Done done);
  void AbsorbArrivals(Instant now, Done done);
  void AbsorbMessage(const Arrival& arrival, Instant now, Done done);
  void HintToAskAgain(QueryIndex query, const codec::dns::Message& message, Instant now);
  void Answered(QueryIndex query, const codec::dns::Message& message, Channel channel, Instant now,
                Done done);
  void Apply(LookupIndex index, const codec::dns::Message& message, const Reply& reply, Instant now,
             Done done);
  void Conclude(LookupIndex index, Status status, const codec::dns::Message& message, const Reply& reply,
                Instant now, Done done);
  void NoteTcp(Lookup& lookup, const codec::dns::Message& message, const Reply& reply) const;
  void LowerTtl(Lookup& lookup) const;
  static Provenance ProvenanceOf(const codec::dns::Message& message, const Reply& reply);
  bool CookieIsRight(ServerIndex server, const codec::dns::Message& message);
  void FollowAlias(LookupIndex index, Instant now, Done done);
  void BeginQuestion(Lookup& lookup);
  void OnDrops(Instant now);
  void AbsorbUndelivered(const netio::Event& event, Instant now, Done done);
  void UndeliveredQuery(QueryIndex query, Instant now, Done done);

  // ---- Problems: lookups_retry.cc ----
  static constexpr uint32_t kChargeSilent = 2;
  static constexpr uint32_t kChargeLost = 1;
  struct Problem {
    Status status;
    bool filtered;
    bool may_ask;                             // No newer query is on its way.
    ServerIndex server = ServerIndex::kNone;  // Whose answer it is; kNone: the last one asked.
  };
  void OnPatienceOver(LookupIndex index, Instant now, Done done);
  void OnProblem(LookupIndex index, const Problem& problem, Instant now, Done done);
  static void Charge(Lookup& lookup, uint32_t charges);
  bool Exhausted(const Lookup& lookup) const;
  void PutBack(LookupIndex index, Instant now, Done done);
  void GiveUp(LookupIndex index, Instant now, Done done);
  void Finish(LookupIndex index, Status status, bool filtered, const codec::dns::Message* message,
              const codec::dns::Answer* answer, Instant now, Done done);
  void ForgetQuery(LookupIndex index, QueryIndex query);
  void ForgetQueries(LookupIndex index);
  void MakeReady(LookupIndex index);
  void RestUntil(LookupIndex index, Instant when);
  void Unlink(LookupIndex index);
  void Free(LookupIndex index);

  // ---- Iteration: lookups_iterate.cc ----
  // How long a lookup of iteration itself waits for another: what waits in a ring never ends by itself.
  static constexpr Duration kRingPatience = std::chrono::seconds(5);
  bool iterating() const { return delegations_.has_value(); }
  // Whether the lookup has a zone whose servers may be asked; else it waits, or is doomed.
  bool Place(LookupIndex index, Instant now);
  bool FindZone(LookupIndex index, Instant now);
  void Descend(LookupIndex index, const codec::dns::Message& message, const Reply& reply, bool may_ask,
               Instant now, Done done);
  void LeaveZone(LookupIndex index);
  // The lookup, which sought a zone cut, has ended with `status`.
  void SettleSeek(LookupIndex index, Status status, Instant now);
  void EndSeek(LookupIndex index);
  void StopSeeking(LookupIndex index);
  void LeaveIteration(LookupIndex index);
  void Doom(LookupIndex index, Status status);
  void EndDoomed(Instant now, Done done);
  // Whether addresses of further servers are being looked up, now or already.
  bool FindMoreServers(const Lookup& lookup);
  void StartInternal(const Lookup& lookup, codec::dns::NameView name);
  void FinishInternal(LookupIndex index, Status status, const codec::dns::Message* message,
                      const codec::dns::Answer* answer, Instant now);
  void Prime();
  void MeetServers();
  codec::dns::Name ZoneOf(const Lookup& lookup, const codec::dns::Message* message,
                          const codec::dns::Answer* answer) const;

  // ---- The servers of a zone: lookups_zones.cc ----
  bool ZoneCanBeAsked(LookupIndex index, Instant now);
  bool ZoneIsSilent(ZoneIndex zone, Instant now);
  Status StatusOfFailed(ZoneIndex zone, Instant now) const;
  void FailZone(ZoneIndex zone, Status status, Instant now);
  void Enqueue(LookupIndex index, Instant now);
  void ServeZones(Instant now);
  void ServeZone(ZoneIndex zone, Instant now);
  void ScheduleZone(ZoneIndex zone, Instant now);
  void WakeZone(ZoneIndex zone);
  void NoteZoneAnswer(const Lookup& lookup, ServerIndex server, bool lame, Instant now);
  void NoteAsked(const Lookup& lookup, ServerIndex server);
  // Whether each server of the zone was asked in this round, or is known not to answer for it.
  bool AllTried(const Lookup& lookup, Instant now) const;

  // ---- Streams: lookups_stream.cc ----
  static constexpr Duration kStreamPatience = std::chrono::seconds(5);  // To connect, and for an answer.
  bool OpenStream(ServerIndex server, Instant now);
  void CloseStream(Peer& peer);
  void OnStreamOpen(const netio::Event& event);
  void OnStreamTooSlow(LookupIndex index, Instant now, Done done);
  // The lookup will not be answered over the stream.
  void OnStreamFailed(LookupIndex index, Instant now, Done done);
  void OnStreamClosed(const netio::Event& event, Instant now, Done done);
  void CloseIdleStreams(Instant now);

  const LookupPolicy policy_;
  const uint32_t engine_;
  const uint32_t engines_;
  const uint32_t reserve_;  // Lookups kept for iteration itself.
  const uint32_t capacity_;
  const uint64_t seed_;
  ServerTable& servers_;
  netio::Outbox& outbox_;
  BlobPool& names_;
  EngineStats& stats_;
  QuerySender sender_;
  TimerWheel timers_;
  std::deque<Peer> peers_;  // A deque: peers never move.
  LazyArray<Lookup> lookups_;
  LazyArray<FailedServers> failed_;  // By lookup; the first Lookup::problems of them count.
  FreeList free_;
  IndexList ready_;                          // Those in state kReady, in the order in which they became so.
  IndexList parked_;                         // Those in state kParked.
  std::vector<ServerIndex> stream_servers_;  // By stream; kNone: not ours.
  std::array<Arrival, kArrivals> arrivals_;
  size_t arrived_ = 0;             // The first of arrivals_ that are to be looked at.
  uint32_t next_server_ = 0;       // Where PickServer begins.
  bool next_server_used_ = false;  // In this step.
  Instant first_ask_ = Instant::max();
  Instant adapted_at_ = Instant::min();
  Instant dropped_at_ = Instant::min();  // When answers were last lost on this machine.
  bool transport_was_full_ = false;      // In the last step.
  codec::dns::Answer answer_;            // Scratch: what the message at hand says.
  // Of iteration.
  std::optional<Delegations> delegations_;
  LazyArray<LookupRoute> routes_;  // By lookup.
  ListSet waiting_;                // Those in state kSeeking and kQueued.
  IndexList doomed_;               // Those in state kDoomed.
  TimerWheel zone_timers_;         // When to look at a zone's queue again.
  IndexList hungry_;               // Zones whose queues are to be looked at.
  ZoneIndex serving_ = ZoneIndex::kNone;
  bool primed_ = false;            // Has been asked for.
  codec::dns::Referral referral_;  // Scratch.
};

}  // namespace scanner

#endif  // SCANNER_CORE_LOOKUPS_H_
