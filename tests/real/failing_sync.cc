// Loaded before libc: the call of fdatasync that FAIL_SYNC names, counted from 1, fails with EIO.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

extern "C" int fdatasync(int fd) {
  static std::atomic<int> calls{0};
  const char* const failing = getenv("FAIL_SYNC");
  if (failing != nullptr && ++calls == std::atoi(failing)) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
