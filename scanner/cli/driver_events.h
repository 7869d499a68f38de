// What the driver's thread waits for: signals that end a scan, and threads that have ended.
#ifndef SCANNER_CLI_DRIVER_EVENTS_H_
#define SCANNER_CLI_DRIVER_EVENTS_H_

#include <signal.h>

#include "netio/file_descriptor.h"
#include "netio/instant.h"

namespace scanner {

// While it lives SIGINT, SIGTERM and SIGHUP are blocked in the thread that made it and in those started
// later, and Wait reports them. Then they end the process again.
class DriverEvents {
 public:
  DriverEvents();
  ~DriverEvents();
  DriverEvents(const DriverEvents&) = delete;
  DriverEvents& operator=(const DriverEvents&) = delete;

  // Any thread: Wait returns.
  void Notify() const;

  // Waits for a signal, a Notify or the end of `timeout`; returns how many signals have come.
  int Wait(netio::Duration timeout) const;

 private:
  sigset_t before_{};
  netio::FileDescriptor signals_;
  netio::FileDescriptor notices_;
};

}  // namespace scanner

#endif  // SCANNER_CLI_DRIVER_EVENTS_H_
