#include "codec/dns/answer.h"

#include <algorithm>
#include <array>

namespace codec::dns {
namespace {

using Section = Message::Section;

void LowerTtl(uint32_t ttl, Answer& out) {
  out.ttl = out.has_ttl ? std::min(out.ttl, ttl) : ttl;
  out.has_ttl = true;
}

AnswerKind Fail(ParseError fault, Answer& out) {
  out.fault = fault;
  return AnswerKind::kMalformed;
}

// Counts the records of `type` at out.owner.
bool FindData(const Message& message, Type type, Answer& out) {
  Message::Cursor cursor = message.records(Section::kAnswer);
  Record record;
  while (cursor.Next(record)) {
    if (record.type != type || record.klass != kClassIn) continue;
    if (!NameEquals(message.bytes(), record.owner, out.owner.view())) continue;
    if (out.records++ == 0) out.first = record;
    LowerTtl(record.ttl, out);
  }
  return out.records > 0;
}

// The aliases of one name in the answer section.
struct Aliases {
  std::optional<Record> cname;
  std::optional<Record>
      dname;  // The one nearest the root: there is nothing below a DNAME (RFC 6672 section 2.4).
  Name dname_owner;
};

// `fault` is that of the first owner that cannot be read: whose record that is cannot be told.
Aliases FindAliases(const Message& message, NameView name, ParseError& fault) {
  Aliases found;
  Message::Cursor cursor = message.records(Section::kAnswer);
  Record record;
  while (cursor.Next(record)) {
    if (record.klass != kClassIn || (record.type != Type::kCname && record.type != Type::kDname)) continue;
    Name owner;
    size_t offset = record.owner;
    fault = ReadName(message.bytes(), offset, owner);
    if (fault != ParseError::kNone) return found;
    if (record.type == Type::kCname) {
      if (!found.cname.has_value() && EqualNames(owner.view(), name)) found.cname = record;
    } else if (owner.length < name.size() && IsSubdomain(name, owner.view()) &&
               (!found.dname.has_value() || owner.length < found.dname_owner.length)) {
      found.dname = record;
      found.dname_owner = owner;
    }
  }
  return found;
}

enum class Step : uint8_t { kEnd, kMoved, kTooLong, kMalformed };

// Moves out.owner along one alias, if it has one. A DNAME decides over its synthesized CNAME, which may be
// absent.
Step FollowAlias(const Message& message, Answer& out) {
  const Aliases aliases = FindAliases(message, out.owner.view(), out.fault);
  if (out.fault != ParseError::kNone) return Step::kMalformed;
  if (!aliases.dname.has_value() && !aliases.cname.has_value()) return Step::kEnd;
  Name target;
  out.fault = message.ReadTarget(aliases.dname.has_value() ? *aliases.dname : *aliases.cname, target);
  if (out.fault != ParseError::kNone) return Step::kMalformed;
  if (aliases.cname.has_value()) LowerTtl(aliases.cname->ttl, out);
  if (aliases.dname.has_value()) {
    LowerTtl(aliases.dname->ttl, out);
    const std::optional<Name> moved =
        SubstituteSuffix(out.owner.view(), aliases.dname_owner.view(), target.view());
    if (!moved.has_value()) return Step::kTooLong;
    target = *moved;
  }
  if (out.aliases == Answer::kMaxAliases) return Step::kTooLong;
  ++out.aliases;
  out.owner = target;
  return Step::kMoved;
}

// Whether a record of `type` in the answer section might be the answer, but has an owner that cannot be read.
ParseError FindUnreadableOwner(const Message& message, Type type) {
  Message::Cursor cursor = message.records(Section::kAnswer);
  Record record;
  while (cursor.Next(record)) {
    if (record.type != type || record.klass != kClassIn) continue;
    Name owner;
    size_t offset = record.owner;
    const ParseError fault = ReadName(message.bytes(), offset, owner);
    if (fault != ParseError::kNone) return fault;
  }
  return ParseError::kNone;
}

bool HasRecord(const Message& message, Section section, Type type) {
  Message::Cursor cursor = message.records(section);
  Record record;
  while (cursor.Next(record)) {
    if (record.type == type && record.klass == kClassIn) return true;
  }
  return false;
}

// Takes the SOA that speaks for out.owner, if there is one.
ParseError ReadZone(const Message& message, Answer& out) {
  Message::Cursor cursor = message.records(Section::kAuthority);
  Record record;
  while (cursor.Next(record)) {
    if (record.type != Type::kSoa || record.klass != kClassIn) continue;
    size_t offset = record.owner;
    ParseError fault = ReadName(message.bytes(), offset, out.zone);
    if (fault != ParseError::kNone) return fault;
    if (!IsSubdomain(out.owner.view(), out.zone.view())) continue;
    Message::Soa soa;
    fault = message.ReadSoa(record, soa);
    if (fault != ParseError::kNone) return fault;
    out.has_zone = true;
    LowerTtl(std::min(record.ttl, soa.minimum), out);
    return ParseError::kNone;
  }
  out.zone.length = 0;
  return ParseError::kNone;
}

// What it means that out.owner has no data and no alias here.
AnswerKind ReadAbsence(const Message& message, Type type, Answer& out) {
  ParseError fault = FindUnreadableOwner(message, type);
  if (fault == ParseError::kNone) fault = ReadZone(message, out);
  if (fault != ParseError::kNone) return Fail(fault, out);
  if (message.rcode() == Rcode::kNxdomain) return AnswerKind::kNxdomain;
  if (out.has_zone) return AnswerKind::kNodata;
  if (out.aliases > 0) return AnswerKind::kAlias;
  return HasRecord(message, Section::kAuthority, Type::kNs) ? AnswerKind::kReferral : AnswerKind::kNodata;
}

// Follows the aliases of an answer that has no data at the question's name.
AnswerKind FollowAliases(const Message& message, Type type, NameView zone, Answer& out) {
  std::array<Name, Answer::kMaxAliases> seen;
  while (true) {
    if (out.aliases < seen.size()) seen[out.aliases].Assign(out.owner.view());
    const uint8_t followed = out.aliases;
    switch (FollowAlias(message, out)) {
      case Step::kEnd:
        return ReadAbsence(message, type, out);
      case Step::kTooLong:
        return AnswerKind::kTooLong;
      case Step::kMalformed:
        return AnswerKind::kMalformed;
      case Step::kMoved:
        break;
    }
    for (size_t i = 0; i <= followed; ++i) {
      if (EqualNames(seen[i].view(), out.owner.view())) return AnswerKind::kLoop;
    }
    if (!zone.empty() && !IsSubdomain(out.owner.view(), zone)) return AnswerKind::kAlias;
    if (FindData(message, type, out)) return AnswerKind::kData;
  }
}

AnswerKind Classify(const Message& message, Type type, NameView zone, Answer& out) {
  const Rcode rcode = message.rcode();
  if (rcode != Rcode::kNoError && rcode != Rcode::kNxdomain) {
    return rcode == Rcode::kYxdomain && HasRecord(message, Section::kAnswer, Type::kDname)
               ? AnswerKind::kTooLong
               : AnswerKind::kError;
  }
  if (message.truncated()) return AnswerKind::kTruncated;
  if (message.count(Section::kAnswer) == 0) return ReadAbsence(message, type, out);
  if (FindData(message, type, out)) return AnswerKind::kData;
  return FollowAliases(message, type, zone, out);
}

}  // namespace

void Interpret(const Message& message, NameView name, Type type, Answer& out, NameView zone) {
  out.fault = ParseError::kNone;
  out.owner.Assign(name);
  out.aliases = 0;
  out.records = 0;
  out.ttl = 0;
  out.has_ttl = false;
  out.has_zone = false;
  out.zone.length = 0;
  out.kind = Classify(message, type, zone, out);
}

DataCursor::DataCursor(const Message& message, const Answer& answer, Type type)
    : message_(message),
      answer_(answer),
      cursor_(message.records(Section::kAnswer)),
      type_(type),
      left_(answer.records) {}

bool DataCursor::Next(Record& out) {
  if (left_ == 0) return false;
  if (left_-- == answer_.records) {
    out = answer_.first;
    return true;
  }
  while (cursor_.Next(out)) {
    if (out.rdata > answer_.first.rdata && out.type == type_ && out.klass == kClassIn &&
        NameEquals(message_.bytes(), out.owner, answer_.owner.view())) {
      return true;
    }
  }
  return false;
}

}  // namespace codec::dns
