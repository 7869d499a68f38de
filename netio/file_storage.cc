#include "netio/file_storage.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>

#include "netio/read_at.h"
#include "netio/retry.h"
#include "netio/system_error.h"

namespace netio {
namespace {

class DescriptorFile final : public StorageFile {
 public:
  DescriptorFile(FileDescriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  absl::Status Append(std::span<const uint8_t> bytes) override {
    if (!sync_failure_.ok()) return sync_failure_;
    while (!bytes.empty()) {
      const ssize_t written = Retry([&] { return write(fd_.get(), bytes.data(), bytes.size()); });
      if (written > 0) {
        bytes = bytes.subspan(static_cast<size_t>(written));
      } else if (written == 0) {
        return SystemError(name_, EIO);  // Never for octets > 0; repeating it might not end.
      } else if (errno == EAGAIN) {
        pollfd writable{.fd = fd_.get(), .events = POLLOUT, .revents = 0};
        if (Retry([&] { return poll(&writable, 1, -1); }) < 0) return SystemError(name_);
      } else {
        return SystemError(name_);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    if (!sync_failure_.ok()) return sync_failure_;
    if (Retry([&] { return fdatasync(fd_.get()); }) == 0) return absl::OkStatus();
    if (errno == EINVAL || errno == EROFS)
      return absl::OkStatus();  // A pipe, socket or device: nothing to sync.
    // The kernel forgets which pages it could not write: a second fdatasync would succeed and mean nothing.
    sync_failure_ = SystemError(name_);
    return sync_failure_;
  }

  absl::Status Truncate(uint64_t size) override {
    if (!sync_failure_.ok()) return sync_failure_;
    if (Retry([&] { return ftruncate(fd_.get(), static_cast<off_t>(size)); }) != 0) return SystemError(name_);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Size() const override {
    if (!sync_failure_.ok()) return sync_failure_;
    struct stat status{};
    if (fstat(fd_.get(), &status) != 0) return SystemError(name_);
    return static_cast<uint64_t>(status.st_size);
  }

  absl::StatusOr<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    if (!sync_failure_.ok()) return sync_failure_;
    return netio::ReadAt(fd_.get(), name_, offset, out);
  }

 private:
  FileDescriptor fd_;
  std::string name_;
  absl::Status sync_failure_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FileStorage>> FileStorage::OpenDirectory(const std::string& directory) {
  const std::string path = directory.empty() ? "." : directory;
  FileDescriptor fd(Retry([&] { return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!fd.valid()) return SystemError(path);
  return std::unique_ptr<FileStorage>(new FileStorage(std::move(fd), directory));
}

std::string FileStorage::Display(const std::string& name) const {
  if (path_.empty() || path_.back() == '/') return path_ + name;
  return path_ + "/" + name;
}

absl::StatusOr<bool> FileStorage::Exists(const std::string& name) const {
  struct stat status{};
  if (fstatat(directory_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return SystemError(Display(name));
}

absl::StatusOr<std::unique_ptr<StorageFile>> FileStorage::OpenWith(const std::string& name, int flags) {
  assert(name.find('/') == std::string::npos);
  constexpr mode_t kMode = 0666;  // Less the umask.
  FileDescriptor fd(Retry(
      [&] { return openat(directory_.get(), name.c_str(), flags | O_RDWR | O_APPEND | O_CLOEXEC, kMode); }));
  if (!fd.valid()) return SystemError(Display(name));
  return std::make_unique<DescriptorFile>(std::move(fd), Display(name));
}

absl::StatusOr<std::unique_ptr<StorageFile>> FileStorage::Create(const std::string& name) {
  return OpenWith(name, O_CREAT | O_EXCL);
}

absl::StatusOr<std::unique_ptr<StorageFile>> FileStorage::Open(const std::string& name) {
  return OpenWith(name, 0);
}

absl::Status FileStorage::Rename(const std::string& from, const std::string& to) {
  assert(to.find('/') == std::string::npos);
  if (renameat(directory_.get(), from.c_str(), directory_.get(), to.c_str()) == 0) return absl::OkStatus();
  return SystemError(Display(to));
}

absl::Status FileStorage::Remove(const std::string& name) {
  if (unlinkat(directory_.get(), name.c_str(), 0) == 0) return absl::OkStatus();
  return SystemError(Display(name));
}

absl::Status FileStorage::Lock(const std::string& name) {
  FileDescriptor fd(
      Retry([&] { return openat(directory_.get(), name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); }));
  if (!fd.valid()) return SystemError(Display(name));
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    // A file system without locks keeps nobody out, and that is no reason to do without it.
    if (errno != EWOULDBLOCK) return absl::OkStatus();
    return absl::UnavailableError(Display(name) + " is in use by another process; wait for its end");
  }
  locks_.push_back(std::move(fd));
  return absl::OkStatus();
}

absl::Status FileStorage::SyncDirectory() {
  if (Retry([&] { return fsync(directory_.get()); }) == 0) return absl::OkStatus();
  if (errno == EINVAL) return absl::OkStatus();  // A file system whose directories cannot be synced.
  return SystemError(path_.empty() ? "." : path_);
}

absl::StatusOr<std::unique_ptr<StorageFile>> OpenDescriptor(int fd, const std::string& name) {
  FileDescriptor copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return SystemError(name);
  return std::make_unique<DescriptorFile>(std::move(copy), name);
}

absl::StatusOr<std::unique_ptr<StorageFile>> CreateUnnamedFile(const std::string& directory) {
  const std::string path = directory.empty() ? "." : directory;
  const std::string display = "temporary file in " + path;
  constexpr mode_t kMode = 0600;
  FileDescriptor fd(
      Retry([&] { return open(path.c_str(), O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, kMode); }));
  // Not every file system has O_TMPFILE: overlayfs and NFS say EOPNOTSUPP, some others EISDIR.
  if (!fd.valid() && (errno == EOPNOTSUPP || errno == EISDIR)) {
    std::string name = path + "/.arpasweep.XXXXXX";
    fd = FileDescriptor(mkostemp(name.data(), O_APPEND | O_CLOEXEC));
    if (fd.valid() && unlink(name.c_str()) != 0) return SystemError(name);
  }
  if (!fd.valid()) return SystemError(display);
  return std::make_unique<DescriptorFile>(std::move(fd), display);
}

absl::StatusOr<std::unique_ptr<StorageFile>> OpenSpecialFile(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return nullptr;
    return SystemError(path);
  }
  if (S_ISREG(status.st_mode)) return nullptr;
  FileDescriptor fd(Retry([&] { return open(path.c_str(), O_WRONLY | O_CLOEXEC); }));
  if (!fd.valid()) return SystemError(path);
  return std::make_unique<DescriptorFile>(std::move(fd), path);
}

}  // namespace netio
