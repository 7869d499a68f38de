// A full send buffer, in a network of its own: a neighbour that does not answer keeps datagrams waiting in
// the kernel.
#include <sys/socket.h>

#include <cstdlib>

#include "tests/netio/child_process.h"
#include "tests/netio/transport_fixture.h"

namespace netio {
namespace {

constexpr uint16_t kOctets = 512;
constexpr uint64_t kTotal = 200;

bool Run(const char* command) { return std::system(command) == 0; }

// Sends until the outbox is full for good, then lets the neighbour answer, and sends the rest.
std::string FillAndRecover(const RealMode& mode) {
  if (!EnterOwnNetwork()) return "no network namespace";
  if (!Run("ip link add near type veth peer name far && ip address add 198.51.100.1/24 dev near &&"
           " ip link set near up && ip link set far up")) {
    return "no interfaces";
  }
  absl::StatusOr<SocketSet> sockets = SocketSet::Open({.ipv4_ports = 1});
  if (!sockets.ok()) return std::string(sockets.status().message());
  constexpr int kSmallest = 1;
  setsockopt(sockets->sockets()[0].fd.get(), SOL_SOCKET, SO_SNDBUF, &kSmallest, sizeof(kSmallest));
  std::string notice;
  absl::StatusOr<std::unique_ptr<Transport>> opened = OpenTransport(
      mode.io, *sockets, {.arena_bytes = 16'384, .max_bursts = 64, .features = mode.features}, &notice);
  if (!opened.ok()) return std::string(opened.status().message());
  Transport& transport = **opened;
  const Endpoint server{.address = {198, 51, 100, 2}, .port = 53, .family = Family::kIpv4};
  uint64_t queued = 0;
  const auto fill = [&] {
    while (queued < kTotal) {
      const std::span<uint8_t> bytes = transport.outbox().Reserve(kOctets);
      if (bytes.empty()) return;
      transport.outbox().Send({.server = server, .segment = kOctets, .bytes = bytes});
      ++queued;
    }
  };
  for (int i = 0; i < 20; ++i) {
    fill();
    if (!transport.Wait(MonotonicNow() + std::chrono::milliseconds(1)).empty())
      return "an event while blocked";
  }
  const uint64_t sent_at_first = transport.stats().datagrams_sent;
  if (sent_at_first == 0 || sent_at_first > 64)
    return std::to_string(sent_at_first) + " sent without a neighbour";
  if (queued - sent_at_first != 16'384 / kOctets) return std::to_string(queued) + " queued without room";
  if (!Run("ip neighbour replace 198.51.100.2 dev near lladdr 02:00:00:00:00:02 nud permanent")) {
    return "no neighbour";
  }
  const Instant limit = MonotonicNow() + std::chrono::seconds(20);
  while (transport.stats().datagrams_sent < kTotal && MonotonicNow() < limit) {
    fill();
    if (!transport.Wait(MonotonicNow() + std::chrono::milliseconds(20)).empty()) return "an event afterwards";
  }
  const uint64_t sent = transport.stats().datagrams_sent;
  return sent == kTotal ? "" : std::to_string(sent) + " sent in the end";
}

class SendBufferTest : public testing::TestWithParam<RealMode> {};

TEST_P(SendBufferTest, FullBufferHoldsTheOutboxUntilThereIsRoom) {
  EXPECT_EQ(InChild([] { return FillAndRecover(GetParam()); }), "");
}

INSTANTIATE_TEST_SUITE_P(Real, SendBufferTest, testing::ValuesIn(kRealModes), ModeName);

}  // namespace
}  // namespace netio
