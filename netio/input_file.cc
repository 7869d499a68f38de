#include "netio/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "netio/read_at.h"
#include "netio/retry.h"
#include "netio/system_error.h"

namespace netio {

absl::StatusOr<InputFile> InputFile::Open(const std::string& path) {
  FileDescriptor fd(Retry([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!fd.valid()) return SystemError(path);
  return FromOpen(std::move(fd), path);
}

absl::StatusOr<InputFile> InputFile::FromDescriptor(int fd, const std::string& name) {
  FileDescriptor copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return SystemError(name);
  return FromOpen(std::move(copy), name);
}

absl::StatusOr<InputFile> InputFile::FromOpen(FileDescriptor fd, const std::string& name) {
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) return SystemError(name);
  if (S_ISDIR(status.st_mode)) return SystemError(name, EISDIR);
  InputFile file(std::move(fd), name);
  if (S_ISREG(status.st_mode)) file.size_ = static_cast<uint64_t>(status.st_size);
  return file;
}

absl::StatusOr<size_t> InputFile::Read(std::span<uint8_t> out) {
  for (;;) {
    const ssize_t got = Retry([&] { return read(fd_.get(), out.data(), out.size()); });
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EAGAIN) return SystemError(name_);
    // A descriptor that somebody else has made one that does not block.
    pollfd readable{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    if (Retry([&] { return poll(&readable, 1, -1); }) < 0) return SystemError(name_);
  }
}

absl::StatusOr<size_t> InputFile::ReadAt(uint64_t offset, std::span<uint8_t> out) const {
  return netio::ReadAt(fd_.get(), name_, offset, out);
}

}  // namespace netio
