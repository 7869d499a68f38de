#include "tools/arpasim/core/response_writer.h"

#include <cassert>

namespace arpasim {
namespace {

using codec::dns::Option;
using codec::dns::Type;

// Most octets of one record: owner pointer, fixed part, two names.
constexpr size_t kRecordRoom = 2 + 10 + 2 * codec::dns::kMaxNameOctets + 20;

void Store16(uint8_t* at, size_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

uint16_t Pointer(uint16_t offset) { return static_cast<uint16_t>(0xC000 | offset); }

}  // namespace

ResponseWriter::ResponseWriter(const QueryView& query, uint8_t* out) : out_(out), at_(12) {
  std::memset(out_, 0, 12);
  Store16(out_, query.id);
  out_[2] = static_cast<uint8_t>(0x80 | (query.recursion_desired ? 0x01 : 0));
  out_[5] = query.question.empty() ? 0 : 1;
  if (!query.question.empty()) Put(query.question);
  question_end_ = at_;
}

void ResponseWriter::SetOpt(const Opt& opt) {
  uint8_t* const start = opt_.data();
  uint8_t* at = start + 11;
  std::memset(start, 0, 11);
  Store16(start + 1, static_cast<uint16_t>(Type::kOpt));
  Store16(start + 3, opt.udp_size);
  start[5] = opt.extended_rcode;
  if (!opt.cookie.empty()) {
    Store16(at, static_cast<uint16_t>(Option::kCookie));
    Store16(at + 2, opt.cookie.size());
    std::memcpy(at + 4, opt.cookie.data(), opt.cookie.size());
    at += 4 + opt.cookie.size();
  }
  if (opt.ede != Opt::kNoEde) {
    constexpr std::string_view kText = "synthetic";
    Store16(at, static_cast<uint16_t>(Option::kEde));
    Store16(at + 2, 2 + kText.size());
    Store16(at + 4, opt.ede);
    std::memcpy(at + 6, kText.data(), kText.size());
    at += 6 + kText.size();
  }
  opt_length_ = static_cast<size_t>(at - start);
  assert(opt_length_ <= opt_.size());
  Store16(start + 9, opt_length_ - 11);
}

void ResponseWriter::BeginRecord(uint16_t owner, Type type, uint32_t ttl) {
  assert(at_ + kRecordRoom + opt_.size() <= kMaxOctets);
  Put16(Pointer(owner));
  Put16(static_cast<uint16_t>(type));
  Put16(codec::dns::kClassIn);
  Put32(ttl);
  Put16(0);
  rdata_ = at_;
}

void ResponseWriter::EndRecord(Section section) {
  Store16(out_ + rdata_ - 2, at_ - rdata_);
  ++counts_[static_cast<size_t>(section)];
  if (wholes_ < whole_.size()) whole_[wholes_++] = {static_cast<uint16_t>(at_), counts_};
}

uint16_t ResponseWriter::NameRecord(Section section, uint16_t owner, Type type, uint32_t ttl,
                                    NameView target) {
  BeginRecord(owner, type, ttl);
  const auto offset = static_cast<uint16_t>(at_);
  Put(target);
  EndRecord(section);
  return offset;
}

void ResponseWriter::CompressedNameRecord(uint16_t owner, Type type, uint32_t ttl, NameView target,
                                          size_t shared, uint16_t suffix) {
  BeginRecord(owner, type, ttl);
  Put(target.first(target.size() - shared));
  Put16(Pointer(suffix));
  EndRecord(Section::kAnswer);
}

void ResponseWriter::DataRecord(uint16_t owner, Type type, uint32_t ttl, std::span<const uint8_t> rdata) {
  BeginRecord(owner, type, ttl);
  Put(rdata);
  EndRecord(Section::kAnswer);
}

void ResponseWriter::Soa(uint16_t owner, uint32_t ttl, uint32_t minimum) {
  BeginRecord(owner, Type::kSoa, ttl);
  Put8(2);
  Put8('n');
  Put8('s');
  Put16(Pointer(owner));
  Put8(4);
  Put8('h');
  Put8('o');
  Put8('s');
  Put8('t');
  Put16(Pointer(owner));
  Put32(1);
  Put32(7200);
  Put32(900);
  Put32(1'209'600);
  Put32(minimum);
  EndRecord(Section::kAuthority);
}

void ResponseWriter::Referral() {
  constexpr std::array<uint8_t, 19> kRecord = {0, 0, 2,   0, 1,   0,   7,   0xE9, 0, 0,
                                               8, 1, 'a', 4, 'r', 'o', 'o', 't',  0};
  Put(kRecord);
  ++counts_[static_cast<size_t>(Section::kAuthority)];
}

size_t ResponseWriter::Finish(const Flags& flags, size_t limit, bool keep_partial) {
  if (flags.authoritative) out_[2] |= 0x04;
  out_[3] = static_cast<uint8_t>((flags.recursion_available ? 0x80 : 0) | flags.rcode);
  if (at_ + opt_length_ > limit) {
    out_[2] |= 0x02;
    at_ = question_end_;
    counts_ = {};
    for (size_t i = 0; keep_partial && i < wholes_ && whole_[i].end + opt_length_ <= limit; ++i) {
      at_ = whole_[i].end;
      counts_ = whole_[i].counts;
    }
  }
  Store16(out_ + 6, counts_[0]);
  Store16(out_ + 8, counts_[1]);
  if (opt_length_ > 0) {
    out_[11] = 1;
    Put(std::span(opt_).first(opt_length_));
  }
  return at_;
}

}  // namespace arpasim
