// Where the walk along the delegations begins: root hints as a file, in the form of the IANA's named.root.
#ifndef SCANNER_CLI_ROOT_HINTS_H_
#define SCANNER_CLI_ROOT_HINTS_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "codec/dns/name.h"
#include "netio/endpoint.h"

namespace scanner {

struct RootServer {
  codec::dns::Name name;                   // Lower case.
  std::vector<netio::Endpoint> addresses;  // Each once; empty where the hints tell none.
};

inline constexpr size_t kMaxRootHintsOctets = 1 << 20;
inline constexpr size_t kMaxRootServers = 64;
inline constexpr size_t kMaxRootServerAddresses = 64;  // Of one server.

// Master file form (RFC 1035 section 5.1): NS records of the root, and A and AAAA records of the names in
// them, before or after; names, types and classes in any case, class and TTL may be left out, a blank owner
// repeats the last one, `;` begins a comment; $TTL and `$ORIGIN .` count for nothing. Servers and addresses
// in the order in which they stand there, each address with `port`. `source` names the input in errors:
// InvalidArgument, `SOURCE:LINE: what is wrong; what to do`, and without a line where the whole lacks
// something or is too large.
absl::StatusOr<std::vector<RootServer>> ReadRootHints(std::istream& in, const std::string& source,
                                                      uint16_t port);

}  // namespace scanner

#endif  // SCANNER_CLI_ROOT_HINTS_H_
