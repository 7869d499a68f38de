// Whether the kernel would send.
#ifndef NETIO_ROUTE_H_
#define NETIO_ROUTE_H_

#include "netio/endpoint.h"

namespace netio {

// Whether this machine has a route, and an address of its own, to send to `to`; sends nothing.
bool HasRoute(const Endpoint& to);

}  // namespace netio

#endif  // NETIO_ROUTE_H_
