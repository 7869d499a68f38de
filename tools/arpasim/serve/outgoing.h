// Datagrams on their way out of one socket: those of one length to one peer leave together (UDP_SEGMENT).
#ifndef TOOLS_ARPASIM_SERVE_OUTGOING_H_
#define TOOLS_ARPASIM_SERVE_OUTGOING_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tools/arpasim/serve/endpoint.h"

namespace arpasim {

// Who asked, and which of our addresses: a socket that listens on all of them must answer from the right one.
struct Peer {
  SocketAddress address;
  bool has_local = false;
  in6_addr local{};  // IPv4 in the first four octets.
};

class Outgoing {
 public:
  static constexpr size_t kMaxDatagram = 4096;

  // `plain`: one datagram a message.
  Outgoing(int socket, bool plain);
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;

  // What is added from now on is for this peer.
  void SetPeer(const Peer& peer);
  // At most kMaxDatagram octets, copied. Sends when there is no room.
  void Add(std::span<const uint8_t> datagram);
  // What is added from now on leaves after what was added before; otherwise lengths decide about the order.
  void KeepOrder() { ++epoch_; }
  void Flush();

 private:
  static constexpr size_t kMaxMessages = 256;
  static constexpr size_t kMaxSegments = 64;
  static constexpr size_t kMaxOctets = 65'000;  // Of one message.
  static constexpr size_t kArenaOctets = size_t{1} << 20;

  struct Message {
    std::array<iovec, kMaxSegments> parts;
    Peer peer;
    size_t segment;  // Octets of each datagram.
    size_t segments;
    alignas(
        cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))> control;
  };
  struct Bin {
    uint64_t epoch = 0;
    size_t message = 0;
  };

  void Prepare(size_t index);
  void SendOneByOne(const Message& message);

  int socket_;
  bool plain_;
  Peer peer_;
  uint64_t epoch_ = 1;  // Bins of an earlier epoch are closed.
  std::array<Bin, kMaxDatagram + 1> bins_{};
  std::vector<Message> messages_;
  std::vector<mmsghdr> headers_;
  size_t count_ = 0;
  std::vector<uint8_t> arena_;
  size_t used_ = 0;
};

// Sends one datagram at once.
void SendNow(int socket, const Peer& peer, std::span<const uint8_t> datagram);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_OUTGOING_H_
