// What tests of both real transports share.
#ifndef TESTS_NETIO_TRANSPORT_FIXTURE_H_
#define TESTS_NETIO_TRANSPORT_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netio/clock.h"
#include "netio/open_transport.h"
#include "netio/socket_set.h"

namespace netio {

// A transport, and what it may use of the kernel.
struct RealMode {
  const char* name;
  IoMode io;
  KernelFeatures features = {};
};

inline constexpr RealMode kRealModes[] = {
    {"Uring", IoMode::kUring},
    {"UringWithoutCoalescing", IoMode::kUring, {.coalescing = false}},
    {"UringWithoutDeferredWork", IoMode::kUring, {.deferred_work = false}},
    {"UringWithoutMinWait", IoMode::kUring, {.min_wait = false}},
    {"UringWithoutSendAddress", IoMode::kUring, {.send_address = false}},
    {"Mmsg", IoMode::kMmsg},
    {"MmsgWithoutCoalescing", IoMode::kMmsg, {.coalescing = false}},
};

inline std::string ModeName(const testing::TestParamInfo<RealMode>& info) { return info.param.name; }

class TransportTest : public testing::TestWithParam<RealMode> {
 protected:
  // How long a test goes on without what it waits for.
  static constexpr Duration kPatience = std::chrono::seconds(20);

  void Open(const SocketSetOptions& socket_options, const TransportOptions& options = {}) {
    transport_.reset();
    absl::StatusOr<SocketSet> sockets = SocketSet::Open(socket_options);
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    sockets_ = std::make_unique<SocketSet>(std::move(*sockets));
    Reopen(GetParam().io, options);
  }

  // `options` may forbid more of the kernel than the parameter does.
  void Reopen(IoMode mode, TransportOptions options = {}) {
    transport_.reset();
    const KernelFeatures& allowed = GetParam().features;
    options.features = {.coalescing = allowed.coalescing && options.features.coalescing,
                        .deferred_work = allowed.deferred_work,
                        .min_wait = allowed.min_wait,
                        .send_address = allowed.send_address};
    std::string notice;
    absl::StatusOr<std::unique_ptr<Transport>> transport = OpenTransport(mode, *sockets_, options, &notice);
    ASSERT_TRUE(transport.ok()) << transport.status();
    ASSERT_EQ(notice, "");
    transport_ = std::move(*transport);
  }

  // Queues `datagrams` of `segment` octets, each beginning with its number from `first` on. False: no room.
  bool SendBurst(const Endpoint& server, LocalPort port, uint32_t first, size_t datagrams, uint16_t segment) {
    const std::span<uint8_t> bytes = transport_->outbox().Reserve(datagrams * segment);
    if (bytes.empty()) return false;
    for (size_t i = 0; i < datagrams; ++i)
      Number(bytes.subspan(i * segment, segment), first + static_cast<uint32_t>(i));
    transport_->outbox().Send({.server = server, .local_port = port, .segment = segment, .bytes = bytes});
    return true;
  }

  // Writes `number` and a pattern that depends on it.
  static void Number(std::span<uint8_t> bytes, uint32_t number) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<uint8_t>(i < 4 ? number >> (8 * i) : number * size_t{31} + i);
    }
  }

  // The number that Number wrote; nothing when any octet differs.
  static std::optional<uint32_t> ReadNumber(std::span<const uint8_t> bytes) {
    uint32_t number = 0;
    if (bytes.size() < 4) return std::nullopt;
    for (size_t i = 0; i < 4; ++i) number |= static_cast<uint32_t>(bytes[i]) << (8 * i);
    for (size_t i = 4; i < bytes.size(); ++i) {
      if (bytes[i] != static_cast<uint8_t>(number * size_t{31} + i)) return std::nullopt;
    }
    return number;
  }

  // Each datagram of a message.
  static void ForEachDatagram(const Event& event,
                              const std::function<void(std::span<const uint8_t>)>& visit) {
    for (size_t at = 0; at < event.bytes.size(); at += event.segment) {
      visit(event.bytes.subspan(at, std::min<size_t>(event.segment, event.bytes.size() - at)));
    }
  }

  // Waits and shows every event to `absorb` until `done`; false when that takes longer than kPatience.
  bool RunUntil(const std::function<bool()>& done, const std::function<void(const Event&)>& absorb) {
    const Instant limit = MonotonicNow() + kPatience;
    while (!done()) {
      if (MonotonicNow() > limit) return false;
      for (const Event& event : transport_->Wait(MonotonicNow() + std::chrono::milliseconds(50)))
        absorb(event);
    }
    return true;
  }

  std::unique_ptr<SocketSet> sockets_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace netio

#endif  // TESTS_NETIO_TRANSPORT_FIXTURE_H_
