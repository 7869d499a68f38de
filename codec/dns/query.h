// Encodes queries. A QueryTemplate is made once for what stays the same (flags, EDNS, cookie); a query is
// that template with id, name and type patched in.
#ifndef CODEC_DNS_QUERY_H_
#define CODEC_DNS_QUERY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "codec/dns/name.h"
#include "codec/dns/types.h"

namespace codec::dns {

using ClientCookie = std::array<uint8_t, 8>;  // RFC 7873 section 4.1.

struct ServerCookie {
  std::array<uint8_t, 32> octets;
  uint8_t length = 0;  // 8 to 32, or 0: none known.
};

struct QueryOptions {
  bool recursion_desired = true;
  bool edns = true;
  uint16_t edns_size = 1232;                       // RFC 6891 section 6.2.5.
  std::optional<ClientCookie> client_cookie = {};  // Needs edns.
  ServerCookie server_cookie = {};                 // Needs client_cookie.
};

class QueryTemplate {
 public:
  // Header, name, type and class, OPT with a full cookie.
  static constexpr size_t kMaxOctets = 12 + kMaxNameOctets + 4 + 11 + 4 + 40;

  explicit QueryTemplate(const QueryOptions& options);

  // Octets that a query for a name of `name_octets` takes.
  size_t length(size_t name_octets) const { return kHeaderOctets + name_octets + tail_length_; }

  // Writes a whole query to the start of `out`, which has room for length(name.size()) octets; returns that.
  size_t Write(std::span<uint8_t> out, uint16_t id, NameView name, Type type) const;

  static constexpr size_t kHeaderOctets = 12;

 private:
  std::array<uint8_t, kHeaderOctets> header_;
  std::array<uint8_t, 4 + 11 + 4 + 40> tail_;  // Type, class and OPT, tail_length_ octets of it.
  uint8_t tail_length_;
};

// Sets the case of each letter of `name` by the bits of `bits`, used again from the start every 64 letters
// (draft-vixie-dnsext-dns0x20).
void RandomizeCase(std::span<uint8_t> name, uint64_t bits);

}  // namespace codec::dns

#endif  // CODEC_DNS_QUERY_H_
