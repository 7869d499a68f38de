// Where authoritative mode begins, and which families it can use.
#ifndef SCANNER_CLI_WAY_IN_H_
#define SCANNER_CLI_WAY_IN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/endpoint.h"

namespace scanner {

struct WayIn {
  std::vector<netio::Endpoint>
      roots;          // Each once, in the order of the hints; only of families that are used.
  bool ipv4 = false;  // Whether servers of this family can be asked.
  bool ipv6 = false;
};

// Such as netio::HasRoute.
using RouteCheck = std::function<bool(const netio::Endpoint& to)>;

// The root servers of the file `root_hints`, else the built-in ones, all at port `dns_port`. A family is used
// where one of its root servers has a route; where the hints tell none of the family, or no root server has a
// route at all, where the family's loopback address has one. InvalidArgument, one line, for hints that cannot
// be read, and when no root server is of a family that is used.
absl::StatusOr<WayIn> FindWayIn(const std::optional<std::string>& root_hints, uint16_t dns_port,
                                const RouteCheck& has_route);

}  // namespace scanner

#endif  // SCANNER_CLI_WAY_IN_H_
