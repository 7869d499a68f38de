#include "codec/dns/referral.h"

#include <algorithm>
#include <cstring>

namespace codec::dns {
namespace {

using Section = Message::Section;

// Whether the owner of an NS record of the section could be read; `owner` is that of the first one.
enum class Found : uint8_t { kNone, kYes, kUnreadable };

Found FindNsOwner(const Message& message, Section section, Name& owner) {
  Message::Cursor cursor = message.records(section);
  Record record;
  while (cursor.Next(record)) {
    if (record.type != Type::kNs || record.klass != kClassIn) continue;
    size_t offset = record.owner;
    if (ReadName(message.bytes(), offset, owner) != ParseError::kNone) return Found::kUnreadable;
    LowerCase(owner);
    return Found::kYes;
  }
  return Found::kNone;
}

void AddNameServer(const Name& name, Referral& out) {
  const auto known = std::span(out.name_servers).first(out.name_server_count);
  const bool twice = std::ranges::any_of(
      known, [&name](const Name& other) { return EqualNames(name.view(), other.view()); });
  if (!twice && out.name_server_count < Referral::kMaxNameServers) {
    out.name_servers[out.name_server_count++].Assign(name.view());
  }
}

// The NS RRset of out.zone; a record that cannot be read is left out.
void ReadSet(const Message& message, Section section, Referral& out) {
  Message::Cursor cursor = message.records(section);
  Record record;
  while (cursor.Next(record)) {
    if (record.type != Type::kNs || record.klass != kClassIn) continue;
    if (!NameEquals(message.bytes(), record.owner, out.zone.view())) continue;
    Name target;
    if (message.ReadTarget(record, target) != ParseError::kNone) continue;
    LowerCase(target);
    out.ttl = out.name_server_count == 0 ? record.ttl : std::min(out.ttl, record.ttl);
    AddNameServer(target, out);
  }
}

void AddAddress(const Message& message, const Record& record, size_t name_server, Referral& out) {
  const std::span<const uint8_t> rdata = message.rdata(record);
  Referral::Address& address = out.addresses[out.address_count];
  address.name_server = static_cast<uint8_t>(name_server);
  address.octets = static_cast<uint8_t>(rdata.size());
  std::memcpy(address.bytes.data(), rdata.data(), rdata.size());
  const auto known = std::span(out.addresses).first(out.address_count);
  const bool twice = std::ranges::any_of(known, [&address](const Referral::Address& other) {
    return other.octets == address.octets && std::ranges::equal(other.view(), address.view());
  });
  if (!twice) ++out.address_count;
}

void ReadAddresses(const Message& message, NameView bailiwick, Referral& out) {
  Message::Cursor cursor = message.records(Section::kAdditional);
  Record record;
  while (out.address_count < Referral::kMaxAddresses && cursor.Next(record)) {
    const size_t octets = record.type == Type::kA ? 4 : record.type == Type::kAaaa ? 16 : 0;
    if (octets == 0 || record.klass != kClassIn || record.rdata_length != octets) continue;
    for (size_t i = 0; i < out.name_server_count; ++i) {
      const NameView name_server = out.name_servers[i].view();
      if (!IsSubdomain(name_server, bailiwick)) continue;
      if (!NameEquals(message.bytes(), record.owner, name_server)) continue;
      AddAddress(message, record, i, out);
      break;
    }
  }
}

void Clear(Referral& out) {
  out.zone.length = 0;
  out.ttl = 0;
  out.name_server_count = 0;
  out.address_count = 0;
}

}  // namespace

ReferralKind ReadReferral(const Message& message, NameView name, NameView asked_zone, Referral& out) {
  Clear(out);
  if (FindNsOwner(message, Section::kAuthority, out.zone) != Found::kYes) return ReferralKind::kMalformed;
  if (IsSubdomain(asked_zone, out.zone.view())) return ReferralKind::kUpward;
  if (!IsSubdomain(out.zone.view(), asked_zone) || !IsSubdomain(name, out.zone.view())) {
    return ReferralKind::kSideways;
  }
  ReadSet(message, Section::kAuthority, out);
  if (out.name_server_count == 0) return ReferralKind::kMalformed;
  ReadAddresses(message, asked_zone, out);
  return ReferralKind::kDown;
}

bool ReadNameServers(const Message& message, NameView zone, Referral& out) {
  Clear(out);
  out.zone.Assign(zone);
  ReadSet(message, Section::kAnswer, out);
  ReadAddresses(message, zone, out);
  return out.name_server_count != 0;
}

bool ReadDataZone(const Message& message, NameView name, NameView asked_zone, Name& out) {
  return FindNsOwner(message, Section::kAuthority, out) == Found::kYes &&
         IsSubdomain(out.view(), asked_zone) && IsSubdomain(name, out.view());
}

}  // namespace codec::dns
