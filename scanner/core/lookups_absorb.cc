// What comes back: which query it answers, whether it can be believed, and what it means.
#include <algorithm>
#include <cstring>
#include <utility>

#include "scanner/core/judge.h"
#include "scanner/core/lookups.h"

namespace scanner {

using codec::dns::Message;
using codec::dns::ParseError;
using codec::dns::QueryTemplate;

void Lookups::Absorb(std::span<const netio::Event> events, Instant now, Done done) {
  for (const netio::Event& event : events) {
    if (event.kind == netio::Event::Kind::kMessage) {
      Arrive(event, now, done);
      continue;
    }
    AbsorbArrivals(now, done);
    switch (event.kind) {
      case netio::Event::Kind::kSendFailed:
      case netio::Event::Kind::kUnreachable:
        AbsorbUndelivered(event, now, done);
        break;
      case netio::Event::Kind::kStreamOpen:
        OnStreamOpen(event);
        break;
      case netio::Event::Kind::kStreamClosed:
        OnStreamClosed(event, now, done);
        break;
      case netio::Event::Kind::kDrops:
        OnDrops(now);
        break;
      case netio::Event::Kind::kMessage:
        break;
    }
  }
  AbsorbArrivals(now, done);
  sender_.tally().Tell();
}

// The transport counts them. No server is to blame, and nobody knows whose answers they were.
void Lookups::OnDrops(Instant now) {
  sender_.OnDrops(now);
  if (dropped_at_ == now) return;
  dropped_at_ = now;
  for (uint32_t i = 0; i < servers_.size(); ++i) servers_.pace(ServerIndex{i}).OnLocalLoss();
}

void Lookups::Arrive(const netio::Event& event, Instant now, Done done) {
  const bool on_stream = event.stream != netio::StreamIndex::kNone;
  const Channel channel =
      on_stream ? Channel::Stream(event.stream) : Channel::Datagram(event.server.family, event.local_port);
  const size_t segment = on_stream || event.segment == 0 ? event.bytes.size() : event.segment;
  for (size_t at = 0; at < event.bytes.size();) {
    const std::span<const uint8_t> bytes =
        event.bytes.subspan(at, std::min(segment, event.bytes.size() - at));
    at += bytes.size();
    ++stats_.packets_received;
    const std::optional<uint16_t> id = Message::PeekId(bytes);
    if (!id) {
      ++stats_.refused[static_cast<size_t>(ParseError::kTruncated)];
      continue;
    }
    sender_.in_flight().PrefetchFind(channel, *id);
    arrivals_[arrived_++] = {.bytes = bytes, .from = &event.server, .channel = channel};
    if (arrived_ == arrivals_.size()) AbsorbArrivals(now, done);
  }
}

// What answers need lies all over the tables: it is asked of memory for all of them before the first is
// looked at.
void Lookups::AbsorbArrivals(Instant now, Done done) {
  const std::span<Arrival> arrivals = std::span(arrivals_).first(std::exchange(arrived_, 0));
  InFlight& in_flight = sender_.in_flight();
  for (Arrival& arrival : arrivals) {
    arrival.query = in_flight.Find(arrival.channel, *Message::PeekId(arrival.bytes));
    if (arrival.query != QueryIndex::kNone) in_flight.Prefetch(arrival.query);
  }
  for (const Arrival& arrival : arrivals) {
    if (arrival.query != QueryIndex::kNone) __builtin_prefetch(&lookups_[in_flight[arrival.query].lookup]);
  }
  for (const Arrival& arrival : arrivals) {
    if (arrival.query != QueryIndex::kNone) names_.Prefetch(lookups_[in_flight[arrival.query].lookup].name);
  }
  for (const Arrival& arrival : arrivals) AbsorbMessage(arrival, now, done);
}

void Lookups::AbsorbMessage(const Arrival& arrival, Instant now, Done done) {
  const std::span<const uint8_t> bytes = arrival.bytes;
  const Channel channel = arrival.channel;
  const QueryIndex index = arrival.query;
  // One before it may have ended the lookup.
  if (index == QueryIndex::kNone || !sender_.in_flight().Holds(index, channel, *Message::PeekId(bytes))) {
    ++stats_.unsolicited;
    return;
  }
  const InFlightQuery& query = sender_.in_flight()[index];
  const ServerIndex server{query.server};
  if (!channel.is_stream() && !(servers_.endpoint(server) == *arrival.from)) {
    ++stats_.mismatched;
    return;
  }
  Lookup& lookup = lookups_[query.lookup];
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  Message message;
  const ParseError fault = Message::Parse(bytes, message);
  if (fault != ParseError::kNone) {
    ++stats_.refused[static_cast<size_t>(fault)];
    // Anyone can send rubbish: the query stays open. If it repeats the question and nothing better comes,
    // this is what became of it.
    const bool ours = bytes.size() > QueryTemplate::kHeaderOctets &&
                      codec::dns::NameEquals(bytes, QueryTemplate::kHeaderOctets, NameOf(lookup, scratch));
    if (ours && lookup.problem == Status::kTimeout) lookup.problem = Status::kMalformed;
    return;
  }
  if (!message.has_question()) {
    HintToAskAgain(index, message, now);
    return;
  }
  if (!message.QuestionIs(NameOf(lookup, scratch), lookup.type)) {
    ++stats_.mismatched;
    return;
  }
  Answered(index, message, channel, now, done);
}

void Lookups::HintToAskAgain(QueryIndex index, const Message& message, Instant now) {
  const InFlightQuery& query = sender_.in_flight()[index];
  Lookup& lookup = lookups_[query.lookup];
  const bool newest = lookup.newest == index && lookup.state == LookupState::kWaiting;
  if (message.rcode() == codec::dns::Rcode::kNoError || !newest) {
    ++stats_.mismatched;
    return;
  }
  // Never an answer (SPEC section 3), but servers without EDNS say FORMERR so.
  if (query.edns) {
    lookup.plain = true;
    lookup.stay = true;
  } else if (lookup.problem == Status::kTimeout) {
    lookup.problem = static_cast<Status>(message.rcode());
  }
  timers_.Set(query.lookup, now);
}

bool Lookups::CookieIsRight(ServerIndex server, const Message& message) {
  Peer& peer = peers_[static_cast<uint32_t>(server)];
  if (!peer.options.client_cookie) return true;
  const std::span<const uint8_t> cookie =
      message.edns() ? message.edns()->cookie : std::span<const uint8_t>();
  if (cookie.empty()) return !peer.does_cookies;
  const codec::dns::ClientCookie& ours = *peer.options.client_cookie;
  if (!std::equal(ours.begin(), ours.end(), cookie.begin())) return false;
  const std::span<const uint8_t> theirs = cookie.subspan(ours.size());
  if (theirs.empty()) return true;
  peer.does_cookies = true;
  codec::dns::ServerCookie& known = peer.options.server_cookie;
  if (known.length == theirs.size() && std::equal(theirs.begin(), theirs.end(), known.octets.begin()))
    return true;
  known.length = static_cast<uint8_t>(theirs.size());
  std::copy(theirs.begin(), theirs.end(), known.octets.begin());
  peer.Rebuild();
  return true;
}

void Lookups::Answered(QueryIndex index, const Message& message, Channel channel, Instant now, Done done) {
  const InFlightQuery query = sender_.in_flight()[index];
  const ServerIndex server{query.server};
  const LookupIndex lookup_index{query.lookup};
  Lookup& lookup = At(lookup_index);
  Peer& peer = peers_[query.server];
  std::array<uint8_t, codec::dns::kMaxNameOctets> scratch;
  // TCP proves the address as a cookie does.
  bool believed = !query.edns || CookieIsRight(server, message) || channel.is_stream();
  if (believed && query.mixed_case) {
    codec::dns::Name sent;
    sent.Assign(NameOf(lookup, scratch));
    codec::dns::RandomizeCase(std::span(sent.octets).first(sent.length), sender_.CaseBits(query));
    believed = message.QuestionCaseIs(sent.view());
  }
  if (!believed) {
    // Perhaps forged, perhaps a server that forgets: TCP tells which (RFC 7873 section 5.3).
    ++stats_.mismatched;
    if (lookup.newest == index && lookup.state == LookupState::kWaiting && !channel.is_stream()) {
      lookup.over_tcp = true;
      // TC says no more than where to ask, and that is where we go.
      lookup.was_truncated = lookup.was_truncated || message.truncated();
      // Nothing waits for it any more, and its place must not keep the stream's queries out.
      sender_.LeaveWindow(sender_.in_flight()[index]);
      MakeReady(lookup_index);
    }
    return;
  }
  if (!query.in_window) ++stats_.late;
  const Duration rtt = now - query.sent_at;
  peer.rtt.Add(rtt);
  const auto rcode = message.rcode();
  // Servers that limit their responses send TC now and then in the place of what they drop, so that who is
  // not forged can come by TCP. Where it cannot, they mean: slower.
  const bool slipped = iterating() && message.truncated() && now < peer.no_tcp_until;
  const bool pushed_back =
      slipped || rcode == codec::dns::Rcode::kServfail || rcode == codec::dns::Rcode::kRefused;
  sender_.tally().Answer(server, now, rtt, query.telling, pushed_back);
  const bool was_newest = lookup.newest == index;
  ForgetQuery(lookup_index, index);
  std::array<uint8_t, codec::dns::kMaxNameOctets> name_scratch;
  codec::dns::Name zone;
  if (iterating()) zone = delegations_->NameOf(RouteOf(lookup).zone);
  codec::dns::Interpret(message, NameOf(lookup, name_scratch), lookup.type, answer_, zone.view());
  Apply(lookup_index, message,
        {.server = server,
         .rtt = rtt,
         .edns = query.edns,
         .over_tcp = channel.is_stream(),
         .newest = was_newest},
        now, done);
}

void Lookups::Apply(LookupIndex index, const Message& message, const Reply& reply, Instant now, Done done) {
  Lookup& lookup = At(index);
  Judgement judgement =
      Judge(message, answer_, {.edns = reply.edns, .over_tcp = reply.over_tcp, .iterating = iterating()});
  // An older query's answer asks for nothing while a newer query is on its way.
  const bool may_ask = reply.newest || lookup.state != LookupState::kWaiting;
  const bool exhausted = Exhausted(lookup);
  if (judgement.step == NextStep::kNewCookie && lookup.cookie_retries != 0)
    judgement.step = NextStep::kOverTcp;
  if (!reply.edns && lookup.plain && judgement.step == NextStep::kDone) {
    peers_[static_cast<uint32_t>(reply.server)].edns_fails = true;
  }
  if (iterating()) {
    const bool lame = judgement.step == NextStep::kElsewhere && judgement.status == Status::kLame;
    const bool serves = judgement.step == NextStep::kDone || judgement.step == NextStep::kFollowAlias;
    if (lame || serves) NoteZoneAnswer(lookup, reply.server, lame, now);
  }
  const bool no_tcp = iterating() && now < peers_[static_cast<uint32_t>(reply.server)].no_tcp_until;
  if (no_tcp && judgement.step == NextStep::kOverTcp && judgement.status == Status::kTruncated) {
    judgement.step = NextStep::kElsewhere;
  }
  switch (judgement.step) {
    case NextStep::kDone:
      Conclude(index, judgement.status, message, reply, now, done);
      return;
    case NextStep::kFollowAlias:
      NoteTcp(lookup, message, reply);
      FollowAlias(index, now, done);
      return;
    case NextStep::kDescend:
      Descend(index, message, reply, may_ask, now, done);
      return;
    case NextStep::kOverTcp:
    case NextStep::kWithoutEdns:
    case NextStep::kNewCookie:
      if (judgement.status == Status::kTruncated) {
        lookup.problem = Status::kTruncated;
        lookup.was_truncated = true;
      }
      if (!may_ask) return;
      if (exhausted) {
        GiveUp(index, now, done);
        return;
      }
      lookup.over_tcp = judgement.step == NextStep::kOverTcp;
      lookup.plain = lookup.plain || judgement.step == NextStep::kWithoutEdns;
      lookup.cookie_retries =
          static_cast<uint8_t>(lookup.cookie_retries + (judgement.step == NextStep::kNewCookie));
      lookup.last_server = reply.server;
      lookup.stay = true;
      MakeReady(index);
      return;
    case NextStep::kElsewhere:
      lookup.plain = false;
      lookup.provenance = ProvenanceOf(message, reply);
      OnProblem(index,
                {.status = judgement.status,
                 .filtered = judgement.filtered,
                 .may_ask = may_ask,
                 .server = reply.server},
                now, done);
      return;
  }
}

void Lookups::Conclude(LookupIndex index, Status status, const Message& message, const Reply& reply,
                       Instant now, Done done) {
  Lookup& lookup = At(index);
  lookup.provenance = ProvenanceOf(message, reply);
  NoteTcp(lookup, message, reply);
  lookup.aliases = static_cast<uint8_t>(std::min<size_t>(lookup.aliases + answer_.aliases, UINT8_MAX));
  if (status != Status::kNoError && status != Status::kNxdomain && status != Status::kNodata) {
    Finish(index, status, false, nullptr, nullptr, now, done);  // Nothing in it is told.
    return;
  }
  LowerTtl(lookup);
  // They go into the output, and 0x20 or the server may have mixed their case.
  if (answer_.aliases != 0) codec::dns::LowerCase(answer_.owner);
  if (answer_.has_zone) codec::dns::LowerCase(answer_.zone);
  Finish(index, status, false, &message, &answer_, now, done);
}

void Lookups::NoteTcp(Lookup& lookup, const Message& message, const Reply& reply) const {
  constexpr size_t kPlainUdp = 512;  // RFC 1035 section 2.3.4.
  const size_t most = reply.edns ? policy_.edns_size : kPlainUdp;
  if (reply.over_tcp && (lookup.was_truncated || message.bytes().size() > most)) lookup.tcp_needed = true;
}

void Lookups::LowerTtl(Lookup& lookup) const {
  if (!answer_.has_ttl) return;
  lookup.ttl = lookup.has_ttl ? std::min(lookup.ttl, answer_.ttl) : answer_.ttl;
  lookup.has_ttl = true;
}

Provenance Lookups::ProvenanceOf(const Message& message, const Reply& reply) {
  const int64_t rtt = reply.rtt / std::chrono::microseconds(1);
  return {.server = reply.server,
          .rtt_us = static_cast<int32_t>(std::min<int64_t>(rtt, INT32_MAX)),
          .ede = message.edns() && message.edns()->ede ? int32_t{*message.edns()->ede} : RowHeader::kNull,
          .authoritative = static_cast<int8_t>(message.authoritative()),
          .authenticated = static_cast<int8_t>(message.authenticated())};
}

void Lookups::FollowAlias(LookupIndex index, Instant now, Done done) {
  Lookup& lookup = At(index);
  const size_t aliases = size_t{lookup.aliases} + answer_.aliases;
  lookup.aliases = static_cast<uint8_t>(std::min<size_t>(aliases, UINT8_MAX));
  if (aliases > LookupPolicy::kMaxAliases) {
    Finish(index, Status::kLoop, false, nullptr, nullptr, now, done);
    return;
  }
  const std::optional<BlobPool::Ref> name = names_.Store(answer_.owner.view());
  if (!name) {
    lookup.aliases = static_cast<uint8_t>(aliases - answer_.aliases);
    PutBack(index, now, done);
    return;
  }
  ForgetQueries(index);
  if (iterating()) {
    SettleSeek(index, Status::kNoError, now);
    LeaveZone(index);
  }
  names_.Free(lookup.name);
  lookup.name = *name;
  lookup.name_length = answer_.owner.length;
  LowerTtl(lookup);
  BeginQuestion(lookup);
  if (lookup.asks >= LookupPolicy::kMaxAsks) {
    GiveUp(index, now, done);
  } else {
    MakeReady(index);
  }
}

// What became of the old question neither charges nor delays the new one.
void Lookups::BeginQuestion(Lookup& lookup) {
  lookup.first_ask = Instant{};
  lookup.asks_here = 0;
  if (iterating()) RouteOf(lookup).tried = 0;
  lookup.last_server = ServerIndex::kNone;
  lookup.problems = 0;
  lookup.problem = Status::kTimeout;
  lookup.charges = 0;
  lookup.unheard = false;
  lookup.cookie_retries = 0;
  lookup.over_tcp = false;
  lookup.was_truncated = false;
  lookup.stay = false;
  lookup.stream_requeued = false;
}

void Lookups::AbsorbUndelivered(const netio::Event& event, Instant now, Done done) {
  if (event.stream != netio::StreamIndex::kNone) return;  // kStreamClosed follows.
  const Channel channel = Channel::Datagram(event.server.family, event.local_port);
  const size_t segment = event.segment == 0 ? event.bytes.size() : event.segment;
  bool told = false;
  for (size_t at = 0; at < event.bytes.size(); at += segment) {
    const std::optional<uint16_t> id = Message::PeekId(event.bytes.subspan(at));
    if (!id) return;
    const QueryIndex query = sender_.in_flight().Find(channel, *id);
    if (query == QueryIndex::kNone) continue;
    const ServerIndex server{sender_.in_flight()[query].server};
    if (!(servers_.endpoint(server) == event.server)) continue;
    if (!told) servers_.pace(server).OnUnreachable(now);
    told = true;
    UndeliveredQuery(query, now, done);
  }
}

void Lookups::UndeliveredQuery(QueryIndex query, Instant now, Done done) {
  const LookupIndex index{sender_.in_flight()[query].lookup};
  Lookup& lookup = At(index);
  const bool may_ask = lookup.newest == query || lookup.state != LookupState::kWaiting;
  ForgetQuery(index, query);
  if (lookup.problem == Status::kTimeout && !lookup.unheard) lookup.problem = Status::kUnreachable;
  Charge(lookup, kChargeSilent);
  if (!may_ask) return;
  if (Exhausted(lookup)) {
    GiveUp(index, now, done);
  } else {
    MakeReady(index);
  }
}

}  // namespace scanner
