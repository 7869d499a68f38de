// Datagrams through both real transports, against a server on loopback.
#include <algorithm>
#include <ostream>
#include <vector>

#include "tests/netio/transport_fixture.h"
#include "tests/netio/udp_server.h"

namespace netio {
namespace {

constexpr uint16_t kOctets = 60;

class DatagramTest : public TransportTest {
 protected:
  // Sends `total` datagrams in bursts, at most `window` unanswered, over all local ports; each comes back
  // once.
  void EchoAll(const Endpoint& server, uint32_t total, size_t burst, uint32_t window) {
    std::vector<int> answers(total, 0);
    uint32_t next = 0;
    uint32_t back = 0;
    uint16_t port = 0;
    const auto absorb = [&](const Event& event) {
      ASSERT_EQ(event.kind, Event::Kind::kMessage);
      EXPECT_EQ(event.server, server);
      EXPECT_EQ(event.stream, StreamIndex::kNone);
      ForEachDatagram(event, [&](std::span<const uint8_t> datagram) {
        ASSERT_EQ(datagram.size(), kOctets);
        const std::optional<uint32_t> number = ReadNumber(datagram);
        ASSERT_TRUE(number.has_value() && *number < total);
        EXPECT_EQ(PortOf(*number, burst), event.local_port);
        ++answers[*number];
        ++back;
      });
    };
    const auto done = [&] {
      while (next < total && next - back < window) {
        const size_t datagrams = std::min<size_t>(burst, total - next);
        port = static_cast<uint16_t>(PortOf(next, burst));
        if (!SendBurst(server, LocalPort{port}, next, datagrams, kOctets)) break;
        next += static_cast<uint32_t>(datagrams);
      }
      return back == total;
    };
    EXPECT_TRUE(RunUntil(done, absorb)) << back << " of " << next << " came back";
    EXPECT_EQ(std::count(answers.begin(), answers.end(), 1), total);
    EXPECT_EQ(transport_->stats().datagrams_sent, total);
    EXPECT_EQ(transport_->stats().datagrams_received, total);
    EXPECT_EQ(transport_->stats().receive_drops, 0U);
    EXPECT_EQ(transport_->stats().send_failures, 0U);
  }

  LocalPort PortOf(uint32_t number, size_t burst) const {
    return LocalPort{static_cast<uint16_t>(number / burst % ports_)};
  }

  uint32_t ports_ = 16;
};

struct EchoCase {
  const char* name;
  Family family;
  size_t burst;
  bool in_bursts;  // The server answers as it is asked.
};

constexpr EchoCase kEchoCases[] = {
    {"single datagrams", Family::kIpv4, 1, false},
    {"single datagrams", Family::kIpv6, 1, false},
    {"pairs", Family::kIpv4, 2, false},
    {"full bursts", Family::kIpv4, Burst::kMaxSegments, false},
    {"full bursts", Family::kIpv6, Burst::kMaxSegments, false},
    {"pairs answered in pairs", Family::kIpv4, 2, true},
    {"full bursts answered in bursts", Family::kIpv4, Burst::kMaxSegments, true},
    {"bursts answered in bursts", Family::kIpv6, 16, true},
};

TEST_P(DatagramTest, EveryDatagramComesBackOnce) {
  for (const EchoCase& test : kEchoCases) {
    SCOPED_TRACE(testing::Message() << test.name << " IPv" << static_cast<int>(test.family));
    UdpEchoServer server(test.family);
    server.AnswerInBursts(test.in_bursts);
    const bool ipv4 = test.family == Family::kIpv4;
    Open({.ipv4_ports = static_cast<uint16_t>(ipv4 ? 16 : 0),
          .ipv6_ports = static_cast<uint16_t>(ipv4 ? 0 : 16)});
    EXPECT_EQ(transport_->local_ports(test.family), 16);
    EchoAll(server.endpoint(), 20'000, test.burst, 128);
    EXPECT_EQ(server.received(), 20'000U);
  }
}

// This machine's kernel has everything.
TEST_P(DatagramTest, WhatATransportDoesWithoutIsWhatItMayNotUse) {
  Open({.ipv4_ports = 1});
  transport_->Wait(MonotonicNow());
  const KernelFeatures& allowed = GetParam().features;
  const bool missing[kFallbacks] = {
      false, !allowed.coalescing, false, !allowed.deferred_work, !allowed.min_wait, !allowed.send_address,
      false};
  for (uint8_t i = 0; i < kFallbacks; ++i) {
    const auto fallback = static_cast<Fallback>(i);
    EXPECT_EQ(transport_->stats().fallbacks.Has(fallback), missing[i]) << Describe(fallback);
  }
}

// The server changes its manner again and again, and with it how the socket receives.
TEST_P(DatagramTest, CoalescesWhereAndWhileThatPays) {
  UdpEchoServer server(Family::kIpv4);
  ports_ = 1;
  Open({.ipv4_ports = 1});
  const bool can = GetParam().features.coalescing;
  EXPECT_EQ(transport_->stats().fallbacks.Has(Fallback::kSingleReceives), !can);
  const SocketSet::Socket& socket = sockets_->sockets()[0];
  uint32_t first = 0;
  for (int i = 0; i < 4; ++i) {
    SCOPED_TRACE(i);
    // Long enough for any rest to end; then all that is new comes in one manner.
    for (const bool in_bursts : {true, false}) {
      server.AnswerInBursts(in_bursts);
      size_t receives = 0;
      uint32_t back = 0;
      uint32_t next = first;
      const uint32_t end = first + (in_bursts ? 4'096 : 2'048);
      std::vector<int> answers(end - first, 0);
      const auto absorb = [&](const Event& event) {
        ASSERT_EQ(event.kind, Event::Kind::kMessage);
        ++receives;
        ForEachDatagram(event, [&](std::span<const uint8_t> datagram) {
          const std::optional<uint32_t> number = ReadNumber(datagram);
          ASSERT_TRUE(number.has_value() && *number >= first && *number < end);
          ++answers[*number - first];
          ++back;
        });
      };
      const auto done = [&] {
        while (next < end && next - first - back < 128 &&
               SendBurst(server.endpoint(), LocalPort{0}, next, 64, kOctets)) {
          next += 64;
        }
        return back == end - first;
      };
      EXPECT_TRUE(RunUntil(done, absorb)) << back;
      EXPECT_EQ(std::count(answers.begin(), answers.end(), 1), end - first);
      EXPECT_EQ(socket.coalesces, can && in_bursts);
      if (can && in_bursts) {
        EXPECT_LT(receives, (end - first) / 2);
      } else {
        EXPECT_GT(receives, (end - first) / 2);
      }
      first = end;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Real, DatagramTest, testing::ValuesIn(kRealModes), ModeName);

}  // namespace
}  // namespace netio
