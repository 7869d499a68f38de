// Full queues through both real transports: nothing is lost unless the kernel says so.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "netio/sockaddr.h"
#include "tests/netio/transport_fixture.h"
#include "tests/netio/udp_server.h"

namespace netio {
namespace {

constexpr uint16_t kOctets = 40;

class PressureTest : public TransportTest {
 protected:
  // The endpoint of the first local port.
  Endpoint LocalEndpoint() const {
    SocketAddress address;
    socklen_t size = sizeof(address);
    EXPECT_EQ(getsockname(sockets_->sockets()[0].fd.get(), &address.any, &size), 0);
    Endpoint endpoint = FromSocketAddress(address, size).value();
    endpoint.address = Loopback(endpoint.family).address;
    return endpoint;
  }

  // Sends numbered datagrams from `server` to the transport, in one go.
  static void Flood(const FileDescriptor& server, const Endpoint& to, uint32_t first, uint32_t count,
                    size_t octets) {
    SocketAddress address;
    const socklen_t size = ToSocketAddress(to, address);
    std::vector<uint8_t> bytes(octets);
    for (uint32_t i = first; i < first + count; ++i) {
      Number(bytes, i);
      ASSERT_EQ(sendto(server.get(), bytes.data(), bytes.size(), 0, &address.any, size), std::ssize(bytes));
    }
  }
};

TEST_P(PressureTest, FewReceiveBuffersLoseNothing) {
  constexpr uint32_t kFlood = 200;  // What the smallest default receive queue holds.
  Open({.ipv4_ports = 1}, {.max_datagram = 256, .receive_bytes = 1600});
  // A first Wait, so that receives are under way when the flood comes.
  EXPECT_TRUE(transport_->Wait(MonotonicNow()).empty());
  Endpoint server_endpoint;
  const FileDescriptor server = BoundSocket(Family::kIpv4, SOCK_DGRAM, server_endpoint);
  Flood(server, LocalEndpoint(), 0, kFlood, kOctets);
  std::vector<uint32_t> numbers;
  const auto absorb = [&](const Event& event) {
    ASSERT_EQ(event.kind, Event::Kind::kMessage);
    EXPECT_EQ(event.server, server_endpoint);
    numbers.push_back(ReadNumber(event.bytes).value());
  };
  EXPECT_TRUE(RunUntil([&] { return numbers.size() >= kFlood; }, absorb)) << numbers.size();
  ASSERT_EQ(numbers.size(), kFlood);
  for (uint32_t i = 0; i < kFlood; ++i) EXPECT_EQ(numbers[i], i);
  EXPECT_EQ(transport_->stats().receive_drops, 0U);
  if (GetParam().io == IoMode::kUring) {
    EXPECT_GT(transport_->stats().buffers_exhausted, 0U);
  }
}

TEST_P(PressureTest, FullReceiveQueueIsCounted) {
  constexpr uint32_t kFlood = 3'000;
  Open({.ipv4_ports = 1, .receive_buffer_bytes = 16'384});
  Endpoint server_endpoint;
  const FileDescriptor server = BoundSocket(Family::kIpv4, SOCK_DGRAM, server_endpoint);
  uint32_t sent = 0;
  uint32_t received = 0;
  uint32_t dropped = 0;
  const auto absorb = [&](const Event& event) {
    if (event.kind == Event::Kind::kDrops) {
      dropped += event.count;
    } else {
      ASSERT_EQ(event.kind, Event::Kind::kMessage);
      ++received;
    }
  };
  Flood(server, LocalEndpoint(), 0, kFlood, kOctets);
  sent += kFlood;
  // The count comes with the next datagram that the queue takes.
  const auto done = [&] {
    if (received + dropped == sent) return true;
    Flood(server, LocalEndpoint(), sent++, 1, kOctets);
    return false;
  };
  EXPECT_TRUE(RunUntil(done, absorb)) << received << " and " << dropped << " of " << sent;
  EXPECT_GT(dropped, 0U);
  EXPECT_GT(received, 0U);
  EXPECT_EQ(transport_->stats().receive_drops, dropped);
  EXPECT_EQ(transport_->stats().datagrams_received, received);
}

struct TruncationCase {
  size_t octets;
  bool delivered;
};

TEST_P(PressureTest, LongerDatagramsThanABufferAreCounted) {
  constexpr TruncationCase kCases[] = {{255, true}, {256, true}, {257, false}, {1400, false}};
  Endpoint server_endpoint;
  const FileDescriptor server = BoundSocket(Family::kIpv4, SOCK_DGRAM, server_endpoint);
  for (const TruncationCase& test : kCases) {
    SCOPED_TRACE(test.octets);
    // One buffer: what is not delivered must not keep it. Those for coalesced datagrams are longer.
    Open({.ipv4_ports = 1}, {.max_datagram = 256, .receive_bytes = 400, .features = {.coalescing = false}});
    Flood(server, LocalEndpoint(), 1, 3, test.octets);
    Flood(server, LocalEndpoint(), 4, 1, kOctets);
    std::vector<uint32_t> numbers;
    const auto absorb = [&](const Event& event) { numbers.push_back(ReadNumber(event.bytes).value()); };
    EXPECT_TRUE(RunUntil([&] { return !numbers.empty() && numbers.back() == 4; }, absorb));
    EXPECT_EQ(numbers.size(), test.delivered ? 4U : 1U);
    EXPECT_EQ(transport_->stats().truncated_datagrams, test.delivered ? 0U : 3U);
  }
}

TEST_P(PressureTest, FullOutboxRefusesAndRecovers) {
  constexpr uint32_t kTotal = 5'000;
  UdpEchoServer server(Family::kIpv4);
  Open({.ipv4_ports = 2}, {.arena_bytes = 1024, .max_bursts = 16});
  uint32_t next = 0;
  uint32_t back = 0;
  uint32_t refused = 0;
  const auto absorb = [&](const Event& event) {
    ASSERT_EQ(event.kind, Event::Kind::kMessage);
    EXPECT_TRUE(ReadNumber(event.bytes).has_value());
    ++back;
  };
  const auto done = [&] {
    while (next < kTotal && next - back < 100) {
      if (!SendBurst(server.endpoint(), LocalPort{static_cast<uint16_t>(next % 2)}, next, 1, kOctets)) {
        ++refused;
        break;
      }
      ++next;
    }
    return back == kTotal;
  };
  EXPECT_TRUE(RunUntil(done, absorb)) << back;
  EXPECT_GT(refused, 0U);
  EXPECT_EQ(server.received(), kTotal);
}

// A transport takes over the ports of another, and what had arrived at them.
TEST_P(PressureTest, GivesWayToTheOtherTransport) {
  Open({.ipv4_ports = 1});
  const IoMode other = GetParam().io == IoMode::kUring ? IoMode::kMmsg : IoMode::kUring;
  EXPECT_TRUE(transport_->Wait(MonotonicNow()).empty());
  const Endpoint before = LocalEndpoint();
  Reopen(other);
  EXPECT_EQ(LocalEndpoint(), before);
  Endpoint server_endpoint;
  const FileDescriptor server = BoundSocket(Family::kIpv4, SOCK_DGRAM, server_endpoint);
  Flood(server, before, 0, 50, kOctets);
  Reopen(GetParam().io);
  uint32_t received = 0;
  const auto absorb = [&](const Event& event) { EXPECT_EQ(ReadNumber(event.bytes), received++); };
  EXPECT_TRUE(RunUntil([&] { return received == 50; }, absorb)) << received;
}

INSTANTIATE_TEST_SUITE_P(Real, PressureTest, testing::ValuesIn(kRealModes), ModeName);

}  // namespace
}  // namespace netio
