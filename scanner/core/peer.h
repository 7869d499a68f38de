// What one engine knows of one server: how long it takes, what it can do, and the way to it over TCP.
#ifndef SCANNER_CORE_PEER_H_
#define SCANNER_CORE_PEER_H_

#include <cstdint>
#include <optional>

#include "codec/dns/query.h"
#include "netio/instant.h"
#include "netio/outbox.h"
#include "scanner/core/rtt_estimate.h"

namespace scanner {

enum class StreamState : uint8_t { kNone, kOpening, kOpen, kClosing };

struct Peer {
  explicit Peer(const codec::dns::QueryOptions& query_options)
      : options(query_options),
        query(query_options),
        plain_query({.recursion_desired = query_options.recursion_desired,
                     .edns = false,
                     .edns_size = 0,
                     .client_cookie = std::nullopt,
                     .server_cookie = {}}) {}

  // `options` have changed.
  void Rebuild() { query = codec::dns::QueryTemplate(options); }

  codec::dns::QueryOptions options;
  codec::dns::QueryTemplate query;
  codec::dns::QueryTemplate plain_query;  // Without EDNS.
  RttEstimate rtt;
  bool edns_fails = false;        // FORMERR, NOTIMP or BADVERS with EDNS and a proper answer without.
  netio::Instant no_tcp_until{};  // TCP was tried before in vain.
  bool does_cookies = false;      // Sent a valid server cookie before.

  netio::StreamIndex stream = netio::StreamIndex::kNone;
  StreamState stream_state = StreamState::kNone;
  uint32_t on_stream = 0;  // Queries whose answers the stream still owes.
  netio::Instant stream_used{};
};

}  // namespace scanner

#endif  // SCANNER_CORE_PEER_H_
