#include "codec/dns/message.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "codec/dns/wire_reader.h"

namespace codec::dns {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr size_t kQuestionTailOctets = 4;  // Type and class.
constexpr size_t kMaxMessageOctets = 65535;
constexpr uint16_t kResponse = 0x8000;
constexpr uint16_t kOpcodeMask = 0x7800;
constexpr uint16_t kRcodeMask = 0x000F;

ParseError ReadOpt(std::span<const uint8_t> bytes, const Record& record, Edns& out) {
  out.udp_size = record.klass;
  out.version = static_cast<uint8_t>(record.ttl >> 16);
  out.dnssec_ok = (record.ttl & 0x8000) != 0;
  const std::span<const uint8_t> options = bytes.subspan(record.rdata, record.rdata_length);
  return options.empty() ? ParseError::kNone : ReadOptions(options, out);
}

// A name that ends inside its RDATA's bounds; how it can fail to is RDATA that does not fit.
ParseError ReadNameInRdata(std::span<const uint8_t> message, size_t& offset, size_t rdata_end, Name& out) {
  const ParseError fault = ReadName(message.first(rdata_end), offset, out);
  return fault == ParseError::kTruncated ? ParseError::kRdataLength : fault;
}

}  // namespace

std::optional<uint16_t> Message::PeekId(std::span<const uint8_t> bytes) {
  if (bytes.size() < 2) return std::nullopt;
  return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

ParseError Message::Parse(std::span<const uint8_t> bytes, Message& out) {
  out.bytes_ = bytes.first(std::min(bytes.size(), kMaxMessageOctets));
  out.edns_.reset();
  out.has_question_ = false;
  std::array<uint8_t, kHeaderOctets> header{};
  if (bytes.size() >= kHeaderOctets) {
    std::memcpy(header.data(), bytes.data(), kHeaderOctets);
  } else {
    std::copy(bytes.begin(), bytes.end(), header.begin());
  }
  out.id_ = LoadU16(&header[0]);
  out.flags_ = LoadU16(&header[2]);
  out.rcode_ = static_cast<Rcode>(out.flags_ & kRcodeMask);
  const uint16_t questions = LoadU16(&header[4]);
  out.counts_ = {LoadU16(&header[6]), LoadU16(&header[8]), LoadU16(&header[10])};
  if (bytes.size() < kHeaderOctets) return ParseError::kTruncated;
  if ((out.flags_ & kResponse) == 0) return ParseError::kNotAResponse;
  if ((out.flags_ & kOpcodeMask) != 0) return ParseError::kOpcode;
  if (questions > 1) return ParseError::kQuestionCount;
  if (bytes.size() > kMaxMessageOctets) return ParseError::kTrailingOctets;
  size_t offset = kHeaderOctets;
  if (questions == 1) {
    if (const ParseError fault = SkipName(bytes, offset); fault != ParseError::kNone) return fault;
    if (bytes.size() - offset < kQuestionTailOctets) return ParseError::kTruncated;
    offset += kQuestionTailOctets;
    out.has_question_ = true;
  }
  out.question_end_ = static_cast<uint16_t>(offset);
  return out.ParseRecords(offset);
}

ParseError Message::ParseRecords(size_t offset) {
  bool cut = false;
  for (size_t section = 0; section < 3; ++section) {
    offsets_[section] = static_cast<uint16_t>(offset);
    const uint16_t announced = cut ? uint16_t{0} : counts_[section];
    uint16_t readable = 0;
    for (uint16_t i = 0; i < announced; ++i) {
      Record record;
      const ParseError fault = ReadRecord(bytes_, offset, record);
      if (fault == ParseError::kTruncated && truncated()) {
        cut = true;
        break;
      }
      if (fault != ParseError::kNone) return fault;
      if (record.type != Type::kOpt) {
        ++readable;
        continue;
      }
      if (static_cast<Section>(section) != Section::kAdditional || edns_.has_value() ||
          bytes_[record.owner] != 0) {
        return ParseError::kOptMisplaced;
      }
      rcode_ = static_cast<Rcode>(static_cast<uint16_t>(rcode_) | (record.ttl >> 24) << 4);
      const ParseError option_fault = ReadOpt(bytes_, record, edns_.emplace());
      if (option_fault != ParseError::kNone) return option_fault;
    }
    counts_[section] = readable;
  }
  return cut || offset == bytes_.size() ? ParseError::kNone : ParseError::kTrailingOctets;
}

bool Message::QuestionIs(NameView name, Type type) const {
  if (!has_question_) return false;
  const uint8_t* const tail = bytes_.data() + question_end_ - kQuestionTailOctets;
  return static_cast<Type>(LoadU16(tail)) == type && LoadU16(tail + 2) == kClassIn &&
         NameEquals(bytes_, kHeaderOctets, name);
}

bool Message::QuestionCaseIs(NameView name) const {
  return has_question_ && bytes_.size() - kHeaderOctets >= name.size() &&
         std::memcmp(bytes_.data() + kHeaderOctets, name.data(), name.size()) == 0;
}

Message::Cursor Message::records(Section section) const {
  Cursor cursor;
  cursor.message_ = this;
  cursor.offset_ = offsets_[static_cast<size_t>(section)];
  cursor.left_ = count(section);
  return cursor;
}

ParseError Message::ReadTarget(const Record& record, Name& out) const {
  size_t offset = record.rdata;
  const size_t end = offset + record.rdata_length;
  if (const ParseError fault = ReadNameInRdata(bytes_, offset, end, out); fault != ParseError::kNone)
    return fault;
  return offset == end ? ParseError::kNone : ParseError::kRdataLength;
}

ParseError Message::ReadSoa(const Record& record, Soa& out) const {
  size_t offset = record.rdata;
  const size_t end = offset + record.rdata_length;
  for (Name* const name : {&out.mname, &out.rname}) {
    const ParseError fault = ReadNameInRdata(bytes_, offset, end, *name);
    if (fault != ParseError::kNone) return fault;
  }
  WireReader in(bytes_.first(end), offset);
  for (uint32_t* const field : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum}) {
    *field = in.ReadU32();
  }
  return in.ok() && in.left() == 0 ? ParseError::kNone : ParseError::kRdataLength;
}

}  // namespace codec::dns
