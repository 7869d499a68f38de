#include "tools/arpasim/serve/tcp_port.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace arpasim {

TcpPort::TcpPort(const Listener& listener, int epoll) : socket_(listener.tcp.get()), epoll_(epoll) {}

void TcpPort::Accept() {
  for (;;) {
    SocketAddress peer;
    peer.length = sizeof peer.storage;
    Descriptor fd(accept4(socket_, peer.get(), &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid()) return;
    if (connections_.size() == kMaxConnections) continue;  // Closed again.
    const int no_delay = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
    SocketAddress local;
    local.length = sizeof local.storage;
    getsockname(fd.get(), local.get(), &local.length);
    const int number = fd.get();
    Connection& connection = connections_[number];
    connection.fd = std::move(fd);
    connection.id = next_id_++;
    connection.peer = peer;
    connection.local = ToEndpoint(local);
    connection.interest = EPOLLIN;
    epoll_event event{.events = EPOLLIN, .data = {.fd = number}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, number, &event);
  }
}

void TcpPort::Handle(int fd, uint32_t events, Service& service) {
  Connection& connection = connections_.at(fd);
  bool alive = (events & (EPOLLERR | EPOLLHUP)) == 0;
  if (alive && (events & EPOLLIN) != 0) alive = Read(connection, service);
  if (!alive || !Write(connection)) {
    connections_.erase(fd);
    return;
  }
  Watch(connection);
}

// False at the end of the stream.
bool TcpPort::Read(Connection& connection, Service& service) {
  std::array<uint8_t, 16'384> chunk;
  const ssize_t got = read(connection.fd.get(), chunk.data(), chunk.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  connection.in.insert(connection.in.end(), chunk.begin(), chunk.begin() + got);
  AnswerAll(connection, service);
  return true;
}

void TcpPort::AnswerAll(Connection& connection, Service& service) {
  const Source source = ToSource(connection.peer);
  const int64_t now_ns = ReadClock(CLOCK_MONOTONIC);
  std::span<const uint8_t> rest = connection.in;
  while (rest.size() >= 2) {
    const size_t length = static_cast<size_t>(rest[0]) << 8 | rest[1];
    if (rest.size() < 2 + length) break;
    if (service.rates != nullptr) {
      service.rates->Count(ToEndpoint(connection.peer).address, connection.local.address,
                           ReadClock(CLOCK_REALTIME));
    }
    service.responder->Respond(rest.subspan(2, length), Via::kTcp, source, now_ns, service.replies,
                               service.stats);
    for (const Reply& reply : service.replies.replies()) {
      if (reply.delay_us == 0) {
        Append(connection, reply.bytes);
        continue;
      }
      delayed_.Push({.due_ns = now_ns + int64_t{reply.delay_us} * 1000,
                     .fd = connection.fd.get(),
                     .id = connection.id,
                     .bytes = {reply.bytes.begin(), reply.bytes.end()}});
    }
    rest = rest.subspan(2 + length);
  }
  connection.in.erase(connection.in.begin(), connection.in.end() - static_cast<ptrdiff_t>(rest.size()));
}

void TcpPort::Append(Connection& connection, std::span<const uint8_t> message) {
  connection.out.push_back(static_cast<uint8_t>(message.size() >> 8));
  connection.out.push_back(static_cast<uint8_t>(message.size()));
  connection.out.insert(connection.out.end(), message.begin(), message.end());
}

// False when the connection is broken.
bool TcpPort::Write(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const ssize_t written = send(connection.fd.get(), connection.out.data() + connection.sent,
                                 connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (written < 0) return errno == EAGAIN || errno == EINTR;
    connection.sent += static_cast<size_t>(written);
  }
  connection.out.clear();
  connection.sent = 0;
  return true;
}

void TcpPort::Watch(Connection& connection) {
  const size_t unsent = connection.out.size() - connection.sent;
  const uint32_t interest =
      (unsent < kMaxUnsent ? uint32_t{EPOLLIN} : 0) | (unsent > 0 ? uint32_t{EPOLLOUT} : 0);
  if (interest == connection.interest) return;
  connection.interest = interest;
  epoll_event event{.events = interest, .data = {.fd = connection.fd.get()}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd.get(), &event);
}

int64_t TcpPort::SendDue(int64_t now_ns) {
  while (!delayed_.empty() && delayed_.next_due_ns() <= now_ns) {
    const Delayed delayed = delayed_.Pop();
    const auto found = connections_.find(delayed.fd);
    if (found == connections_.end() || found->second.id != delayed.id) continue;
    Append(found->second, delayed.bytes);
    if (Write(found->second)) {
      Watch(found->second);
    } else {
      connections_.erase(found);
    }
  }
  return delayed_.empty() ? INT64_MAX : delayed_.next_due_ns();
}

}  // namespace arpasim
