// Real transports under the restrictions of containers and ordinary users, each in a process of its own.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#include "tests/netio/child_process.h"
#include "tests/netio/transport_fixture.h"
#include "tests/netio/udp_server.h"

namespace netio {
namespace {

// Makes io_uring_setup fail with `error` in this process for good, as container runtimes' profiles do.
bool RefuseIoUring(uint32_t error) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{.len = std::size(filter), .filter = filter};
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

// Sends datagrams to an echo server through `transport` and waits for all of them.
std::string Exchange(Transport& transport) {
  constexpr int kDatagrams = 500;
  const UdpEchoServer server(Family::kIpv4);
  const Instant limit = MonotonicNow() + std::chrono::seconds(20);
  int sent = 0;
  int back = 0;
  while (back < kDatagrams && MonotonicNow() < limit) {
    for (; sent < kDatagrams && sent - back < 64; ++sent) {
      const std::span<uint8_t> bytes = transport.outbox().Reserve(30);
      transport.outbox().Send({.server = server.endpoint(), .segment = 30, .bytes = bytes});
    }
    for (const Event& event : transport.Wait(MonotonicNow() + std::chrono::milliseconds(20))) {
      if (event.kind == Event::Kind::kMessage) ++back;
    }
  }
  return back == kDatagrams ? "" : "only " + std::to_string(back) + " datagrams came back";
}

std::string AutoFallsBack() {
  if (!RefuseIoUring(EPERM)) return "no seccomp";
  absl::StatusOr<SocketSet> sockets = SocketSet::Open({});
  if (!sockets.ok()) return std::string(sockets.status().message());
  std::string notice;
  absl::StatusOr<std::unique_ptr<Transport>> transport = OpenTransport(IoMode::kAuto, *sockets, {}, &notice);
  if (!transport.ok()) return std::string(transport.status().message());
  if (notice != "io_uring is not allowed here (Operation not permitted): using sendmmsg and recvmmsg")
    return notice;
  return Exchange(**transport);
}

std::string UringIsAnError() {
  if (!RefuseIoUring(EPERM)) return "no seccomp";
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

TEST(SandboxTest, AutoFallsBackWhereIoUringIsRefused) { EXPECT_EQ(InChild(AutoFallsBack), ""); }

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
