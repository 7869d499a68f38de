// Chooses a transport for the machine at hand.
#ifndef NETIO_OPEN_TRANSPORT_H_
#define NETIO_OPEN_TRANSPORT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "netio/socket_set.h"
#include "netio/transport.h"
#include "netio/transport_options.h"

namespace netio {

enum class IoMode : uint8_t { kAuto, kUring, kMmsg };

// kAuto takes io_uring where it is allowed, else sendmmsg and recvmmsg, and then says so in one line in
// `notice`, which is otherwise left alone. kUring fails where io_uring is refused. `sockets` outlives the
// transport.
absl::StatusOr<std::unique_ptr<Transport>> OpenTransport(IoMode mode, SocketSet& sockets,
                                                         const TransportOptions& options,
                                                         std::string* notice);

}  // namespace netio

#endif  // NETIO_OPEN_TRANSPORT_H_
