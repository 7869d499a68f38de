// The codec against ldns, on what it writes and on what both read.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

#include "codec/dns/answer.h"
#include "codec/dns/message.h"
#include "codec/dns/query.h"
#include "codec/dns/reverse_name.h"
#include "tests/codec/dns/ldns_oracle.h"

namespace codec::dns {
namespace {

std::string Hex(std::span<const uint8_t> octets) {
  std::ostringstream out;
  for (const uint8_t octet : octets) out << std::hex << std::setw(2) << std::setfill('0') << int{octet};
  return out.str();
}

bool Same(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

QueryOptions DrawOptions(LdnsGenerator& generator) {
  QueryOptions options{.recursion_desired = generator.Draw(2) == 0,
                       .edns = generator.Draw(4) != 0,
                       .edns_size = static_cast<uint16_t>(generator.Draw(65536))};
  if (!options.edns || generator.Draw(3) == 0) return options;
  options.client_cookie.emplace();
  for (uint8_t& octet : *options.client_cookie) octet = static_cast<uint8_t>(generator.Draw(256));
  if (generator.Draw(2) == 0) return options;
  options.server_cookie.length = static_cast<uint8_t>(8 + generator.Draw(25));
  for (uint8_t& octet : options.server_cookie.octets) octet = static_cast<uint8_t>(generator.Draw(256));
  return options;
}

void ExpectCookie(const QueryOptions& options, ldns_pkt* packet) {
  const ldns_edns_option_list* const list = ldns_pkt_edns_get_option_list(packet);
  const size_t count = list == nullptr ? 0 : ldns_edns_option_list_get_count(list);
  ASSERT_EQ(count, options.client_cookie.has_value() ? 1U : 0U);
  if (count == 0) return;
  const ldns_edns_option* const option = ldns_edns_option_list_get_option(list, 0);
  ASSERT_EQ(static_cast<int>(ldns_edns_get_code(option)), 10);
  const std::span data(ldns_edns_get_data(option), ldns_edns_get_size(option));
  ASSERT_EQ(data.size(), 8U + options.server_cookie.length);
  ASSERT_TRUE(Same(data.first(8), *options.client_cookie));
  ASSERT_TRUE(
      Same(data.subspan(8), std::span(options.server_cookie.octets).first(options.server_cookie.length)));
}

TEST(LdnsTest, ReadsOurQueries) {
  LdnsGenerator generator(1);
  for (int i = 0; i < 20000; ++i) {
    const QueryOptions options = DrawOptions(generator);
    const std::vector<uint8_t> name = generator.DrawName();
    const auto id = static_cast<uint16_t>(generator.Draw(65536));
    constexpr std::array kTypes = {Type::kPtr, Type::kA, Type::kAaaa, Type::kNs, Type::kSoa};
    const Type type = kTypes[generator.Draw(kTypes.size())];
    std::array<uint8_t, QueryTemplate::kMaxOctets> out;
    const size_t length = QueryTemplate(options).Write(out, id, name, type);
    SCOPED_TRACE(Hex(std::span(out).first(length)));
    const LdnsPacket packet = LdnsParse(std::span(out).first(length));
    ASSERT_NE(packet, nullptr);
    ASSERT_EQ(ldns_pkt_id(packet.get()), id);
    ASSERT_FALSE(ldns_pkt_qr(packet.get()));
    ASSERT_EQ(ldns_pkt_rd(packet.get()), options.recursion_desired);
    ASSERT_EQ(ldns_rr_list_rr_count(ldns_pkt_question(packet.get())), 1U);
    const ldns_rr* const question = ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0);
    ASSERT_TRUE(Same(FieldOctets(ldns_rr_owner(question)), name));
    ASSERT_EQ(static_cast<int>(ldns_rr_get_type(question)), static_cast<int>(type));
    ASSERT_EQ(ldns_rr_get_class(question), LDNS_RR_CLASS_IN);
    ASSERT_EQ(ldns_pkt_edns_udp_size(packet.get()), options.edns ? options.edns_size : 0);
    ExpectCookie(options, packet.get());
    if (HasFatalFailure()) return;
  }
}

TEST(LdnsTest, WritesTheSameReverseNames) {
  LdnsGenerator generator(2);
  for (int i = 0; i < 20000; ++i) {
    std::array<uint8_t, 16> octets;
    for (uint8_t& octet : octets) octet = static_cast<uint8_t>(generator.Draw(256));
    const bool v4 = i % 2 == 0;
    const std::span<const uint8_t> address = std::span(octets).first(v4 ? 4 : 16);
    const LdnsField field(
        ldns_rdf_new_frm_data(v4 ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA, address.size(), address.data()));
    const LdnsField theirs(ldns_rdf_address_reverse(field.get()));
    std::array<uint8_t, kMaxReverseNameOctets> ours;
    const size_t length = WriteReverseName(address, ours);
    ASSERT_TRUE(Same(std::span(ours).first(length), FieldOctets(theirs.get()))) << Hex(address);
    const std::optional<ReverseAddress> read = ReadReverseName(FieldOctets(theirs.get()));
    ASSERT_TRUE(read.has_value()) << Hex(address);
    ASSERT_TRUE(Same(std::span(read->octets).first(read->length), address)) << Hex(address);
  }
}

// Seeds in processes of their own, which ctest runs side by side.
class LdnsResponseTest : public testing::TestWithParam<uint64_t> {};

TEST_P(LdnsResponseTest, IsReadAlike) {
  LdnsGenerator generator(GetParam());
  for (int i = 0; i < 30000; ++i) {
    const std::vector<uint8_t> bytes = generator.DrawResponse();
    ASSERT_FALSE(bytes.empty());
    const LdnsPacket packet = LdnsParse(bytes);
    ASSERT_NE(packet, nullptr) << Hex(bytes);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone) << Hex(bytes);
    bool lost = false;
    ASSERT_EQ(Disagreement(message, packet.get(), lost), "") << Hex(bytes);
    ASSERT_FALSE(lost) << Hex(bytes);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LdnsResponseTest, testing::Range<uint64_t>(100, 104));

void Mutate(LdnsGenerator& generator, std::vector<uint8_t>& bytes) {
  constexpr std::array<uint8_t, 8> kTelling = {0x00, 0x01, 0x3F, 0x40, 0x80, 0xC0, 0x0C, 0xFF};
  for (uint64_t left = 1 + generator.Draw(4); left > 0; --left) {
    const auto at = static_cast<ptrdiff_t>(generator.Draw(bytes.size()));
    const auto any = static_cast<uint8_t>(generator.Draw(256));
    switch (generator.Draw(8)) {
      case 0:
        bytes.insert(bytes.begin() + at, any);
        break;
      case 1:
        if (bytes.size() > 1) bytes.erase(bytes.begin() + at);
        break;
      case 2:
        bytes[static_cast<size_t>(at)] = kTelling[generator.Draw(kTelling.size())];
        break;
      case 3:
        bytes[static_cast<size_t>(at)] ^= static_cast<uint8_t>(1U << generator.Draw(8));
        break;
      default:
        bytes[static_cast<size_t>(at)] = any;
    }
  }
}

class LdnsMutationTest : public testing::TestWithParam<uint64_t> {};

// ldns takes more than we do: forward pointers, octets behind the last record, several OPT. What both take
// must be read alike; what only one takes is not compared, and
// nothing with TSIG, which ldns takes out of its section.
TEST_P(LdnsMutationTest, WhatBothTakeIsReadAlike) {
  LdnsGenerator generator(GetParam());
  int both = 0;
  int refused = 0;
  int lost_places = 0;
  for (int i = 0; i < 40000; ++i) {
    std::vector<uint8_t> bytes = generator.DrawResponse();
    Mutate(generator, bytes);
    Message message;
    if (Message::Parse(bytes, message) != ParseError::kNone) {
      ++refused;
      continue;
    }
    const LdnsPacket packet = LdnsParse(bytes);
    if (packet == nullptr || ldns_pkt_tsig(packet.get()) != nullptr) continue;
    ++both;
    bool lost = false;
    ASSERT_EQ(Disagreement(message, packet.get(), lost), "") << Hex(bytes);
    if (lost) ++lost_places;
  }
  EXPECT_GT(both, 10000);
  EXPECT_GT(refused, 5000);
  EXPECT_LT(lost_places, both / 10);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LdnsMutationTest, testing::Range<uint64_t>(200, 204));

}  // namespace
}  // namespace codec::dns
