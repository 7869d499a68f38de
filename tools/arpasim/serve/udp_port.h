// One UDP socket: takes queries in batches, sends what the responder says, at once or later.
#ifndef TOOLS_ARPASIM_SERVE_UDP_PORT_H_
#define TOOLS_ARPASIM_SERVE_UDP_PORT_H_

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tools/arpasim/serve/delay_queue.h"
#include "tools/arpasim/serve/outgoing.h"
#include "tools/arpasim/serve/service.h"
#include "tools/arpasim/serve/sockets.h"

namespace arpasim {

class UdpPort {
 public:
  // Borrows the listener's sockets.
  UdpPort(const Listener& listener, bool plain);

  // Answers what has arrived, up to one batch; false when there was nothing.
  bool Serve(Service& service);

  // Sends what is due; returns when the next is, or INT64_MAX.
  int64_t SendDue(int64_t now_ns);

 private:
  static constexpr size_t kBatch = 32;
  static constexpr size_t kBufferOctets = 65'536;  // Coalesced datagrams.

  struct Delayed {
    int64_t due_ns;
    Peer peer;
    bool elsewhere;
    std::vector<uint8_t> bytes;
  };
  struct Control {
    alignas(cmsghdr) std::array<uint8_t, 256> octets;
  };
  // What a received message says of itself.
  struct Arrival {
    size_t segment;
    int64_t when_ns;  // 0: not asked for.
  };

  Arrival ReadControl(size_t index, Peer& peer, Service& service);
  void Answer(std::span<const uint8_t> query, const Peer& peer, const Source& source, int64_t now_ns,
              Service& service);

  int socket_;
  int elsewhere_;
  Endpoint endpoint_;
  Outgoing outgoing_;
  DelayQueue<Delayed> delayed_;
  uint32_t overflows_ = 0;  // As the kernel counts them.
  std::vector<uint8_t> buffers_;
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> parts_{};
  std::array<Control, kBatch> controls_{};
  std::array<Peer, kBatch> peers_{};
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_UDP_PORT_H_
