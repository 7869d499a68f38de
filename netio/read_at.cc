#include "netio/read_at.h"

#include <unistd.h>

#include "netio/retry.h"
#include "netio/system_error.h"

namespace netio {

absl::StatusOr<size_t> ReadAt(int fd, const std::string& name, uint64_t offset, std::span<uint8_t> out) {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = Retry(
        [&] { return pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done)); });
    if (got < 0) return SystemError(name);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

}  // namespace netio
