#include "scanner/cli/driver_events.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <array>
#include <cassert>
#include <chrono>

namespace scanner {

DriverEvents::DriverEvents() {
  sigset_t stops;
  sigemptyset(&stops);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stops, signal);
  pthread_sigmask(SIG_BLOCK, &stops, &before_);
  signals_ = netio::FileDescriptor(signalfd(-1, &stops, SFD_NONBLOCK | SFD_CLOEXEC));
  notices_ = netio::FileDescriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  assert(signals_.valid() && notices_.valid());
}

DriverEvents::~DriverEvents() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void DriverEvents::Notify() const { eventfd_write(notices_.get(), 1); }

int DriverEvents::Wait(netio::Duration timeout) const {
  std::array<pollfd, 2> waits = {{{.fd = signals_.get(), .events = POLLIN, .revents = 0},
                                  {.fd = notices_.get(), .events = POLLIN, .revents = 0}}};
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  poll(waits.data(), waits.size(), static_cast<int>(milliseconds));
  eventfd_t notices = 0;
  eventfd_read(notices_.get(), &notices);
  int count = 0;
  signalfd_siginfo signal{};
  while (read(signals_.get(), &signal, sizeof(signal)) == sizeof(signal)) ++count;
  return count;
}

}  // namespace scanner
