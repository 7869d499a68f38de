// One listening TCP socket and its connections: messages with two octets of length in front (RFC 1035 section
// 4.2.2), any number of queries in flight on a connection, answers as they are ready (RFC 7766
// section 6.2.1.1).
#ifndef TOOLS_ARPASIM_SERVE_TCP_PORT_H_
#define TOOLS_ARPASIM_SERVE_TCP_PORT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "tools/arpasim/serve/delay_queue.h"
#include "tools/arpasim/serve/service.h"
#include "tools/arpasim/serve/sockets.h"

namespace arpasim {

class TcpPort {
 public:
  // Borrows the listener's socket and `epoll`, to which it adds connections under their own descriptors.
  TcpPort(const Listener& listener, int epoll);

  void Accept();
  bool Owns(int fd) const { return connections_.count(fd) > 0; }
  // `fd`, a connection of this port, has events of epoll.
  void Handle(int fd, uint32_t events, Service& service);

  // Sends what is due; returns when the next is, or INT64_MAX.
  int64_t SendDue(int64_t now_ns);

 private:
  static constexpr size_t kMaxConnections = 4096;
  static constexpr size_t kMaxUnsent = size_t{1} << 20;  // Of a connection; it is not read beyond.

  struct Connection {
    Descriptor fd;
    uint64_t id = 0;  // Descriptors are used again, ids are not.
    SocketAddress peer;
    Endpoint local;
    std::vector<uint8_t> in;
    std::vector<uint8_t> out;
    size_t sent = 0;  // Of `out`.
    uint32_t interest = 0;
  };
  struct Delayed {
    int64_t due_ns;
    int fd;
    uint64_t id;
    std::vector<uint8_t> bytes;
  };

  bool Read(Connection& connection, Service& service);
  void AnswerAll(Connection& connection, Service& service);
  bool Write(Connection& connection);
  void Watch(Connection& connection);
  static void Append(Connection& connection, std::span<const uint8_t> message);

  int socket_;
  int epoll_;
  uint64_t next_id_ = 1;
  std::map<int, Connection> connections_;
  DelayQueue<Delayed> delayed_;
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_TCP_PORT_H_
