#include "bench/answering_transport.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

namespace bench {
namespace {

constexpr size_t kHeader = 12;
// PTR, IN, 3,600 s, "host" above the name in the question (RFC 1035 sections 3.2.1 and 4.1.4).
constexpr std::array<uint8_t, 19> kRecord = {0xC0, kHeader, 0, 12,  0,   1,   0,   0,    0x0E,   0x10,
                                             0,    7,       4, 'h', 'o', 's', 't', 0xC0, kHeader};
constexpr uint8_t kAnswer = 0x80;
constexpr uint8_t kRecursionAvailable = 0x80;
constexpr size_t kShortestQuery = kHeader + 5;  // The root's.

}  // namespace

AnsweringTransport::AnsweringTransport(VirtualClock& clock, size_t arena_bytes)
    : Transport(netio::Outbox(arena_bytes, kMaxBursts)),
      clock_(clock),
      answers_(arena_bytes + arena_bytes / kShortestQuery * kRecord.size()) {
  events_.reserve(kMaxBursts);
}

std::span<const netio::Event> AnsweringTransport::Wait(netio::Instant deadline) {
  events_.clear();
  used_ = 0;
  if (outbox_.queued() == 0) clock_.AdvanceTo(deadline);
  while (outbox_.queued() > 0) {
    const netio::Outbox::Ticket ticket = outbox_.Take();
    Answer(outbox_.burst(ticket));
    outbox_.GiveBack(ticket);
  }
  return events_;
}

void AnsweringTransport::Answer(const netio::Burst& burst) {
  const uint8_t* const name = burst.bytes.data() + kHeader;
  size_t name_octets = 0;
  while (name[name_octets] != 0) name_octets += 1U + name[name_octets];
  const size_t question_end = kHeader + name_octets + 5;
  const size_t octets = question_end + kRecord.size();
  const size_t begin = used_;
  for (size_t at = 0; at < burst.bytes.size(); at += burst.segment) {
    assert(used_ + octets <= answers_.size());
    uint8_t* const answer = answers_.data() + used_;
    std::memcpy(answer, burst.bytes.data() + at, question_end);
    answer[2] |= kAnswer;
    answer[3] |= kRecursionAvailable;
    answer[7] = 1;                // ANCOUNT
    answer[10] = answer[11] = 0;  // ARCOUNT: without the query's OPT.
    std::ranges::copy(kRecord, answer + question_end);
    used_ += octets;
    ++stats_.datagrams_sent;
    ++stats_.datagrams_received;
  }
  netio::Event& event = events_.emplace_back();
  event.kind = netio::Event::Kind::kMessage;
  event.local_port = burst.local_port;
  event.segment = static_cast<uint16_t>(octets);
  event.server = burst.server;
  event.bytes = std::span(answers_).subspan(begin, used_ - begin);
}

}  // namespace bench
