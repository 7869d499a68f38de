// Real transports under the restrictions of containers and ordinary users, each in a process of its own.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "tests/netio/child_process.h"
#include "tests/netio/transport_fixture.h"
#include "tests/netio/udp_server.h"

namespace netio {
namespace {

// A system call with two of its arguments.
struct Call {
  uint32_t number;
  std::optional<uint32_t> second = std::nullopt;  // Whatever they are.
  std::optional<uint32_t> third = std::nullopt;
};

constexpr Call kIoUringSetup{.number = __NR_io_uring_setup};
constexpr Call kBufferRings{.number = __NR_io_uring_register, .second = IORING_REGISTER_PBUF_RING};
constexpr Call kAskForSegments{.number = __NR_getsockopt, .second = IPPROTO_UDP, .third = UDP_SEGMENT};
constexpr Call kCoalesce{.number = __NR_setsockopt, .second = IPPROTO_UDP, .third = UDP_GRO};
constexpr Call kCountDrops{.number = __NR_setsockopt, .second = SOL_SOCKET, .third = SO_RXQ_OVFL};
constexpr Call kFineWait{.number = __NR_epoll_pwait2};

// Makes `call` fail with `error` in this process for good, as container runtimes' profiles and old kernels
// do.
bool Refuse(const Call& call, uint32_t error) {
  std::vector<sock_filter> filter;
  const auto require = [&filter](uint32_t offset, uint32_t value) {
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  };
  require(offsetof(seccomp_data, nr), call.number);
  if (call.second) require(offsetof(seccomp_data, args[1]), *call.second);
  if (call.third) require(offsetof(seccomp_data, args[2]), *call.third);
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
  const sock_fprog program{.len = static_cast<unsigned short>(filter.size()), .filter = filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

bool BecomeOrdinaryUserWithLittleLockedMemory() {
  constexpr rlim_t kLockedBytes = 8 << 20;
  constexpr uid_t kNobody = 65534;
  const rlimit limit{.rlim_cur = kLockedBytes, .rlim_max = kLockedBytes};
  if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return false;
  if (geteuid() != 0) return true;
  return setgid(kNobody) == 0 && setuid(kNobody) == 0;
}

// Sends bursts to an echo server through `transport` and waits for all that comes back.
std::string Exchange(Transport& transport) {
  constexpr size_t kOctets = 30;
  constexpr size_t kBurst = 4;
  constexpr size_t kDatagrams = 500;
  UdpEchoServer server(Family::kIpv4);
  server.AnswerInBursts(true);
  const Instant limit = MonotonicNow() + std::chrono::seconds(20);
  size_t sent = 0;
  size_t back = 0;
  while (back < kDatagrams && MonotonicNow() < limit) {
    for (; sent < kDatagrams && sent - back < 64; sent += kBurst) {
      const std::span<uint8_t> bytes = transport.outbox().Reserve(kBurst * kOctets);
      transport.outbox().Send({.server = server.endpoint(), .segment = kOctets, .bytes = bytes});
    }
    for (const Event& event : transport.Wait(MonotonicNow() + std::chrono::milliseconds(20))) {
      if (event.kind == Event::Kind::kMessage) back += event.bytes.size() / kOctets;
    }
  }
  return back == kDatagrams ? "" : "only " + std::to_string(back) + " datagrams came back";
}

struct RefusedIoUring {
  const char* name;
  Call call;
  uint32_t error;
  const char* notice;
};

std::string AutoFallsBack(const RefusedIoUring& refused) {
  if (!Refuse(refused.call, refused.error)) return "no seccomp";
  absl::StatusOr<SocketSet> sockets = SocketSet::Open({});
  if (!sockets.ok()) return std::string(sockets.status().message());
  std::string notice;
  absl::StatusOr<std::unique_ptr<Transport>> transport = OpenTransport(IoMode::kAuto, *sockets, {}, &notice);
  if (!transport.ok()) return std::string(transport.status().message());
  if (notice != refused.notice) return notice;
  return Exchange(**transport);
}

struct RefusedFeature {
  const char* name;
  Call call;
  uint32_t error;
  IoMode io;
  Fallback fallback;
};

// Everything is exchanged, and what the transport does without is `fallback` and nothing else.
std::string DoesWithout(const RefusedFeature& refused) {
  if (!Refuse(refused.call, refused.error)) return "no seccomp";
  absl::StatusOr<SocketSet> sockets = SocketSet::Open({});
  if (!sockets.ok()) return std::string(sockets.status().message());
  std::string notice;
  absl::StatusOr<std::unique_ptr<Transport>> transport = OpenTransport(refused.io, *sockets, {}, &notice);
  if (!transport.ok()) return std::string(transport.status().message());
  std::string wrong = notice + Exchange(**transport);
  // An exchange with a quick server may get by without waiting.
  (*transport)->Wait(MonotonicNow() + std::chrono::milliseconds(100));
  for (uint8_t i = 0; i < kFallbacks; ++i) {
    const auto fallback = static_cast<Fallback>(i);
    const bool does = (*transport)->stats().fallbacks.Has(fallback);
    if (does != (fallback == refused.fallback))
      wrong += (does ? "says: " : "does not say: ") + std::string(Describe(fallback));
  }
  return wrong;
}

std::string UringIsAnError() {
  if (!Refuse(kIoUringSetup, EPERM)) return "no seccomp";
  absl::StatusOr<SocketSet> sockets = SocketSet::Open({});
  if (!sockets.ok()) return std::string(sockets.status().message());
  std::string notice;
  const absl::StatusOr<std::unique_ptr<Transport>> transport =
      OpenTransport(IoMode::kUring, *sockets, {}, &notice);
  if (transport.ok()) return "io_uring opened";
  if (!notice.empty()) return "notice: " + notice;
  if (transport.status().code() != absl::StatusCode::kPermissionDenied) return transport.status().ToString();
  const std::string message(transport.status().message());
  return message == "io_uring is not allowed here (Operation not permitted)" ? "" : message;
}

std::string OrdinaryUserExchanges(IoMode mode) {
  if (!BecomeOrdinaryUserWithLittleLockedMemory()) return "cannot become an ordinary user";
  absl::StatusOr<SocketSet> sockets = SocketSet::Open({});
  if (!sockets.ok()) return std::string(sockets.status().message());
  std::string notice;
  absl::StatusOr<std::unique_ptr<Transport>> transport = OpenTransport(mode, *sockets, {}, &notice);
  if (!transport.ok()) return std::string(transport.status().message());
  return notice + Exchange(**transport);
}

TEST(SandboxTest, AutoFallsBackWhereIoUringIsRefused) {
  constexpr RefusedIoUring kCases[] = {
      {"by a profile", kIoUringSetup, EPERM,
       "io_uring is not allowed here (Operation not permitted): using sendmmsg and recvmmsg"},
      {"by an old kernel", kIoUringSetup, ENOSYS,
       "io_uring is not allowed here (Function not implemented): using sendmmsg and recvmmsg"},
      {"without SINGLE_ISSUER", kIoUringSetup, EINVAL,
       "io_uring of this kernel is older than Linux 6.0: using sendmmsg and recvmmsg"},
      {"without provided-buffer rings", kBufferRings, EINVAL,
       "io_uring takes no receive buffers: Invalid argument: using sendmmsg and recvmmsg"},
  };
  for (const RefusedIoUring& test : kCases) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(InChild([&test] { return AutoFallsBack(test); }), "");
  }
}

TEST(SandboxTest, EachRefusedFeatureIsDoneWithoutAndSaid) {
  constexpr RefusedFeature kCases[] = {
      {"segments", kAskForSegments, ENOPROTOOPT, IoMode::kUring, Fallback::kSingleSends},
      {"segments", kAskForSegments, ENOPROTOOPT, IoMode::kMmsg, Fallback::kSingleSends},
      {"coalescing", kCoalesce, ENOPROTOOPT, IoMode::kUring, Fallback::kSingleReceives},
      {"coalescing", kCoalesce, EPERM, IoMode::kMmsg, Fallback::kSingleReceives},
      {"counting drops", kCountDrops, ENOPROTOOPT, IoMode::kUring, Fallback::kUncountedDrops},
      {"counting drops", kCountDrops, ENOPROTOOPT, IoMode::kMmsg, Fallback::kUncountedDrops},
      {"fine waits", kFineWait, ENOSYS, IoMode::kMmsg, Fallback::kMillisecondWaits},
      {"fine waits", kFineWait, EPERM, IoMode::kMmsg, Fallback::kMillisecondWaits},
  };
  for (const RefusedFeature& test : kCases) {
    SCOPED_TRACE(testing::Message() << test.name
                                    << (test.io == IoMode::kUring ? ", io_uring" : ", sendmmsg"));
    EXPECT_EQ(InChild([&test] { return DoesWithout(test); }), "");
  }
}

TEST(SandboxTest, UringIsAnErrorWhereItIsRefused) { EXPECT_EQ(InChild(UringIsAnError), ""); }

TEST(SandboxTest, OrdinaryUsersNeedNoMoreThan8MebibytesOfLockedMemory) {
  EXPECT_EQ(InChild([] { return OrdinaryUserExchanges(IoMode::kUring); }), "");
  EXPECT_EQ(InChild([] { return OrdinaryUserExchanges(IoMode::kMmsg); }), "");
}

TEST(SandboxTest, AutoTakesIoUringWhereItIsAllowed) {
  EXPECT_EQ(InChild([] { return OrdinaryUserExchanges(IoMode::kAuto); }), "");
}

}  // namespace
}  // namespace netio
