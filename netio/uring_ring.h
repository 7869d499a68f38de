// An io_uring instance: set-up with what the kernel has, submission and waiting.
#ifndef NETIO_URING_RING_H_
#define NETIO_URING_RING_H_

#include <liburing.h>

#include <memory>

#include "absl/status/statusor.h"
#include "netio/fallback.h"
#include "netio/instant.h"
#include "netio/transport_options.h"

namespace netio {

// Used by one thread after Start; the thread that creates it may be another one.
class UringRing {
 public:
  // Fails when io_uring is refused or too old: multishot receives need Linux 6.0.
  static absl::StatusOr<std::unique_ptr<UringRing>> Create(unsigned submissions, unsigned completions,
                                                           const KernelFeatures& features);

  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;
  ~UringRing();

  // Makes the calling thread the ring's only submitter, and finds out what only a started ring shows; called
  // before anything is submitted. Returns an errno.
  int Start();

  io_uring* get() { return &ring_; }

  // What the ring does without; after Start, all of it.
  FallbackSet fallbacks() const { return fallbacks_; }

  // An empty entry, or nullptr when all are filled and Submit is due.
  io_uring_sqe* NextEntry() { return io_uring_get_sqe(&ring_); }

  // Submits what is filled and runs what is due, without waiting. Returns an errno.
  int Submit();

  // Waits for completions for `timeout`; during the first kCollect of it they are collected, since a wake-up
  // costs a hundred times what a completion does. False: a signal came.
  bool Wait(Duration timeout);

 private:
  static constexpr Duration kCollect = std::chrono::microseconds(100);

  explicit UringRing(const KernelFeatures& features) : features_(features) {}

  // Whether IORING_OP_SEND takes an address.
  bool SendsToAddresses();

  // One system call: returns with `completions` of them, or after `collect` with any, or after `timeout`.
  bool Enter(unsigned completions, Duration collect, Duration timeout);

  io_uring ring_{};
  const KernelFeatures features_;
  FallbackSet fallbacks_;
};

}  // namespace netio

#endif  // NETIO_URING_RING_H_
