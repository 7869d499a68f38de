#include "scanner/core/query_sender.h"

#include <algorithm>
#include <cassert>
#include <random>

namespace scanner {
namespace {

absl::BitGen Seeded(uint64_t seed) {
  const std::seed_seq sequence{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
  return absl::BitGen(sequence);
}

// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

}  // namespace

QuerySender::QuerySender(uint64_t seed, uint32_t window, uint32_t queries, LocalPorts ports,
                         ServerTable& servers, netio::Outbox& outbox, EngineStats& stats)
    : secret_(Mix(seed)),
      max_window_(window),
      ports_(ports),
      servers_(servers),
      outbox_(outbox),
      stats_(stats),
      random_(Seeded(seed)),
      in_flight_(queries, window),
      tally_(servers),
      permits_(servers.size()),
      window_(window) {
  permitted_.reserve(servers.size());
}

bool QuerySender::TakePermits(ServerIndex server, Instant now) {
  Permits& permits = permits_[static_cast<uint32_t>(server)];
  const uint32_t wanted =
      servers_.total().Take(now, std::min(kPermits, window_ - in_window_), &permits.total);
  if (wanted == 0) return false;
  const uint32_t granted = servers_.pace(server).Take(now, wanted, &permits.server);
  servers_.total().GiveBack(wanted - granted, permits.total);
  if (granted == 0) return false;
  permits.left = static_cast<uint8_t>(granted);
  if (!permits.listed) permitted_.push_back(server);
  permits.listed = true;
  return true;
}

void QuerySender::EndStep(Instant now) {
  HandOver(now);
  tally_.Tell();
  for (const ServerIndex server : permitted_) {
    Permits& permits = permits_[static_cast<uint32_t>(server)];
    servers_.pace(server).GiveBack(permits.left, permits.server);
    servers_.total().GiveBack(permits.left, permits.total);
    permits.left = 0;
    permits.listed = false;
  }
  permitted_.clear();
  transport_full_ = false;
  in_window_before_ = in_window_;
}

void QuerySender::OnDrops(Instant now) {
  // What was sent before the last change may still be dropped, which was the reason for it.
  constexpr Duration kOneTrouble = std::chrono::milliseconds(50);
  if (window_ < max_window_ && now - window_changed_ < kOneTrouble) return;
  window_changed_ = now;
  const uint32_t half = std::min(window_, in_window_before_) / 2;
  window_ = std::max(half, std::min(kLeastWindow, max_window_));
}

void QuerySender::Widen(Instant now) {
  constexpr Duration kStep = std::chrono::milliseconds(100);
  constexpr uint32_t kShare = 32;
  if (window_ == max_window_ || now - window_changed_ < kStep) return;
  window_changed_ = now;
  window_ = std::min(max_window_, window_ + std::max(1U, window_ / kShare));
}

netio::LocalPort QuerySender::PickPort(ServerIndex server) {
  const bool ipv6 = servers_.endpoint(server).family == netio::Family::kIpv6;
  const uint16_t ports = ipv6 ? ports_.ipv6 : ports_.ipv4;
  assert(ports > 0);
  return netio::LocalPort{static_cast<uint16_t>(random_() % ports)};
}

bool QuerySender::Gather(ServerIndex server, uint16_t length, Instant now) {
  const bool fits = gathering_.server == server && gathering_.segment == length &&
                    gathering_.used + length <= gathering_.room.size();
  if (fits) return true;
  HandOver(now);
  const std::span<uint8_t> room = outbox_.Reserve(size_t{length} * netio::Burst::kMaxSegments);
  if (room.empty()) {
    transport_full_ = true;
    return false;
  }
  gathering_ = {.server = server, .port = PickPort(server), .segment = length, .room = room};
  return true;
}

void QuerySender::HandOver(Instant now) {
  if (gathering_.used != 0) {
    ServerPace& pace = servers_.pace(gathering_.server);
    if (gathering_.telling != 0) pace.OnSent(now, true, gathering_.telling);
    if (gathering_.repeated != 0) pace.OnSent(now, false, gathering_.repeated);
    outbox_.Send({.server = servers_.endpoint(gathering_.server),
                  .local_port = gathering_.port,
                  .stream = netio::StreamIndex::kNone,
                  .segment = gathering_.segment,
                  .bytes = gathering_.room.first(gathering_.used)});
  }
  gathering_ = {};
}

QueryIndex QuerySender::Claim(Channel channel, const Question& question, ServerIndex server, Instant now) {
  if (in_flight_.full()) return QueryIndex::kNone;
  QueryIndex index = QueryIndex::kNone;
  while (index == QueryIndex::kNone) index = in_flight_.Claim(channel, static_cast<uint16_t>(random_()));
  InFlightQuery& query = in_flight_[index];
  query.sent_at = now;
  query.lookup = static_cast<uint32_t>(question.lookup);
  query.server = static_cast<uint32_t>(server);
  query.edns = question.edns;
  query.mixed_case = question.mix_case;
  query.telling = question.telling;
  query.in_window = true;
  ++in_window_;
  return index;
}

void QuerySender::Spend(ServerIndex server, const Question& question) {
  Permits& permits = permits_[static_cast<uint32_t>(server)];
  assert(permits.left > 0);
  --permits.left;
  ++stats_.packets_sent;
  if (question.again) ++stats_.retries;
}

QueryIndex QuerySender::SendDatagram(ServerIndex server, Peer& peer, const Question& question, Instant now) {
  const codec::dns::QueryTemplate& query_template = question.edns ? peer.query : peer.plain_query;
  const auto length = static_cast<uint16_t>(query_template.length(question.name.size()));
  if (!Gather(server, length, now)) return QueryIndex::kNone;
  const QueryIndex index =
      Claim(Channel::Datagram(servers_.endpoint(server).family, gathering_.port), question, server, now);
  if (index == QueryIndex::kNone) return index;
  const std::span<uint8_t> out = gathering_.room.subspan(gathering_.used, length);
  const InFlightQuery& query = in_flight_[index];
  query_template.Write(out, query.id(), question.name, question.type);
  if (question.mix_case) {
    codec::dns::RandomizeCase(out.subspan(codec::dns::QueryTemplate::kHeaderOctets, question.name.size()),
                              CaseBits(query));
  }
  gathering_.used += length;
  ++(question.telling ? gathering_.telling : gathering_.repeated);
  Spend(server, question);
  return index;
}

QueryIndex QuerySender::SendOnStream(ServerIndex server, Peer& peer, const Question& question, Instant now) {
  HandOver(now);
  const codec::dns::QueryTemplate& query_template = question.edns ? peer.query : peer.plain_query;
  const size_t length = query_template.length(question.name.size());
  const std::span<uint8_t> room = outbox_.Reserve(length);
  if (room.empty()) {
    transport_full_ = true;
    return QueryIndex::kNone;
  }
  const QueryIndex index = Claim(Channel::Stream(peer.stream), question, server, now);
  if (index == QueryIndex::kNone) return index;
  query_template.Write(room, in_flight_[index].id(), question.name, question.type);
  outbox_.Send({.server = servers_.endpoint(server),
                .local_port = {},
                .stream = peer.stream,
                .segment = static_cast<uint16_t>(length),
                .bytes = room.first(length)});
  servers_.pace(server).OnSent(now, question.telling);
  Spend(server, question);
  ++stats_.tcp;
  ++peer.on_stream;
  peer.stream_used = now;
  return index;
}

void QuerySender::LeaveWindow(InFlightQuery& query) {
  if (!query.in_window) return;
  query.in_window = false;
  --in_window_;
  tally_.Settle(ServerIndex{query.server});
}

void QuerySender::Forget(QueryIndex query) {
  LeaveWindow(in_flight_[query]);
  in_flight_.Release(query);
}

uint64_t QuerySender::CaseBits(const InFlightQuery& query) const {
  return Mix(secret_ ^ query.key ^ static_cast<uint64_t>(query.sent_at.time_since_epoch().count()) << 20);
}

}  // namespace scanner
