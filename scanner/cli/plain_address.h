// An address without a port, where none has a place.
#ifndef SCANNER_CLI_PLAIN_ADDRESS_H_
#define SCANNER_CLI_PLAIN_ADDRESS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "netio/endpoint.h"

namespace scanner {

// The endpoint of `text` with `port`; nothing when it is no address or has a port already.
inline std::optional<netio::Endpoint> ParsePlainAddress(std::string_view text, uint16_t port) {
  const std::optional<netio::Endpoint> endpoint = netio::ParseEndpoint(text, port);
  // Where a port is written, the default makes no difference.
  const std::optional<netio::Endpoint> other =
      netio::ParseEndpoint(text, static_cast<uint16_t>(port == 1 ? 2 : port - 1));
  return endpoint == other ? std::nullopt : endpoint;
}

}  // namespace scanner

#endif  // SCANNER_CLI_PLAIN_ADDRESS_H_
