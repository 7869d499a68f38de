// ICMP errors and refused sends through both real transports.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <vector>

#include "tests/netio/transport_fixture.h"
#include "tests/netio/udp_server.h"

namespace netio {
namespace {

constexpr uint16_t kOctets = 48;

// A loopback port that nothing listens on: it was free a moment ago.
Endpoint DeadServer(Family family) {
  Endpoint endpoint;
  const FileDescriptor closed_at_once = BoundSocket(family, SOCK_DGRAM, endpoint);
  return endpoint;
}

class UnreachableTest : public TransportTest {
 protected:
  void OpenFamily(Family family, uint16_t ports) {
    const bool ipv4 = family == Family::kIpv4;
    Open({.ipv4_ports = ipv4 ? ports : uint16_t{0}, .ipv6_ports = ipv4 ? uint16_t{0} : ports});
  }
};

// Every tenth query goes to a dead server, in between those to live ones and through the same few ports.
TEST_P(UnreachableTest, DeadServersCostLiveOnesNothing) {
  constexpr size_t kServers = 20;
  constexpr uint32_t kQueries = 8'000;
  constexpr uint32_t kWindow = 256;
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    SCOPED_TRACE(static_cast<int>(family));
    std::deque<UdpEchoServer> live;
    std::vector<Endpoint> servers;
    for (size_t i = 0; i < kServers; ++i) {
      const bool dead = i % 10 == 3;
      servers.push_back(dead ? DeadServer(family) : live.emplace_back(family).endpoint());
    }
    OpenFamily(family, 4);
    std::vector<int> answers(kQueries, 0);
    std::vector<int> unreachable(kQueries, 0);
    uint32_t next = 0;
    uint32_t ended = 0;
    const auto absorb = [&](const Event& event) {
      const std::optional<uint32_t> number = ReadNumber(event.bytes);
      ASSERT_TRUE(number.has_value() && *number < kQueries);
      EXPECT_EQ(event.server, servers[*number % kServers]);
      EXPECT_EQ(event.local_port, LocalPort{static_cast<uint16_t>(*number % 4)});
      if (event.kind == Event::Kind::kMessage) {
        ++answers[*number];
      } else {
        ASSERT_EQ(event.kind, Event::Kind::kUnreachable);
        EXPECT_EQ(event.error, ECONNREFUSED);
        ++unreachable[*number];
      }
      ++ended;
    };
    const auto done = [&] {
      for (; next < kQueries && next - ended < kWindow; ++next) {
        SendBurst(servers[next % kServers], LocalPort{static_cast<uint16_t>(next % 4)}, next, 1, kOctets);
      }
      return ended == kQueries;
    };
    EXPECT_TRUE(RunUntil(done, absorb)) << ended << " of " << kQueries;
    for (uint32_t i = 0; i < kQueries; ++i) {
      const bool dead = i % kServers % 10 == 3;
      EXPECT_EQ(answers[i], dead ? 0 : 1) << i;
      EXPECT_EQ(unreachable[i], dead ? 1 : 0) << i;
    }
    EXPECT_EQ(transport_->stats().unreachable, kQueries / 10);
    EXPECT_EQ(transport_->stats().datagrams_sent, kQueries);
    EXPECT_EQ(transport_->stats().send_failures, 0U);
    EXPECT_GT(transport_->stats().sends_repeated, 0U);
  }
}

TEST_P(UnreachableTest, DeadServerIsLearntOfWithoutAnotherSend) {
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    OpenFamily(family, 1);
    const Endpoint dead = DeadServer(family);
    ASSERT_TRUE(SendBurst(dead, LocalPort{0}, 7, 1, kOctets));
    size_t events = 0;
    const auto absorb = [&](const Event& event) {
      ++events;
      EXPECT_EQ(event.kind, Event::Kind::kUnreachable);
      EXPECT_EQ(event.server, dead);
      EXPECT_EQ(ReadNumber(event.bytes), 7U);
    };
    EXPECT_TRUE(RunUntil([&] { return events > 0; }, absorb));
    EXPECT_EQ(events, 1U);
  }
}

struct LocalRefusal {
  const char* name;
  Endpoint server;
  int error;
};

// The kernel's own refusals are about one burst; the next one, to a live server, goes out.
TEST_P(UnreachableTest, LocalRefusalsFailTheirBurstAlone) {
  const LocalRefusal cases[] = {
      {"broadcast without permission", {.address = {255, 255, 255, 255}, .port = 53}, EACCES},
      {"port zero", {.address = {127, 0, 0, 1}, .port = 0}, EINVAL},
  };
  for (const LocalRefusal& test : cases) {
    SCOPED_TRACE(test.name);
    UdpEchoServer server(Family::kIpv4);
    OpenFamily(Family::kIpv4, 1);
    ASSERT_TRUE(SendBurst(test.server, LocalPort{0}, 1, 3, kOctets));
    ASSERT_TRUE(SendBurst(server.endpoint(), LocalPort{0}, 9, 2, kOctets));
    size_t failed = 0;
    size_t answered = 0;
    const auto absorb = [&](const Event& event) {
      if (event.kind == Event::Kind::kMessage) {
        ++answered;
        return;
      }
      ASSERT_EQ(event.kind, Event::Kind::kSendFailed);
      EXPECT_EQ(event.error, test.error);
      EXPECT_EQ(event.server, test.server);
      EXPECT_EQ(event.segment, kOctets);
      ASSERT_EQ(event.bytes.size(), 3 * kOctets);
      EXPECT_EQ(ReadNumber(event.bytes.first(kOctets)), 1U);
      EXPECT_EQ(ReadNumber(event.bytes.last(kOctets)), 3U);
      ++failed;
    };
    EXPECT_TRUE(RunUntil([&] { return answered == 2 && failed > 0; }, absorb));
    EXPECT_EQ(failed, 1U);
    EXPECT_EQ(transport_->stats().send_failures, 1U);
    EXPECT_EQ(transport_->stats().datagrams_sent, 2U);
  }
}

// A socket without checksums refuses UDP_SEGMENT, as some devices and tunnels do.
TEST_P(UnreachableTest, RefusedSegmentationFallsBackToSingleDatagrams) {
  for (const Family family : {Family::kIpv4, Family::kIpv6}) {
    SCOPED_TRACE(static_cast<int>(family));
    UdpEchoServer server(family);
    OpenFamily(family, 1);
    const int on = 1;
    const int fd = sockets_->sockets()[0].fd.get();
    const int option = setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on));
    const int option6 = setsockopt(fd, IPPROTO_UDP, UDP_NO_CHECK6_TX, &on, sizeof(on));
    ASSERT_EQ(family == Family::kIpv4 ? option : option6, 0);
    constexpr uint32_t kTotal = 640;
    uint32_t sent = 0;
    std::vector<int> answers(kTotal, 0);
    uint32_t back = 0;
    const auto absorb = [&](const Event& event) {
      ASSERT_EQ(event.kind, Event::Kind::kMessage);
      const std::optional<uint32_t> number = ReadNumber(event.bytes);
      ASSERT_TRUE(number.has_value() && *number < kTotal);
      ++answers[*number];
      ++back;
    };
    const auto done = [&] {
      for (; sent < kTotal && sent - back < 128; sent += 64)
        SendBurst(server.endpoint(), LocalPort{0}, sent, 64, kOctets);
      return back == kTotal;
    };
    EXPECT_TRUE(RunUntil(done, absorb)) << back;
    EXPECT_EQ(std::count(answers.begin(), answers.end(), 1), kTotal);
    EXPECT_TRUE(transport_->stats().fallbacks.Has(Fallback::kSingleSends));
    EXPECT_EQ(transport_->stats().datagrams_sent, kTotal);
    EXPECT_EQ(transport_->stats().send_failures, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Real, UnreachableTest, testing::ValuesIn(kRealModes), ModeName);

}  // namespace
}  // namespace netio
