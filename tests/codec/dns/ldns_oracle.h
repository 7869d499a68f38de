// ldns as the oracle: what it reads in a message against what we read, and random messages that it writes.
#ifndef TESTS_CODEC_DNS_LDNS_ORACLE_H_
#define TESTS_CODEC_DNS_LDNS_ORACLE_H_

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "codec/dns/message.h"
#include "tests/codec/dns/ldns_library.h"

namespace codec::dns {

struct LdnsDeleter {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
  void operator()(ldns_rdf* field) const { ldns_rdf_deep_free(field); }
};
using LdnsPacket = std::unique_ptr<ldns_pkt, LdnsDeleter>;
using LdnsRecord = std::unique_ptr<ldns_rr, LdnsDeleter>;
using LdnsField = std::unique_ptr<ldns_rdf, LdnsDeleter>;

// Null where ldns refuses the message.
LdnsPacket LdnsParse(std::span<const uint8_t> message);

std::span<const uint8_t> FieldOctets(const ldns_rdf* field);

// The first thing on which the two disagree; empty where they agree on header, question, EDNS, and every
// record's owner, type, class and TTL, and for the types that we read also on the RDATA.
// Comparing ends, with `lost`, where ldns loses its place: RDATA that is longer or shorter than its fields.
std::string Disagreement(const Message& ours, ldns_pkt* theirs, bool& lost);

// Draws names and records so that they share suffixes, and messages of them as ldns compresses them.
class LdnsGenerator {
 public:
  explicit LdnsGenerator(uint64_t seed);

  // A valid name in wire form, of any octets, mostly short.
  std::vector<uint8_t> DrawName();
  // A valid response: any flags, rcode, records of all kinds of types, with or without EDNS.
  std::vector<uint8_t> DrawResponse();

  uint64_t Draw(uint64_t below) { return random_() % below; }

 private:
  void Refill();
  ldns_rdf* DrawNameField();
  LdnsRecord DrawRecord();
  void AddEdns(ldns_pkt* packet);

  std::mt19937_64 random_;
  std::vector<std::vector<uint8_t>> suffixes_;
  std::vector<LdnsRecord> records_;
  int responses_left_ = 0;  // Until suffixes and records are drawn anew.
};

}  // namespace codec::dns

#endif  // TESTS_CODEC_DNS_LDNS_ORACLE_H_
