// ICMP errors that the kernel keeps for a UDP socket (IP_RECVERR, ip(7)).
#ifndef NETIO_ERROR_QUEUE_H_
#define NETIO_ERROR_QUEUE_H_

#include "netio/event_list.h"
#include "netio/socket_set.h"
#include "netio/transport.h"

namespace netio {

// Empties the error queue of `socket` into kUnreachable events, which also clears the pending error that
// would fail the socket's next send, to whomever. Returns how many ICMP errors it held; errors of local
// origin are not counted, the send that met one has reported it.
size_t DrainErrorQueue(const SocketSet::Socket& socket, EventList& events, TransportStats& stats);

}  // namespace netio

#endif  // NETIO_ERROR_QUEUE_H_
