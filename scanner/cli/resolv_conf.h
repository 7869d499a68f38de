// The resolvers that the system uses: resolv.conf(5).
#ifndef SCANNER_CLI_RESOLV_CONF_H_
#define SCANNER_CLI_RESOLV_CONF_H_

#include <istream>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/endpoint.h"

namespace scanner {

inline constexpr uint16_t kDnsPort = 53;

// The addresses of all `nameserver` lines, in order, each with port 53. Lines that say something else count
// for nothing. InvalidArgument, `SOURCE:LINE: what is wrong`, when one is not an address.
absl::StatusOr<std::vector<netio::Endpoint>> ReadResolvConf(std::istream& in, std::string_view source);

}  // namespace scanner

#endif  // SCANNER_CLI_RESOLV_CONF_H_
