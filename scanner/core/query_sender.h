// Turns "ask this server that" into packets: permission from the paces, ids and ports, bursts, in-flight
// slots. One engine owns it.
#ifndef SCANNER_CORE_QUERY_SENDER_H_
#define SCANNER_CORE_QUERY_SENDER_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/random/random.h"
#include "codec/dns/name.h"
#include "netio/outbox.h"
#include "scanner/core/engine_stats.h"
#include "scanner/core/in_flight.h"
#include "scanner/core/lookup.h"
#include "scanner/core/pace_tally.h"
#include "scanner/core/peer.h"
#include "scanner/core/servers.h"

namespace scanner {

class QuerySender {
 public:
  struct LocalPorts {
    uint16_t ipv4 = 0;
    uint16_t ipv6 = 0;
  };

  // `seed`: of ids, ports and the case of letters; unpredictable to others. Everything else outlives the
  // sender.
  QuerySender(uint64_t seed, uint32_t window, uint32_t queries, LocalPorts ports, ServerTable& servers,
              netio::Outbox& outbox, EngineStats& stats);

  // Servers have been added to the table.
  void MeetServers() { permits_.resize(servers_.size()); }

  // Whether a packet may go to `server` now. The permission is kept until Send or EndStep.
  bool MaySend(ServerIndex server, Instant now) {
    if (window_full()) return false;
    return permits_[static_cast<uint32_t>(server)].left > 0 || TakePermits(server, now);
  }
  // For how many packets it has permission, MaySend having said yes.
  uint32_t permits(ServerIndex server) const {
    if (window_full()) return 0;
    return std::min<uint32_t>(permits_[static_cast<uint32_t>(server)].left, window_ - in_window_);
  }

  struct Question {
    LookupIndex lookup;
    codec::dns::NameView name;
    codec::dns::Type type;
    bool edns;
    bool mix_case;
    bool again;    // Not the lookup's first packet.
    bool telling;  // ServerPace::OnSent.
  };

  // Sends after MaySend has said yes; kNone when the transport or the in-flight table has no room. The slot's
  // server, lookup and time are filled in.
  QueryIndex SendDatagram(ServerIndex server, Peer& peer, const Question& question, Instant now);
  QueryIndex SendOnStream(ServerIndex server, Peer& peer, const Question& question, Instant now);

  // Hands over what is still being gathered and gives unused permissions back.
  void EndStep(Instant now);

  // Answers found a receive queue full: half of what was in flight at the end of the last step is enough.
  void OnDrops(Instant now);
  // Widens the window again, little by little; to be called every few milliseconds.
  void Widen(Instant now);

  // A query is no longer in flight for windows and paces; it may still be answered.
  void LeaveWindow(InFlightQuery& query);
  // The slot is free, whatever else comes.
  void Forget(QueryIndex query);

  // The bits that decide the case of the letters of a query's name.
  uint64_t CaseBits(const InFlightQuery& query) const;

  InFlight& in_flight() { return in_flight_; }
  // What came back and was not told to the paces yet; whoever asks them what depends on it tells it first.
  PaceTally& tally() { return tally_; }
  uint32_t in_window() const { return in_window_; }
  bool window_full() const { return in_window_ >= window_; }
  // Whether the transport refused a packet in this step.
  bool transport_full() const { return transport_full_; }
  uint64_t Random() { return random_(); }

 private:
  static constexpr uint32_t kLeastWindow = 16;
  // Taken from the shared paces at once: what fills a burst.
  static constexpr uint32_t kPermits = netio::Burst::kMaxSegments;

  struct Permits {
    uint8_t left = 0;     // 0 to kPermits.
    bool listed = false;  // In permitted_.
    ServerPace::Permit server;
    Gcra::Ticket total;
  };

  // Queries of one length to one server through one port, not yet handed over.
  struct Gathering {
    ServerIndex server = ServerIndex::kNone;
    netio::LocalPort port{};
    uint16_t segment = 0;
    size_t used = 0;
    uint32_t telling = 0;   // ServerPace::OnSent of these is due.
    uint32_t repeated = 0;  // The same, of those that are not telling.
    std::span<uint8_t> room;
  };

  bool TakePermits(ServerIndex server, Instant now);
  bool Gather(ServerIndex server, uint16_t length, Instant now);
  void HandOver(Instant now);
  QueryIndex Claim(Channel channel, const Question& question, ServerIndex server, Instant now);
  void Spend(ServerIndex server, const Question& question);
  netio::LocalPort PickPort(ServerIndex server);

  const uint64_t secret_;
  const uint32_t max_window_;
  const LocalPorts ports_;
  ServerTable& servers_;
  netio::Outbox& outbox_;
  EngineStats& stats_;
  absl::BitGen random_;
  InFlight in_flight_;
  PaceTally tally_;
  Gathering gathering_;
  std::vector<Permits> permits_;        // By server.
  std::vector<ServerIndex> permitted_;  // Those that have been given permits in this step.
  uint32_t window_;  // kLeastWindow or max_window_ to max_window_: what the receive queues have held so far.
  uint32_t in_window_ = 0;
  uint32_t in_window_before_ = 0;  // At the end of the last step.
  Instant window_changed_{};
  bool transport_full_ = false;
};

}  // namespace scanner

#endif  // SCANNER_CORE_QUERY_SENDER_H_
