// What one engine counted since its start. Read between steps by the thread that steps it.
#ifndef SCANNER_CORE_ENGINE_STATS_H_
#define SCANNER_CORE_ENGINE_STATS_H_

#include <array>
#include <cstdint>

#include "codec/dns/types.h"

namespace scanner {

struct EngineStats {
  uint64_t targets_claimed = 0;
  uint64_t rows = 0;
  uint64_t packets_sent = 0;      // Queries over UDP and TCP, first asks, retries and probes alike.
  uint64_t packets_received = 0;  // DNS messages of any kind that arrived.
  uint64_t retries = 0;           // Of packets_sent, those that were not a lookup's first.
  uint64_t tcp = 0;               // Of packets_sent, those over TCP.
  uint64_t unsolicited = 0;       // Answers to no query that is still open.
  uint64_t mismatched = 0;        // Right port and id, but another server, question or cookie.
  uint64_t late = 0;              // Used although their patience had passed.
  uint64_t forward_lookups = 0;
  uint64_t forward_shared = 0;  // Names whose lookup another address had made already.
  uint64_t put_back = 0;        // Asked again, uncharged, because the server limits.
  std::array<uint64_t, codec::dns::kParseErrors> refused{};  // Packets that could not be read, by ParseError.
};

}  // namespace scanner

#endif  // SCANNER_CORE_ENGINE_STATS_H_
