#include "netio/uring_ring.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "netio/sockaddr.h"
#include "netio/system_error.h"

namespace netio {
namespace {

constexpr unsigned kSignalSetBytes = _NSIG / 8;

// min_wait of Linux 6.12, newer than liburing 2.3: the call ends with what has arrived when it is over.
constexpr unsigned kFeatureMinTimeout = 1U << 15;
struct GetEventsArgument {
  uint64_t sigmask;
  uint32_t sigmask_size;
  uint32_t min_wait_usec;
  uint64_t timeout;
};
static_assert(sizeof(GetEventsArgument) == sizeof(io_uring_getevents_arg));

// More than one wake-up should wait for; with DEFER_TASKRUN the kernel counts sockets that became ready, not
// datagrams.
constexpr unsigned kCollectAtMost = 256;

// SINGLE_ISSUER came with multishot RECVMSG, so a kernel that refuses it is too old; DEFER_TASKRUN came one
// later.
constexpr unsigned kRequired = IORING_SETUP_CQSIZE | IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER;
constexpr unsigned kDeferred = kRequired | IORING_SETUP_DEFER_TASKRUN;
constexpr unsigned kUndeferred = kRequired | IORING_SETUP_COOP_TASKRUN;

}  // namespace

absl::StatusOr<std::unique_ptr<UringRing>> UringRing::Create(unsigned submissions, unsigned completions,
                                                             const KernelFeatures& features) {
  int error = 0;
  for (const unsigned flags : {kDeferred, kUndeferred}) {
    if (flags == kDeferred && !features.deferred_work) continue;
    std::unique_ptr<UringRing> ring(new UringRing(features));
    io_uring_params parameters{};
    parameters.flags = flags;
    parameters.cq_entries = completions;
    error = -io_uring_queue_init_params(submissions, &ring->ring_, &parameters);
    if (error == 0) {
      const bool min_wait = (ring->ring_.features & kFeatureMinTimeout) != 0 && features.min_wait;
      if (!min_wait) ring->fallbacks_.Add(Fallback::kShortWaits);
      if (flags == kUndeferred) ring->fallbacks_.Add(Fallback::kUndeferredWork);
      return ring;
    }
    ring->ring_.ring_fd = -1;
    if (error != EINVAL) break;
  }
  if (error == EINVAL) return absl::UnimplementedError("io_uring of this kernel is older than Linux 6.0");
  return absl::Status(absl::ErrnoToStatusCode(error),
                      "io_uring is not allowed here (" + std::generic_category().message(error) + ")");
}

UringRing::~UringRing() {
  if (ring_.ring_fd >= 0) io_uring_queue_exit(&ring_);
}

// By hand: liburing 2.3 declares io_uring_enable_rings and does not export it.
int UringRing::Start() {
  if (syscall(__NR_io_uring_register, ring_.ring_fd, IORING_REGISTER_ENABLE_RINGS, nullptr, 0) != 0)
    return errno;
  if (!features_.send_address || !SendsToAddresses()) fallbacks_.Add(Fallback::kMessageSends);
  return 0;
}

// A kernel that does not know the address refuses the entry (EINVAL) before it looks for the socket, which is
// none.
bool UringRing::SendsToAddresses() {
  io_uring_sqe* const entry = NextEntry();
  SocketAddress address;
  const socklen_t size = ToSocketAddress(Endpoint{.family = Family::kIpv4}, address);
  io_uring_prep_send(entry, -1, &address, 0, MSG_DONTWAIT);
  io_uring_prep_send_set_addr(entry, &address.any, static_cast<uint16_t>(size));
  io_uring_cqe* completion = nullptr;
  if (Submit() != 0 || io_uring_wait_cqe(&ring_, &completion) != 0) return false;
  const bool known = completion->res == -EBADF;
  io_uring_cqe_seen(&ring_, completion);
  return known;
}

int UringRing::Submit() {
  const int submitted = io_uring_submit_and_get_events(&ring_);
  return submitted < 0 ? -submitted : 0;
}

bool UringRing::Wait(Duration timeout) {
  const Duration collect = std::min(timeout, kCollect);
  if (!fallbacks_.Has(Fallback::kShortWaits)) return Enter(kCollectAtMost, collect, timeout);
  if (!Enter(kCollectAtMost, Duration::zero(), collect)) return false;
  return io_uring_cq_ready(&ring_) > 0 || timeout == collect || Enter(1, Duration::zero(), timeout - collect);
}

bool UringRing::Enter(unsigned completions, Duration collect, Duration timeout) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const __kernel_timespec limit{.tv_sec = seconds.count(), .tv_nsec = (timeout - seconds).count()};
  const auto min_wait = std::chrono::duration_cast<std::chrono::microseconds>(collect);
  GetEventsArgument argument{.sigmask = 0,
                             .sigmask_size = kSignalSetBytes,
                             .min_wait_usec = static_cast<uint32_t>(min_wait.count()),
                             .timeout = reinterpret_cast<uintptr_t>(&limit)};
  const long entered = syscall(__NR_io_uring_enter, ring_.ring_fd, 0, completions,
                               IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &argument, sizeof(argument));
  return entered >= 0 || errno != EINTR;
}

}  // namespace netio
