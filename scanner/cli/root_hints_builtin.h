// The root servers of the Internet.
#ifndef SCANNER_CLI_ROOT_HINTS_BUILTIN_H_
#define SCANNER_CLI_ROOT_HINTS_BUILTIN_H_

#include <cstdint>
#include <vector>

#include "scanner/cli/root_hints.h"

namespace scanner {

// As the IANA publishes them (https://www.iana.org/domains/root/servers), each address with `port`. Only
// where to ask for the current set (RFC 9609): a server that has moved does not matter as long as others
// answer.
std::vector<RootServer> BuiltinRootHints(uint16_t port);

}  // namespace scanner

#endif  // SCANNER_CLI_ROOT_HINTS_BUILTIN_H_
