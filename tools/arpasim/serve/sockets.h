// Sockets that listen.
#ifndef TOOLS_ARPASIM_SERVE_SOCKETS_H_
#define TOOLS_ARPASIM_SERVE_SOCKETS_H_

#include <string>
#include <utility>
#include <vector>

#include "tools/arpasim/serve/endpoint.h"

namespace arpasim {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct SocketOptions {
  bool coalesce = true;     // UDP_GRO where the kernel has it.
  bool timestamps = false;  // SO_TIMESTAMPNS.
};

// What one thread has of one place to listen.
struct Listener {
  Endpoint endpoint;
  Descriptor udp;
  Descriptor elsewhere;  // Of another port, for answers from the wrong source.
  Descriptor tcp;
};

// One set of listeners a thread; they share the ports (SO_REUSEPORT). A port of 0 is chosen, the same for UDP
// and TCP, and written back to `endpoints`. On an error the result is empty and `error` says what failed.
std::vector<std::vector<Listener>> OpenListeners(std::vector<Endpoint>& endpoints, unsigned threads,
                                                 const SocketOptions& options, std::string& error);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_SERVE_SOCKETS_H_
