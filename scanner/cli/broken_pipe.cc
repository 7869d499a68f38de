#include "scanner/cli/broken_pipe.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace scanner {

bool ReaderIsGone() {
  pollfd out{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

void EndByBrokenPipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  std::abort();
}

}  // namespace scanner
