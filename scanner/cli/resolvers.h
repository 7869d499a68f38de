// Whom to ask, and how fast each may be asked: SPEC section 1.
#ifndef SCANNER_CLI_RESOLVERS_H_
#define SCANNER_CLI_RESOLVERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/endpoint.h"
#include "scanner/cli/scan_options.h"

namespace scanner {

struct Resolver {
  netio::Endpoint endpoint;
  bool named = true;  // By --resolver or --resolvers-file; else by resolv.conf.

  // Packets per second, 0: no limit. Loopback is this machine's own affair, but 127.0.0.53 forwards to the
  // network's resolvers.
  uint64_t DefaultRate() const;
  uint32_t DefaultWindow() const { return named ? 1000 : 100; }
};

inline constexpr size_t kMaxResolvers = 10'000;

// Those named, each once, in the order given; the nameservers of `resolv_conf` (a path) when none is.
// InvalidArgument, one line, for what is not an address, a file that cannot be read, none and too many.
absl::StatusOr<std::vector<Resolver>> FindResolvers(const ScanOptions& options,
                                                    const std::string& resolv_conf);

}  // namespace scanner

#endif  // SCANNER_CLI_RESOLVERS_H_
