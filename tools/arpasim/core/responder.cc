#include "tools/arpasim/core/responder.h"

#include <algorithm>

namespace arpasim {
namespace {

using codec::dns::Rcode;
using codec::dns::Type;

constexpr uint8_t kTruncatedBit = 0x02;

uint64_t QuestionHash(const QueryView& query) {
  return HashOctets(static_cast<uint64_t>(query.type), query.name.view());
}

void CountQuery(const QueryView& query, ResponderStats& stats) {
  ++stats.queries;
  const bool question = query.kind == QueryView::Kind::kQuestion;
  if (question && query.type == Type::kPtr) {
    ++stats.ptr;
  } else if (question && query.type == Type::kA) {
    ++stats.a;
  } else if (question && query.type == Type::kAaaa) {
    ++stats.aaaa;
  } else {
    ++stats.other;
  }
}

void ChangeId(uint8_t* response, uint64_t draw) {
  const auto change = static_cast<uint16_t>(1 + draw % 0xFFFF);
  response[0] ^= static_cast<uint8_t>(change >> 8);
  response[1] ^= static_cast<uint8_t>(change);
}

// Makes the first letter or digit of the question's name, its first octet otherwise, another one.
void ChangeQuestion(uint8_t* response, size_t length) {
  if (length <= 13 || response[12] == 0) return ChangeId(response, 0);
  uint8_t& octet = response[13];
  octet = octet == 'q' || octet == 'Q' ? 'z' : 'q';
}

// Returns the new length.
size_t Corrupt(uint8_t* response, size_t length, uint64_t draw) {
  switch (draw % 3) {
    case 0:
      ChangeId(response, draw >> 8);
      return length;
    case 1:
      ChangeQuestion(response, length);
      return length;
    default:
      // Ends inside its header, where not even TC makes it legal.
      return std::min<size_t>(length, 2 + (draw >> 8) % 10);
  }
}

}  // namespace

void ResponderStats::Add(const ResponderStats& other_stats) {
  queries += other_stats.queries;
  ptr += other_stats.ptr;
  a += other_stats.a;
  aaaa += other_stats.aaaa;
  other += other_stats.other;
  tcp += other_stats.tcp;
  answers += other_stats.answers;
  silent += other_stats.silent;
  lost += other_stats.lost;
  corrupt += other_stats.corrupt;
  duplicates += other_stats.duplicates;
  forged += other_stats.forged;
  truncated += other_stats.truncated;
  limited += other_stats.limited;
  repeated += other_stats.repeated;
  max_asks = std::max(max_asks, other_stats.max_asks);
}

Responder::Responder(const ResponderOptions& options)
    : model_(options.seed, options.mix),
      server_(options.server),
      answerer_(model_, options.server),
      faults_(options.seed, options.faults),
      limiter_(options.limit) {}

void Responder::Respond(std::span<const uint8_t> query, Via via, const Source& source, int64_t now_ns,
                        Replies& out, ResponderStats& stats) {
  out.count_ = 0;
  QueryView view;
  ReadQuery(query, view);
  CountQuery(view, stats);
  // Response rate limiting leaves TCP alone, which proves the source.
  const bool limited = via == Via::kUdp || limiter_.mode() != LimitMode::kSlip;
  const Limiter::Ruling ruling = limited ? limiter_.Take(now_ns) : Limiter::Ruling{};
  if (!ruling.within || ruling.wait_ns > 0) ++stats.limited;
  if (!ruling.within) {
    RespondLimited(view, source, out, stats);
  } else if (via == Via::kTcp) {
    RespondTcp(view, source, ruling.wait_ns, out, stats);
  } else {
    RespondUdp(view, source, ruling.wait_ns, out, stats);
  }
}

void Responder::RespondTcp(const QueryView& query, const Source& source, int64_t wait_ns, Replies& out,
                           ResponderStats& stats) {
  ++stats.tcp;
  const size_t length = answerer_.Answer(query, Via::kTcp, source, out.Room());
  if (length == 0) {
    ++stats.silent;
    return;
  }
  ++stats.answers;
  const Fault fault = faults_.Of(QuestionHash(query), 0);
  out.Add(length).delay_us = fault.delay_us + static_cast<uint32_t>(wait_ns / 1000);
}

void Responder::RespondUdp(const QueryView& query, const Source& source, int64_t wait_ns, Replies& out,
                           ResponderStats& stats) {
  const uint64_t question = QuestionHash(query);
  const uint32_t asked_before = asks_.Ask(question);
  if (asked_before > 0) ++stats.repeated;
  stats.max_asks = std::max(stats.max_asks, asked_before + 1);
  const Fault fault = faults_.Of(question, asked_before);
  if (query.kind == QueryView::Kind::kQuestion) Forge(query, fault, out, stats);
  if (fault.query_lost) {
    ++stats.lost;
    return;
  }
  uint8_t* const room = out.Room();
  size_t length = answerer_.Answer(query, Via::kUdp, source, room);
  if (length == 0) {
    ++stats.silent;
    return;
  }
  if (fault.answer_lost) {
    ++stats.lost;
    return;
  }
  ++stats.answers;
  if ((room[2] & kTruncatedBit) != 0) ++stats.truncated;
  if (fault.corrupt) {
    ++stats.corrupt;
    length = Corrupt(room, length, fault.draw);
  }
  const auto wait_us = static_cast<uint32_t>(wait_ns / 1000);
  Reply& reply = out.Add(length);
  reply.delay_us = fault.delay_us + wait_us;
  reply.corrupt = fault.corrupt;
  if (fault.duplicate) {
    ++stats.duplicates;
    std::memcpy(out.Room(), room, length);
    Reply& second = out.Add(length);
    second.delay_us = fault.duplicate_delay_us + wait_us;
    second.corrupt = fault.corrupt;
  }
}

void Responder::RespondLimited(const QueryView& query, const Source& source, Replies& out,
                               ResponderStats& stats) {
  if (query.kind != QueryView::Kind::kQuestion) return;
  size_t length = 0;
  switch (limiter_.mode()) {
    case LimitMode::kDrop:
    case LimitMode::kQueue:
      return;
    case LimitMode::kSlip:
      if (stats.limited % 2 == 0) return;
      length = answerer_.Own(query, source, Rcode::kNoError, true, out.Room());
      ++stats.truncated;
      break;
    case LimitMode::kRefused:
      length = answerer_.Own(query, source, Rcode::kRefused, false, out.Room());
      break;
    case LimitMode::kServfail:
      length = answerer_.Own(query, source, Rcode::kServfail, false, out.Room());
      break;
  }
  ++stats.answers;
  out.Add(length);
}

void Responder::Forge(const QueryView& query, const Fault& fault, Replies& out, ResponderStats& stats) {
  const auto forge = [&] {
    ++stats.forged;
    uint8_t* const room = out.Room();
    const size_t length = answerer_.Bare(query, Rcode::kNxdomain, false, room);
    room[2] |= 0x04;  // AA, so that only id, question or source give it away.
    out.Add(length).forged = true;
    return std::span(room, length);
  };
  if (fault.wrong_id) ChangeId(forge().data(), fault.draw >> 16);
  if (fault.wrong_question) {
    const std::span<uint8_t> response = forge();
    ChangeQuestion(response.data(), response.size());
  }
  if (fault.spoof) {
    forge();
    out.replies_[out.count_ - 1].elsewhere = true;
  }
}

}  // namespace arpasim
