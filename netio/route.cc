#include "netio/route.h"

#include <sys/socket.h>

#include "netio/file_descriptor.h"
#include "netio/sockaddr.h"

namespace netio {

bool HasRoute(const Endpoint& to) {
  const FileDescriptor fd(socket(AddressFamily(to.family), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return false;
  SocketAddress address;
  const socklen_t size = ToSocketAddress(to, address);
  // Of a datagram socket this only chooses the way (connect(2)).
  return connect(fd.get(), &address.any, size) == 0;
}

}  // namespace netio
