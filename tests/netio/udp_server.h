// A UDP server on loopback in a thread of its own, for tests of real transports.
#ifndef TESTS_NETIO_UDP_SERVER_H_
#define TESTS_NETIO_UDP_SERVER_H_

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>

#include "netio/endpoint.h"
#include "netio/file_descriptor.h"

namespace netio {

// 127.0.0.1 or ::1 with no port.
Endpoint Loopback(Family family);

// A socket of `type` bound to a free loopback port, whose endpoint goes to `local`; receives time out after
// 50 ms.
FileDescriptor BoundSocket(Family family, int type, Endpoint& local);

// Sends every datagram back to where it came from, those of IPv6 without a checksum too.
class UdpEchoServer {
 public:
  explicit UdpEchoServer(Family family);
  UdpEchoServer(const UdpEchoServer&) = delete;
  UdpEchoServer& operator=(const UdpEchoServer&) = delete;
  ~UdpEchoServer();

  // Whether what came in one burst goes back in one, not datagram by datagram; from now on.
  void AnswerInBursts(bool in_bursts);

  const Endpoint& endpoint() const { return endpoint_; }
  uint64_t received() const { return received_.load(); }

 private:
  void Serve();

  void Return(std::span<uint8_t> datagrams, uint16_t segment, const Endpoint& to);

  Endpoint endpoint_;
  FileDescriptor fd_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> in_bursts_{false};
  std::atomic<uint64_t> received_{0};
  std::thread thread_;
};

}  // namespace netio

#endif  // TESTS_NETIO_UDP_SERVER_H_
