#include "tests/codec/dns/ldns_oracle.h"

#include <algorithm>
#include <array>
#include <optional>

#include "codec/dns/name.h"
#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

bool SameOctets(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool IsName(std::span<const uint8_t> message, size_t offset, const ldns_rdf* name) {
  Name ours;
  return ReadName(message, offset, ours) == ParseError::kNone && SameOctets(ours.view(), FieldOctets(name));
}

std::span<const uint8_t> RecordField(const ldns_rr* record, size_t index) {
  return index < ldns_rr_rd_count(record) ? FieldOctets(ldns_rr_rdf(record, index))
                                          : std::span<const uint8_t>();
}

std::string CompareFlags(const Message& ours, const ldns_pkt* theirs) {
  if (ours.id() != ldns_pkt_id(theirs)) return "id";
  if (ours.authoritative() != ldns_pkt_aa(theirs)) return "AA";
  if (ours.truncated() != ldns_pkt_tc(theirs)) return "TC";
  if (ours.recursion_available() != ldns_pkt_ra(theirs)) return "RA";
  return ours.authenticated() == ldns_pkt_ad(theirs) ? "" : "AD";
}

std::string CompareQuestion(const Message& ours, const ldns_pkt* theirs) {
  const ldns_rr_list* const questions = ldns_pkt_question(theirs);
  const size_t count = ldns_rr_list_rr_count(questions);
  if (ours.has_question() != (count == 1)) return "QDCOUNT";
  if (count == 0) return "";
  const ldns_rr* const question = ldns_rr_list_rr(questions, 0);
  const auto type = static_cast<Type>(ldns_rr_get_type(question));
  const NameView name = FieldOctets(ldns_rr_owner(question));
  if (ours.QuestionIs(name, type) != (ldns_rr_get_class(question) == LDNS_RR_CLASS_IN)) return "question";
  return IsName(ours.bytes(), 12, ldns_rr_owner(question)) ? "" : "question's name";
}

std::string CompareOptions(const Edns& ours, ldns_pkt* theirs) {
  std::optional<uint16_t> ede;
  std::span<const uint8_t> cookie;
  std::span<const uint8_t> nsid;
  const ldns_edns_option_list* const list = ldns_pkt_edns_get_option_list(theirs);
  const size_t count = list == nullptr ? 0 : ldns_edns_option_list_get_count(list);
  for (size_t i = 0; i < count; ++i) {
    const ldns_edns_option* const option = ldns_edns_option_list_get_option(list, i);
    const std::span data(ldns_edns_get_data(option), ldns_edns_get_size(option));
    const auto code = static_cast<Option>(ldns_edns_get_code(option));
    const bool cookie_fits = data.size() == 8 || (data.size() >= 16 && data.size() <= 40);
    if (code == Option::kEde && data.size() >= 2 && !ede) ede = static_cast<uint16_t>(data[0] << 8 | data[1]);
    if (code == Option::kCookie && cookie_fits && cookie.empty()) cookie = data;
    if (code == Option::kNsid && nsid.empty()) nsid = data;
  }
  if (ours.ede != ede) return "EDE";
  if (!SameOctets(ours.cookie, cookie)) return "cookie";
  return SameOctets(ours.nsid, nsid) ? "" : "NSID";
}

std::string CompareEdns(const Message& ours, ldns_pkt* theirs) {
  const uint32_t rcode = static_cast<uint32_t>(ldns_pkt_get_rcode(theirs)) |
                         static_cast<uint32_t>(ldns_pkt_edns_extended_rcode(theirs)) << 4;
  if (static_cast<uint32_t>(ours.rcode()) != rcode) return "RCODE";
  if (!ours.edns().has_value()) return ldns_pkt_edns(theirs) ? "OPT" : "";
  const Edns& edns = *ours.edns();
  if (edns.udp_size != ldns_pkt_edns_udp_size(theirs)) return "UDP size";
  if (edns.version != ldns_pkt_edns_version(theirs)) return "EDNS version";
  if (edns.dnssec_ok != ldns_pkt_edns_do(theirs)) return "DO";
  return CompareOptions(edns, theirs);
}

// Whether ldns read the whole RDATA and nothing behind it. Where it did not, it takes what follows the last
// field that it read for the next record.
bool KeptItsPlace(const Message& message, const Record& ours, const ldns_rr* theirs) {
  size_t offset = ours.rdata;
  for (size_t i = 0; i < ldns_rr_rd_count(theirs); ++i) {
    const ldns_rdf* const field = ldns_rr_rdf(theirs, i);
    if (ldns_rdf_get_type(field) != LDNS_RDF_TYPE_DNAME) {
      offset += ldns_rdf_size(field);
    } else if (SkipName(message.bytes(), offset) != ParseError::kNone) {
      return false;  // It follows forward pointers.
    }
  }
  return offset == size_t{ours.rdata} + ours.rdata_length;
}

// ldns follows pointers forward, and backward ones to labels that run on beyond the RDATA.
bool TheyAreLaxer(ParseError fault) {
  return fault == ParseError::kForwardPointer || fault == ParseError::kRdataLength;
}

std::string CompareTarget(const Message& message, const Record& ours, const ldns_rr* theirs) {
  Name target;
  const ParseError fault = message.ReadTarget(ours, target);
  if (fault != ParseError::kNone) return TheyAreLaxer(fault) ? "" : "a target that only they read";
  return SameOctets(target.view(), RecordField(theirs, 0)) ? "" : "target";
}

std::string CompareSoa(const Message& message, const Record& ours, const ldns_rr* theirs) {
  Message::Soa soa;
  const ParseError fault = message.ReadSoa(ours, soa);
  if (fault != ParseError::kNone) return TheyAreLaxer(fault) ? "" : "an SOA that only they read";
  if (!SameOctets(soa.mname.view(), RecordField(theirs, 0))) return "MNAME";
  if (!SameOctets(soa.rname.view(), RecordField(theirs, 1))) return "RNAME";
  size_t index = 2;
  for (const uint32_t number : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum}) {
    std::vector<uint8_t> octets;
    Append32(octets, number);
    if (!SameOctets(octets, RecordField(theirs, index++))) return "SOA number";
  }
  return "";
}

std::string CompareOwner(const Message& message, const Record& ours, const ldns_rr* theirs) {
  if (!IsName(message.bytes(), ours.owner, ldns_rr_owner(theirs))) return "owner";
  if (!NameEquals(message.bytes(), ours.owner, FieldOctets(ldns_rr_owner(theirs)))) return "owner's equality";
  if (static_cast<uint32_t>(ours.type) != static_cast<uint32_t>(ldns_rr_get_type(theirs))) return "type";
  if (ours.klass != ldns_rr_get_class(theirs)) return "class";
  const uint32_t ttl = ldns_rr_ttl(theirs);
  return ours.ttl == (ttl > INT32_MAX ? 0 : ttl) ? "" : "TTL";
}

std::string CompareRdata(const Message& message, const Record& ours, const ldns_rr* theirs) {
  switch (static_cast<int>(ours.type)) {
    case static_cast<int>(Type::kA):
    case static_cast<int>(Type::kAaaa):
      return SameOctets(message.rdata(ours), RecordField(theirs, 0)) ? "" : "address";
    case static_cast<int>(Type::kPtr):
    case static_cast<int>(Type::kNs):
    case static_cast<int>(Type::kCname):
    case static_cast<int>(Type::kDname):
      return CompareTarget(message, ours, theirs);
    case static_cast<int>(Type::kSoa):
      return CompareSoa(message, ours, theirs);
    default:
      return "";
  }
}

std::string CompareSection(const Message& ours, Message::Section section, const ldns_rr_list* theirs,
                           bool& lost) {
  const size_t count = ldns_rr_list_rr_count(theirs);
  Message::Cursor cursor = ours.records(section);
  for (size_t i = 0; i < count; ++i) {
    Record record;
    if (!cursor.Next(record)) return "a record that only they read";
    const std::string difference = CompareOwner(ours, record, ldns_rr_list_rr(theirs, i));
    if (!difference.empty()) return difference;
    lost = !KeptItsPlace(ours, record, ldns_rr_list_rr(theirs, i));
    if (lost) return "";
    const std::string rdata_difference = CompareRdata(ours, record, ldns_rr_list_rr(theirs, i));
    if (!rdata_difference.empty()) return rdata_difference;
  }
  return ours.count(section) == count ? "" : "a record that only we read";
}

// Records of types that we do not read; their owner is replaced.
constexpr std::array<const char*, 18> kOtherRecords = {
    "x. 60 IN RRSIG PTR 8 5 3600 20300101000000 20200101000000 12345 example. AAECAwQFBgcICQ==",
    "x. 60 IN DS 12345 8 2 0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20",
    "x. 60 IN DNSKEY 257 3 8 AwEAAQ==",
    "x. 60 IN NSEC y.example. PTR RRSIG NSEC",
    "x. 60 IN NSEC3 1 0 0 - 0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM PTR RRSIG",
    "x. 60 IN NSEC3PARAM 1 0 0 -",
    "x. 60 IN CAA 0 issue \"ca.example\"",
    "x. 60 IN NAPTR 10 20 \"u\" \"sip\" \"!^.*$!sip:x!\" .",
    "x. 60 IN TLSA 3 1 1 0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20",
    "x. 60 IN SSHFP 1 1 0102030405060708090A0B0C0D0E0F1011121314",
    "x. 60 IN LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
    "x. 60 IN HINFO \"cpu\" \"os\"",
    "x. 60 IN MINFO a.example. b.example.",
    "x. 60 IN RP a.example. b.example.",
    "x. 60 IN AFSDB 1 a.example.",
    "x. 60 IN SPF \"v=spf1 -all\"",
    "x. 60 IN URI 10 1 \"https://example/\"",
    "x. 60 IN TYPE65280 \\# 3 010203",
};

ldns_rdf* NewField(ldns_rdf_type type, std::span<const uint8_t> octets) {
  return ldns_rdf_new_frm_data(type, octets.size(), octets.data());
}

}  // namespace

LdnsPacket LdnsParse(std::span<const uint8_t> message) {
  ldns_pkt* packet = nullptr;
  if (ldns_wire2pkt(&packet, message.data(), message.size()) != LDNS_STATUS_OK) return nullptr;
  return LdnsPacket(packet);
}

std::span<const uint8_t> FieldOctets(const ldns_rdf* field) {
  return {ldns_rdf_data(field), ldns_rdf_size(field)};
}

std::string Disagreement(const Message& ours, ldns_pkt* theirs, bool& lost) {
  lost = false;
  std::string difference = CompareFlags(ours, theirs);
  if (difference.empty()) difference = CompareQuestion(ours, theirs);
  const std::array<const ldns_rr_list*, 3> sections = {ldns_pkt_answer(theirs), ldns_pkt_authority(theirs),
                                                       ldns_pkt_additional(theirs)};
  for (size_t i = 0; i < sections.size() && difference.empty() && !lost; ++i) {
    difference = CompareSection(ours, static_cast<Message::Section>(i), sections[i], lost);
  }
  if (difference.empty() && !lost) difference = CompareEdns(ours, theirs);
  return difference;
}

LdnsGenerator::LdnsGenerator(uint64_t seed) : random_(seed) {}

std::vector<uint8_t> LdnsGenerator::DrawName() {
  constexpr size_t kMaxLabels = 5;
  std::vector<uint8_t> labels;
  for (uint64_t left = Draw(kMaxLabels); left > 0; --left) {
    const size_t octets = Draw(8) == 0 ? 1 + Draw(63) : 1 + Draw(10);
    labels.push_back(static_cast<uint8_t>(octets));
    const bool any = Draw(8) == 0;
    for (size_t i = 0; i < octets; ++i)
      labels.push_back(static_cast<uint8_t>(any ? Draw(256) : 'a' + Draw(26)));
  }
  const std::vector<uint8_t> root = {0};
  const std::vector<uint8_t>& suffix = suffixes_.empty() ? root : suffixes_[Draw(suffixes_.size())];
  if (labels.size() + suffix.size() > kMaxNameOctets) return suffix;
  Append(labels, suffix);
  return labels;
}

ldns_rdf* LdnsGenerator::DrawNameField() { return NewField(LDNS_RDF_TYPE_DNAME, DrawName()); }

LdnsRecord LdnsGenerator::DrawRecord() {
  constexpr std::array kTypes = {LDNS_RR_TYPE_A,   LDNS_RR_TYPE_AAAA,  LDNS_RR_TYPE_NS,  LDNS_RR_TYPE_CNAME,
                                 LDNS_RR_TYPE_PTR, LDNS_RR_TYPE_DNAME, LDNS_RR_TYPE_SOA, LDNS_RR_TYPE_MX,
                                 LDNS_RR_TYPE_TXT, LDNS_RR_TYPE_SRV};
  ldns_rr* record = nullptr;
  const size_t kind = Draw(kTypes.size() + 4);
  if (kind >= kTypes.size()) {
    if (ldns_rr_new_frm_str(&record, kOtherRecords[Draw(kOtherRecords.size())], 0, nullptr, nullptr) !=
        LDNS_STATUS_OK) {
      return nullptr;
    }
    ldns_rdf_deep_free(ldns_rr_owner(record));
  } else {
    record = ldns_rr_new();
    ldns_rr_set_type(record, kTypes[kind]);
    std::array<uint8_t, 16> octets;
    for (uint8_t& octet : octets) octet = static_cast<uint8_t>(Draw(256));
    const auto push = [&](ldns_rdf* field) { ldns_rr_push_rdf(record, field); };
    const auto push16 = [&] {
      push(ldns_native2rdf_int16(LDNS_RDF_TYPE_INT16, static_cast<uint16_t>(Draw(65536))));
    };
    const auto push32 = [&](ldns_rdf_type type) {
      push(ldns_native2rdf_int32(type, static_cast<uint32_t>(random_())));
    };
    if (kTypes[kind] == LDNS_RR_TYPE_A) {
      push(NewField(LDNS_RDF_TYPE_A, std::span(octets).first(4)));
    } else if (kTypes[kind] == LDNS_RR_TYPE_AAAA) {
      push(NewField(LDNS_RDF_TYPE_AAAA, octets));
    } else if (kTypes[kind] == LDNS_RR_TYPE_TXT) {
      octets[0] = 15;
      push(NewField(LDNS_RDF_TYPE_STR, octets));
    } else if (kTypes[kind] == LDNS_RR_TYPE_SOA) {
      push(DrawNameField());
      push(DrawNameField());
      push32(LDNS_RDF_TYPE_INT32);
      for (int i = 0; i < 4; ++i) push32(LDNS_RDF_TYPE_PERIOD);
    } else {
      if (kTypes[kind] == LDNS_RR_TYPE_MX) push16();
      for (int i = 0; i < 3 && kTypes[kind] == LDNS_RR_TYPE_SRV; ++i) push16();
      push(DrawNameField());
    }
  }
  ldns_rr_set_owner(record, DrawNameField());
  ldns_rr_set_ttl(record, static_cast<uint32_t>(Draw(4) == 0 ? random_() : Draw(86400)));
  ldns_rr_set_class(record, Draw(16) == 0 ? LDNS_RR_CLASS_CH : LDNS_RR_CLASS_IN);
  return LdnsRecord(record);
}

void LdnsGenerator::Refill() {
  constexpr size_t kSuffixes = 8;
  constexpr size_t kRecords = 300;
  constexpr int kResponses = 1500;
  suffixes_.clear();
  while (suffixes_.size() < kSuffixes) suffixes_.push_back(DrawName());
  records_.clear();
  while (records_.size() < kRecords) {
    LdnsRecord record = DrawRecord();
    if (record != nullptr) records_.push_back(std::move(record));
  }
  responses_left_ = kResponses;
}

void LdnsGenerator::AddEdns(ldns_pkt* packet) {
  ldns_pkt_set_edns_udp_size(packet, static_cast<uint16_t>(512 + Draw(65024)));
  ldns_pkt_set_edns_do(packet, Draw(2) == 0);
  if (Draw(4) == 0) ldns_pkt_set_edns_extended_rcode(packet, static_cast<uint8_t>(Draw(256)));
  constexpr std::array<uint16_t, 5> kCodes = {3, 10, 15, 12, 65001};
  std::vector<uint8_t> options;
  for (uint64_t left = Draw(4); left > 0; --left) {
    const auto length = static_cast<uint16_t>(Draw(44));
    Append16(options, kCodes[Draw(kCodes.size())]);
    Append16(options, length);
    for (uint16_t i = 0; i < length; ++i) options.push_back(static_cast<uint8_t>(Draw(256)));
  }
  if (!options.empty()) ldns_pkt_set_edns_data(packet, NewField(LDNS_RDF_TYPE_NONE, options));
}

std::vector<uint8_t> LdnsGenerator::DrawResponse() {
  if (responses_left_ == 0) Refill();
  --responses_left_;
  const LdnsPacket packet(ldns_pkt_new());
  ldns_pkt_set_id(packet.get(), static_cast<uint16_t>(Draw(65536)));
  ldns_pkt_set_qr(packet.get(), true);
  ldns_pkt_set_aa(packet.get(), Draw(2) == 0);
  ldns_pkt_set_tc(packet.get(), Draw(8) == 0);
  ldns_pkt_set_rd(packet.get(), Draw(2) == 0);
  ldns_pkt_set_ra(packet.get(), Draw(2) == 0);
  ldns_pkt_set_ad(packet.get(), Draw(2) == 0);
  ldns_pkt_set_rcode(packet.get(), static_cast<uint8_t>(Draw(2) == 0 ? 0 : Draw(16)));
  const auto push = [&](ldns_pkt_section section, ldns_rr* record) {
    ldns_pkt_push_rr(packet.get(), section, record);
  };
  if (Draw(16) != 0) {
    ldns_rr* const question = ldns_rr_clone(records_[Draw(records_.size())].get());
    ldns_rr_set_question(question, true);
    push(LDNS_SECTION_QUESTION, question);
  }
  for (const ldns_pkt_section section :
       {LDNS_SECTION_ANSWER, LDNS_SECTION_AUTHORITY, LDNS_SECTION_ADDITIONAL}) {
    for (uint64_t left = Draw(4); left > 0; --left) {
      push(section, ldns_rr_clone(records_[Draw(records_.size())].get()));
    }
  }
  if (Draw(2) == 0) AddEdns(packet.get());
  uint8_t* wire = nullptr;
  size_t size = 0;
  std::vector<uint8_t> out;
  if (ldns_pkt2wire(&wire, packet.get(), &size) == LDNS_STATUS_OK) out.assign(wire, wire + size);
  LDNS_FREE(wire);
  return out;
}

}  // namespace codec::dns
