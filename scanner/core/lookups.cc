#include "scanner/core/lookups.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace scanner {
namespace {

// So that addresses of servers can be found however many lookups wait for them.
constexpr uint32_t kInternalLookups = 256;

// RFC 7873 section 4.1 asks for a cookie that differs from server to server and tells nothing.
codec::dns::ClientCookie CookieFor(uint64_t seed, ServerIndex server) {
  uint64_t value = seed ^ (static_cast<uint64_t>(server) + 1) * 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  value ^= value >> 31;
  codec::dns::ClientCookie cookie;
  std::memcpy(cookie.data(), &value, cookie.size());
  return cookie;
}

}  // namespace

Lookups::Lookups(const Options& options, ServerTable& servers, netio::Outbox& outbox, BlobPool& names,
                 EngineStats& stats)
    : policy_(options.policy),
      engine_(options.engine),
      engines_(options.engines),
      reserve_(options.iteration ? kInternalLookups : 0),
      capacity_(options.capacity + reserve_),
      seed_(options.seed),
      servers_(servers),
      outbox_(outbox),
      names_(names),
      stats_(stats),
      sender_(options.seed, options.policy.window, capacity_ * 2 + options.policy.window, options.local_ports,
              servers, outbox, stats),
      timers_(capacity_),
      lookups_(capacity_),
      failed_(capacity_),
      free_(capacity_),
      ready_(capacity_),
      parked_(capacity_),
      stream_servers_(outbox.max_streams(), ServerIndex::kNone),
      routes_(options.iteration ? capacity_ : 0),
      waiting_(options.iteration ? capacity_ : 0),
      doomed_(options.iteration ? capacity_ : 0),
      zone_timers_(options.iteration ? options.zones : 0),
      hungry_(options.iteration ? options.zones : 0) {
  if (options.iteration) delegations_.emplace(*options.iteration, options.zones, options.seed, servers);
  MeetServers();
}

void Lookups::MeetServers() {
  for (auto i = static_cast<uint32_t>(peers_.size()); i < servers_.size(); ++i) {
    codec::dns::QueryOptions query;
    query.recursion_desired = policy_.recursion_desired;
    query.edns = true;
    query.edns_size = policy_.edns_size;
    if (policy_.cookies) query.client_cookie = CookieFor(seed_, ServerIndex{i});
    peers_.emplace_back(query);
  }
  sender_.MeetServers();
}

uint32_t Lookups::RoomToStart(Instant now) {
  const InFlight& in_flight = sender_.in_flight();
  const uint32_t lookups = std::min(free_.size(), names_.free() / kNameChunks);
  const uint32_t room = std::min(lookups, in_flight.capacity() - in_flight.size());
  if (room == 0 || sender_.transport_full()) return 0;
  if (iterating()) {
    constexpr uint32_t kAtOnce = 64;
    return HasRoom() && !sender_.window_full() ? std::min(room - reserve_, kAtOnce) : 0;
  }
  const std::optional<ServerIndex> server = PickServer(ServerIndex::kNone, {}, now);
  return server ? std::min(room, sender_.permits(*server)) : 0;
}

LookupIndex Lookups::Start(codec::dns::NameView name, codec::dns::Type type, uint32_t owner, Instant now) {
  assert(HasRoom());
  const LookupIndex index{free_.Take()};
  Lookup& lookup = At(index);
  lookup = Lookup{};
  lookup.name = *names_.Store(name);
  lookup.name_length = static_cast<uint8_t>(name.size());
  lookup.type = type;
  lookup.owner = owner;
  if (iterating()) RouteOf(lookup) = LookupRoute{};
  if (Ask(index, now) == Asked::kNotNow) MakeReady(index);
  return index;
}

void Lookups::Expire(Instant now, Done done) {
  EndDoomed(now, done);
  for (;;) {
    const uint32_t timer = timers_.PopExpired(now);
    if (timer == TimerWheel::kNone) break;
    const LookupIndex index{timer};
    switch (At(index).state) {
      case LookupState::kWaiting:
        OnPatienceOver(index, now, done);
        break;
      case LookupState::kResting:
        MakeReady(index);
        break;
      case LookupState::kParked:
        OnStreamTooSlow(index, now, done);
        break;
      case LookupState::kLate:
        Finish(index, At(index).problem, At(index).filtered, nullptr, nullptr, now, done);
        break;
      case LookupState::kSeeking:
      case LookupState::kQueued:
        Finish(index, Status::kServfail, false, nullptr, nullptr, now, done);
        break;
      case LookupState::kFree:
      case LookupState::kReady:
      case LookupState::kDoomed:
        assert(false);
    }
  }
  sender_.tally().Tell();
}

void Lookups::EndStep(Instant now) {
  transport_was_full_ = sender_.transport_full();
  sender_.EndStep(now);
  if (next_server_used_) NextServerAfter(ServerIndex{next_server_});
  if (adapted_at_ != Instant::min() && now - adapted_at_ < ServerPace::kAdaptInterval) return;
  adapted_at_ = now;
  sender_.Widen(now);
  for (uint32_t server = 0; server < servers_.size(); ++server) {
    ServerPace& pace = servers_.pace(ServerIndex{server});
    if (server % engines_ == engine_) {
      pace.Adapt(now);
    } else {
      pace.AdaptInPlaceOfOwner(now);
    }
  }
  CloseIdleStreams(now);
}

Instant Lookups::NextWake(Instant now, bool more) const {
  if (!doomed_.empty()) return now;
  Instant timer = std::min(timers_.NextExpiry(), zone_timers_.NextExpiry());
  // Silence too is judged while it is fresh.
  constexpr Duration kToAdapt = std::chrono::milliseconds(16);
  if (sender_.in_window() != 0) timer = std::min(timer, now + kToAdapt);
  if ((ready_.empty() && hungry_.empty() && !more) || sender_.window_full()) return timer;
  if (transport_was_full_) return now;
  constexpr Duration kSoon = std::chrono::milliseconds(1);
  if (iterating()) return std::min(timer, std::max(servers_.total().NextAllowed(now), now + kSoon));
  Instant allowed = Instant::max();
  for (uint32_t i = 0; i < servers_.size(); ++i) {
    const ServerPace& pace = servers_.pace(ServerIndex{i});
    if (!pace.WindowFull()) {
      allowed = std::min(allowed, pace.NextAllowed(now));
    } else if (engines_ > 1) {
      allowed = std::min(allowed, now + kSoon);  // Another engine's answers make the room.
    }
  }
  if (allowed != Instant::max()) allowed = std::max(allowed, servers_.total().NextAllowed(now));
  // What may go and yet did not waits for something else than time; it is looked at again soon.
  return std::min(timer, std::max(allowed, allowed > now ? allowed : now + kSoon));
}

bool Lookups::NobodyAnswers(Instant now) const {
  if (first_ask_ == Instant::max() || now - first_ask_ < std::chrono::seconds(1)) return false;
  const bool patient = now - first_ask_ < policy_.horizon;
  for (uint32_t i = 0; i < servers_.size(); ++i) {
    const ServerPace& pace = servers_.pace(ServerIndex{i});
    if (pace.last_answer() != Instant::min()) return false;
    if (patient && pace.counts().unreachable == 0) return false;
  }
  return true;
}

Instant Lookups::LastAnswer() const {
  Instant last = Instant::min();
  for (uint32_t i = 0; i < servers_.size(); ++i)
    last = std::max(last, servers_.pace(ServerIndex{i}).last_answer());
  return last;
}

}  // namespace scanner
