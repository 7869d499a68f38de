#include "netio/stream_table.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "netio/sockaddr.h"

namespace netio {
namespace {

constexpr size_t kLengthBytes = 2;
constexpr size_t kFirstInputBytes = 4096;
constexpr size_t kMaxInputBytes = StreamTable::kMaxMessage + kLengthBytes;

size_t MessageLength(const uint8_t* framed) { return size_t{framed[0]} << 8 | framed[1]; }

}  // namespace

StreamTable::StreamTable(Outbox& outbox, const SocketSet& sockets, EventList& events, TransportStats& stats)
    : outbox_(outbox),
      sockets_(sockets),
      events_(events),
      stats_(stats),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      streams_(outbox.max_streams()) {
  to_flush_.reserve(streams_.size());
  ended_.reserve(streams_.size());
}

void StreamTable::BeginWait() {
  if (!busy()) return;
  for (const StreamIndex index : ended_) {
    at(index) = Stream{};
    outbox_.FreeStream(index);
    --in_use_;
  }
  ended_.clear();
  for (Stream& stream : streams_) stream.delivered = false;
  messages_ = 0;
}

void StreamTable::Open() {
  for (const Outbox::StreamCommand& command : outbox_.stream_commands()) {
    if (command.open) Connect(command.stream, command.server);
  }
}

void StreamTable::Connect(StreamIndex index, const Endpoint& server) {
  Stream& stream = at(index);
  stream.state = State::kConnecting;
  stream.server = server;
  ++in_use_;
  if (const int error = StartConnect(stream); error != 0) {
    End(index, error);
    return;
  }
  epoll_event interest{.events = EPOLLIN | EPOLLOUT, .data = {.u32 = static_cast<uint32_t>(index)}};
  stream.wants_write = true;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stream.fd.get(), &interest) != 0) End(index, errno);
}

// Returns an errno, 0 when the connection is made or under way.
int StreamTable::StartConnect(Stream& stream) {
  const Family family = stream.server.family;
  stream.fd = FileDescriptor(socket(AddressFamily(family), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!stream.fd.valid()) return errno;
  const int fd = stream.fd.get();
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  SocketAddress address;
  if (const std::optional<Endpoint>& source = sockets_.source(family); source.has_value()) {
    Endpoint local = *source;
    local.port = 0;
    const socklen_t size = ToSocketAddress(local, address);
    if (bind(fd, &address.any, size) != 0) return errno;
  }
  const socklen_t size = ToSocketAddress(stream.server, address);
  return connect(fd, &address.any, size) == 0 || errno == EINPROGRESS ? 0 : errno;
}

void StreamTable::FinishConnect(StreamIndex index) {
  Stream& stream = at(index);
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(stream.fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) {
    End(index, error);
    return;
  }
  stream.state = State::kOpen;
  ++stats_.streams_opened;
  events_.Add({.kind = Event::Kind::kStreamOpen, .stream = index, .server = stream.server, .error = 0});
  Write(index);
}

bool StreamTable::Send(const Burst& burst) {
  Stream& stream = at(burst.stream);
  const size_t length = burst.bytes.size();
  if (stream.state != State::kConnecting && stream.state != State::kOpen) return Fail(burst, ENOTCONN);
  if (length > kMaxMessage) return Fail(burst, EMSGSIZE);
  if (stream.out.size() - stream.out_begin + kLengthBytes + length > kMaxQueued) return Fail(burst, ENOBUFS);
  if (stream.out_begin > kMaxMessage) {
    stream.out.erase(stream.out.begin(), stream.out.begin() + static_cast<ptrdiff_t>(stream.out_begin));
    stream.out_begin = 0;
  }
  stream.out.push_back(static_cast<uint8_t>(length >> 8));
  stream.out.push_back(static_cast<uint8_t>(length & 0xFF));
  stream.out.insert(stream.out.end(), burst.bytes.begin(), burst.bytes.end());
  ++stats_.stream_messages_sent;
  if (!stream.flush) to_flush_.push_back(burst.stream);
  stream.flush = true;
  return true;
}

bool StreamTable::Fail(const Burst& burst, int error) {
  events_.Add({.kind = Event::Kind::kSendFailed,
               .stream = burst.stream,
               .segment = burst.segment,
               .server = burst.server,
               .bytes = burst.bytes,
               .error = error});
  ++stats_.send_failures;
  return false;
}

void StreamTable::FlushThenClose() {
  for (const StreamIndex index : to_flush_) {
    at(index).flush = false;
    if (at(index).state == State::kOpen) Write(index);
  }
  to_flush_.clear();
  for (const Outbox::StreamCommand& command : outbox_.stream_commands()) {
    const State state = at(command.stream).state;
    if (!command.open && (state == State::kConnecting || state == State::kOpen)) End(command.stream, 0);
  }
  outbox_.ClearStreamCommands();
}

void StreamTable::Poll() {
  if (!busy()) return;
  if (backlog_) {
    backlog_ = false;
    for (size_t i = 0; i < streams_.size(); ++i) {
      if (streams_[i].state == State::kOpen) Deliver(ToStreamIndex(i));
    }
  }
  std::array<epoll_event, 64> ready;
  const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto index = ToStreamIndex(ready[static_cast<size_t>(i)].data.u32);
    const uint32_t events = ready[static_cast<size_t>(i)].events;
    if (at(index).state == State::kConnecting) {
      FinishConnect(index);
      continue;
    }
    if ((events & EPOLLOUT) != 0 && at(index).state == State::kOpen) Write(index);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && at(index).state == State::kOpen) Read(index);
  }
}

void StreamTable::Write(StreamIndex index) {
  Stream& stream = at(index);
  while (stream.out_begin < stream.out.size()) {
    const ssize_t written = send(stream.fd.get(), stream.out.data() + stream.out_begin,
                                 stream.out.size() - stream.out_begin, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    stream.out_begin += static_cast<size_t>(written);
  }
  // Any error but a full buffer is left to Read: the peer's last messages may still be there.
  const bool blocked = stream.out_begin < stream.out.size() && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (!blocked) {
    stream.out.clear();
    stream.out_begin = 0;
  }
  Watch(index, blocked);
}

void StreamTable::Watch(StreamIndex index, bool wants_write) {
  Stream& stream = at(index);
  if (stream.wants_write == wants_write) return;
  stream.wants_write = wants_write;
  const uint32_t events = EPOLLIN | (wants_write ? static_cast<uint32_t>(EPOLLOUT) : 0U);
  epoll_event interest{.events = events, .data = {.u32 = static_cast<uint32_t>(index)}};
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, stream.fd.get(), &interest);
}

// Makes room for at least one message, reads once, delivers what is complete.
void StreamTable::Read(StreamIndex index) {
  Stream& stream = at(index);
  if (stream.delivered || messages_ == kMaxMessages) return;
  std::copy(stream.in.begin() + static_cast<ptrdiff_t>(stream.in_begin),
            stream.in.begin() + static_cast<ptrdiff_t>(stream.in_end), stream.in.begin());
  stream.in_end -= stream.in_begin;
  stream.in_begin = 0;
  if (stream.in.empty()) stream.in.resize(kFirstInputBytes);
  if (stream.in_end == stream.in.size()) stream.in.resize(std::min(2 * stream.in.size(), kMaxInputBytes));
  const ssize_t size =
      recv(stream.fd.get(), stream.in.data() + stream.in_end, stream.in.size() - stream.in_end, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (size < 0) {
    End(index, errno);
    return;
  }
  if (size == 0) {
    End(index, stream.in_end == 0 ? 0 : ECONNRESET);
    return;
  }
  stream.in_end += static_cast<size_t>(size);
  Deliver(index);
}

void StreamTable::Deliver(StreamIndex index) {
  Stream& stream = at(index);
  while (stream.in_end - stream.in_begin >= kLengthBytes) {
    const uint8_t* const framed = stream.in.data() + stream.in_begin;
    const size_t length = MessageLength(framed);
    if (stream.in_end - stream.in_begin < kLengthBytes + length) return;
    if (messages_ == kMaxMessages) {
      backlog_ = true;
      return;
    }
    stream.in_begin += kLengthBytes + length;
    stream.delivered = true;
    ++messages_;
    ++stats_.stream_messages_received;
    events_.Add({.kind = Event::Kind::kMessage,
                 .stream = index,
                 .server = stream.server,
                 .bytes = std::span(framed + kLengthBytes, length),
                 .error = 0});
  }
}

void StreamTable::End(StreamIndex index, int error) {
  Stream& stream = at(index);
  stream.state = State::kEnded;
  stream.fd.Close();
  events_.Add({.kind = Event::Kind::kStreamClosed, .stream = index, .server = stream.server, .error = error});
  ended_.push_back(index);
}

}  // namespace netio
