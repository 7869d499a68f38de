// What a referral says: where the next zone cut is, who serves the zone below it, and the addresses that came
// along.
#ifndef CODEC_DNS_REFERRAL_H_
#define CODEC_DNS_REFERRAL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "codec/dns/message.h"
#include "codec/dns/name.h"
#include "codec/dns/types.h"

namespace codec::dns {

enum class ReferralKind : uint8_t {
  kDown,      // To a zone between the one that was asked and the name: the only one to follow.
  kUpward,    // To the zone that was asked, or to one above it: the server does not serve it.
  kSideways,  // To a zone that the name is not in.
  kMalformed,
};

// The NS RRset of one zone, and addresses of its names.
struct Referral {
  // Of a longer set the first ones count: no zone needs more to be reached, and work has a bound.
  static constexpr size_t kMaxNameServers = 16;
  static constexpr size_t kMaxAddresses = 32;

  struct Address {
    uint8_t name_server;  // Index in name_servers.
    uint8_t octets;       // 4 or 16.
    std::array<uint8_t, 16> bytes;

    std::span<const uint8_t> view() const { return std::span(bytes).first(octets); }
  };

  Name zone;
  uint32_t ttl = 0;  // Seconds, of the NS RRset.
  uint8_t name_server_count = 0;
  uint8_t address_count = 0;
  std::array<Name, kMaxNameServers> name_servers;  // No name twice; in lower case.
  std::array<Address, kMaxAddresses> addresses;
};

// Reads the referral that `message` gives for `name`, asked of a server of `asked_zone`. Only its own NS
// RRset is believed (RFC 2181 section 5.4.1), and of the additional section only addresses of names inside
// `asked_zone`, which that server may speak of (RFC 5452 section 6).
ReferralKind ReadReferral(const Message& message, NameView name, NameView asked_zone, Referral& out);

// Reads an answer to the question for the NS RRset of `zone`, as servers of that zone give it: the RRset from
// the answer section, addresses as above (RFC 9609 section 4 for the root). False when it holds none.
bool ReadNameServers(const Message& message, NameView zone, Referral& out);

// Of data for `name` from a server of `asked_zone`: the zone it says that it has them from, by the NS RRset
// beside them; at `asked_zone` or below, and at `name` or above. False where it says nothing.
bool ReadDataZone(const Message& message, NameView name, NameView asked_zone, Name& out);

}  // namespace codec::dns

#endif  // CODEC_DNS_REFERRAL_H_
