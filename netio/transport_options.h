// Sizes of a real transport.
#ifndef NETIO_TRANSPORT_OPTIONS_H_
#define NETIO_TRANSPORT_OPTIONS_H_

#include <cstddef>

#include "netio/outbox.h"

namespace netio {

// What a transport may use where the kernel has it: all of it, but in tests of what happens where it is
// missing.
struct KernelFeatures {
  bool coalescing = true;     // UDP_GRO.
  bool deferred_work = true;  // IORING_SETUP_DEFER_TASKRUN.
  bool min_wait = true;       // IORING_FEAT_MIN_TIMEOUT.
  bool send_address = true;   // IORING_OP_SEND with an address.
};

struct TransportOptions {
  size_t arena_bytes = 1 << 20;  // Octets waiting to be sent; a power of two.
  size_t max_bursts = 4096;      // Bursts waiting to be sent.
  size_t max_streams = Outbox::kDefaultStreams;
  size_t max_datagram = 1472;      // Octets; longer ones are counted as truncated. What Ethernet carries.
  size_t receive_bytes = 2 << 20;  // For datagrams between two calls of Wait, the kernel's queues apart.
  KernelFeatures features = {};
};

}  // namespace netio

#endif  // NETIO_TRANSPORT_OPTIONS_H_
