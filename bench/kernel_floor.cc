// What the kernel alone costs a client: payloads go out and answers come back in the ways in which the
// transports do it. It knows nothing of what is in them, so that any server of datagrams serves.
//
// Prints one line of JSON: payloads, answers, seconds and CPU seconds of the exchange, without its set-up.
#include <fcntl.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "netio/buffer_ring.h"
#include "netio/control_data.h"
#include "netio/endpoint.h"
#include "netio/file_descriptor.h"
#include "netio/sockaddr.h"
#include "netio/uring_ring.h"

namespace {

constexpr size_t kReceiveBatch = 64;
constexpr size_t kSendBatch = 256;
constexpr size_t kBufferBytes = 2048;
constexpr size_t kCoalescedBytes = 65'536;
constexpr size_t kReceiveMemory = 2 << 20;
constexpr std::chrono::milliseconds kSilence(200);  // Then what has not been answered is lost.

struct Options {
  std::string payloads_file;
  std::string servers_file;
  std::string io = "mmsg";
  size_t segments = 1;
  size_t batch = 64;
  size_t window = 4096;
  size_t sockets = 16;
  bool coalesce = false;
};

// Payloads of one length that follow each other.
struct Burst {
  size_t offset;
  uint16_t segment;
  size_t count;
};

struct Payloads {
  std::vector<uint8_t> octets;
  std::vector<Burst> bursts;
  size_t count = 0;
};

[[noreturn]] void Fail(const std::string& what) { throw std::runtime_error(what); }

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Each payload follows two octets with its length.
Payloads ReadPayloads(const Options& options) {
  std::ifstream file(options.payloads_file, std::ios::binary);
  const std::vector<char> text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Payloads read;
  for (size_t at = 0; at + 2 <= text.size(); ++read.count) {
    const auto length =
        static_cast<uint16_t>(static_cast<uint8_t>(text[at]) << 8 | static_cast<uint8_t>(text[at + 1]));
    at += 2;
    if (length == 0 || at + length > text.size())
      Fail(options.payloads_file + ": cut in the middle of a payload");
    if (read.bursts.empty() || read.bursts.back().segment != length ||
        read.bursts.back().count == options.segments) {
      read.bursts.push_back({.offset = read.octets.size(), .segment = length, .count = 0});
    }
    ++read.bursts.back().count;
    const auto begin = text.begin() + static_cast<ptrdiff_t>(at);
    read.octets.insert(read.octets.end(), begin, begin + length);
    at += length;
  }
  if (read.count == 0) Fail(options.payloads_file + ": no payloads");
  return read;
}

std::vector<netio::Endpoint> ReadServers(std::string path) {
  std::ifstream file(path);
  std::vector<netio::Endpoint> servers;
  for (std::string line; std::getline(file, line);) {
    const std::optional<netio::Endpoint> server = netio::ParseEndpoint(line, 53);
    if (!server || server->family != netio::Family::kIpv4) {
      path.append(": '").append(line).append("' is no IPv4 ADDR:PORT");
      Fail(path);
    }
    servers.push_back(*server);
  }
  if (servers.empty()) Fail(path + ": no servers");
  return servers;
}

std::vector<netio::FileDescriptor> OpenSockets(const Options& options) {
  std::vector<netio::FileDescriptor> sockets;
  for (size_t i = 0; i < options.sockets; ++i) {
    sockets.emplace_back(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int fd = sockets.back().get();
    const int bytes = kReceiveMemory;
    const int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) != 0) Fail("no socket");
    if (options.coalesce && setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)) != 0) Fail("no UDP_GRO");
  }
  return sockets;
}

// What has gone out and come back, and what goes next.
class Exchange {
 public:
  Exchange(const Options& options, Payloads payloads)
      : payloads_(std::move(payloads)),
        servers_(ReadServers(options.servers_file)),
        window_(options.window) {}

  bool Done() const { return next_ == payloads_.bursts.size() && in_flight_ == 0; }
  bool MaySend() const {
    return next_ < payloads_.bursts.size() &&
           (in_flight_ == 0 || in_flight_ + payloads_.bursts[next_].count <= window_);
  }
  size_t next() const { return next_; }
  // How many payloads it holds.
  size_t FillNext(netio::OutgoingMessage& message) {
    const Burst& burst = payloads_.bursts[next_];
    message.Fill(servers_[next_ % servers_.size()],
                 std::span(payloads_.octets).subspan(burst.offset, burst.count * burst.segment),
                 burst.segment);
    ++next_;
    in_flight_ += burst.count;
    return burst.count;
  }
  // The last burst that FillNext gave did not go out.
  void TakeBack() { in_flight_ -= payloads_.bursts[--next_].count; }
  void Received(size_t bytes, const netio::ReceiveControl& control) {
    const size_t datagrams = control.segment == 0 ? 1 : (bytes + control.segment - 1) / control.segment;
    answers_ += datagrams;
    in_flight_ -= std::min(in_flight_, datagrams);
  }
  void GiveUp() { in_flight_ = 0; }
  void Print(double seconds, double cpu) const {
    std::printf("{\"payloads\": %zu, \"answers\": %zu, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
                payloads_.count, answers_, seconds, cpu);
  }

 private:
  Payloads payloads_;
  std::vector<netio::Endpoint> servers_;
  size_t window_;
  size_t next_ = 0;
  size_t in_flight_ = 0;
  size_t answers_ = 0;
};

// sendmmsg and recvmmsg.
class MmsgWay {
 public:
  MmsgWay(const Options& options, std::vector<netio::FileDescriptor>& sockets)
      : sockets_(sockets),
        batch_(options.batch),
        quota_(options.window / options.sockets),
        polls_(sockets.size()),
        outgoing_(options.batch),
        sends_(options.batch),
        buffer_bytes_(options.coalesce ? kCoalescedBytes : kBufferBytes),
        buffers_(kReceiveBatch * buffer_bytes_),
        receives_(kReceiveBatch),
        parts_(kReceiveBatch),
        controls_(kReceiveBatch) {
    for (size_t i = 0; i < sockets.size(); ++i)
      polls_[i] = {.fd = sockets[i].get(), .events = POLLIN, .revents = 0};
  }

  void Send(Exchange& exchange) {
    while (exchange.MaySend()) {
      const int fd = sockets_[turn_++ % sockets_.size()].get();
      size_t filled = 0;
      for (size_t payloads = 0; filled < batch_ && payloads < quota_ && exchange.MaySend(); ++filled) {
        payloads += exchange.FillNext(outgoing_[filled]);
        sends_[filled].msg_hdr = outgoing_[filled].header;
      }
      const int sent = sendmmsg(fd, sends_.data(), static_cast<unsigned>(filled), 0);
      for (size_t i = filled; i > static_cast<size_t>(std::max(sent, 0)); --i) exchange.TakeBack();
      if (sent <= 0) return;
    }
  }

  void Receive(Exchange& exchange) {
    if (poll(polls_.data(), polls_.size(), static_cast<int>(kSilence.count())) == 0) exchange.GiveUp();
    for (const pollfd& ready : polls_) {
      if (ready.revents != 0)
        while (ReceiveBatch(ready.fd, exchange)) {
        }
    }
  }

 private:
  struct Control {
    alignas(cmsghdr) std::array<uint8_t, netio::kReceiveControlBytes> octets;
  };

  bool ReceiveBatch(int fd, Exchange& exchange) {
    const size_t batch = std::min(batch_, kReceiveBatch);
    for (size_t i = 0; i < batch; ++i) {
      parts_[i] = {.iov_base = buffers_.data() + i * buffer_bytes_, .iov_len = buffer_bytes_};
      msghdr& header = receives_[i].msg_hdr;
      header = {};
      header.msg_iov = &parts_[i];
      header.msg_iovlen = 1;
      header.msg_control = controls_[i].octets.data();
      header.msg_controllen = controls_[i].octets.size();
    }
    const int received = recvmmsg(fd, receives_.data(), static_cast<unsigned>(batch), MSG_DONTWAIT, nullptr);
    for (int i = 0; i < received; ++i) {
      const mmsghdr& message = receives_[static_cast<size_t>(i)];
      exchange.Received(message.msg_len, netio::ReadReceiveControl(message.msg_hdr.msg_control,
                                                                   message.msg_hdr.msg_controllen));
    }
    return received == static_cast<int>(batch);
  }

  std::vector<netio::FileDescriptor>& sockets_;
  size_t batch_;
  size_t quota_;  // Payloads through one socket in turn: its receive queue holds no more.
  size_t turn_ = 0;
  std::vector<pollfd> polls_;
  std::vector<netio::OutgoingMessage> outgoing_;
  std::vector<mmsghdr> sends_;
  size_t buffer_bytes_;
  std::vector<uint8_t> buffers_;
  std::vector<mmsghdr> receives_;
  std::vector<iovec> parts_;
  std::vector<Control> controls_;
};

// io_uring: a SENDMSG a burst, multishot receives into provided buffers.
class UringWay {
 public:
  UringWay(const Options& options, std::vector<netio::FileDescriptor>& sockets)
      : sockets_(sockets), outgoing_(kSendBatch) {
    const size_t buffer_bytes = kHeaderBytes + (options.coalesce ? kCoalescedBytes : kBufferBytes);
    const size_t buffers = std::bit_floor(kReceiveMemory / buffer_bytes);
    auto ring = netio::UringRing::Create(kSendBatch,
                                         static_cast<unsigned>(std::bit_ceil(kSendBatch + 2 * buffers)), {});
    if (!ring.ok()) Fail(std::string(ring.status().message()));
    ring_ = *std::move(ring);
    auto ring_buffers = netio::BufferRing::Create(ring_->get(), 0, buffers, buffer_bytes);
    if (!ring_buffers.ok()) Fail(std::string(ring_buffers.status().message()));
    buffers_ = *std::move(ring_buffers);
    layout_.msg_controllen = netio::kReceiveControlBytes;
    if (ring_->Start() != 0) Fail("io_uring does not start");
    for (size_t i = 0; i < sockets.size(); ++i) Arm(i);
  }

  void Send(Exchange& exchange) {
    size_t filled = 0;
    for (; filled < kSendBatch && exchange.MaySend(); ++filled) {
      io_uring_sqe* const entry = ring_->NextEntry();
      if (entry == nullptr) break;
      netio::OutgoingMessage& message = outgoing_[static_cast<size_t>(entry - ring_->get()->sq.sqes)];
      exchange.FillNext(message);
      io_uring_prep_sendmsg(entry, sockets_[turn_++ % sockets_.size()].get(), &message.header, 0);
      entry->user_data = kSend;
    }
    ring_->Submit();
  }

  void Receive(Exchange& exchange) {
    if (io_uring_cq_ready(ring_->get()) == 0 && !exchange.MaySend()) ring_->Wait(kSilence);
    const size_t harvested = Harvest(exchange);
    if (harvested == 0 && !exchange.MaySend()) exchange.GiveUp();
    buffers_->Recycle();
    for (const size_t socket : unarmed_) Arm(socket);
    unarmed_.clear();
  }

 private:
  static constexpr uint64_t kSend = UINT64_MAX;
  static constexpr size_t kHeaderBytes = sizeof(io_uring_recvmsg_out) + netio::kReceiveControlBytes;

  void Arm(size_t socket) {
    io_uring_sqe* entry = ring_->NextEntry();
    if (entry == nullptr) {
      ring_->Submit();
      entry = ring_->NextEntry();
    }
    io_uring_prep_recvmsg_multishot(entry, sockets_[socket].get(), &layout_, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->user_data = socket;
  }

  size_t Harvest(Exchange& exchange) {
    unsigned head = 0;
    unsigned count = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(ring_->get(), head, completion) {
      ++count;
      if (completion->user_data == kSend) continue;
      if ((completion->flags & IORING_CQE_F_MORE) == 0) unarmed_.push_back(completion->user_data);
      if ((completion->flags & IORING_CQE_F_BUFFER) == 0) continue;
      const auto id = static_cast<uint16_t>(completion->flags >> IORING_CQE_BUFFER_SHIFT);
      io_uring_recvmsg_out* const out =
          io_uring_recvmsg_validate(buffers_->Take(id), completion->res, &layout_);
      if (out != nullptr)
        exchange.Received(out->payloadlen, netio::ReadReceiveControl(out + 1, out->controllen));
    }
    io_uring_cq_advance(ring_->get(), count);
    return count;
  }

  std::vector<netio::FileDescriptor>& sockets_;
  size_t turn_ = 0;
  msghdr layout_{};
  std::vector<netio::OutgoingMessage> outgoing_;
  std::unique_ptr<netio::UringRing> ring_;
  std::unique_ptr<netio::BufferRing> buffers_;
  std::vector<size_t> unarmed_;
};

template <typename Way>
void Run(const Options& options) {
  Exchange exchange(options, ReadPayloads(options));
  std::vector<netio::FileDescriptor> sockets = OpenSockets(options);
  Way way(options, sockets);
  const double begun = Seconds(CLOCK_MONOTONIC);
  const double cpu = Seconds(CLOCK_PROCESS_CPUTIME_ID);
  while (!exchange.Done()) {
    way.Send(exchange);
    way.Receive(exchange);
  }
  exchange.Print(Seconds(CLOCK_MONOTONIC) - begun, Seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("kernel_floor: what the kernel alone costs a client of datagrams");
  Options options;
  app.add_option("--payloads", options.payloads_file, "Each after two octets with its length")->required();
  app.add_option("--servers", options.servers_file, "ADDR:PORT, one a line, asked in turn")->required();
  app.add_option("--io", options.io, "mmsg or uring")
      ->check(CLI::IsMember({"mmsg", "uring"}))
      ->capture_default_str();
  app.add_option("--segments", options.segments, "Most payloads of one length a send, UDP_SEGMENT")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--batch", options.batch, "Most sends a system call, with mmsg")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--window", options.window, "Most payloads without an answer")->capture_default_str();
  app.add_option("--sockets", options.sockets, "Local ports")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_flag("--coalesce", options.coalesce, "UDP_GRO");
  CLI11_PARSE(app, argc, argv);
  try {
    options.io == "uring" ? Run<UringWay>(options) : Run<MmsgWay>(options);
  } catch (const std::exception& error) {
    std::cerr << "kernel_floor: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
