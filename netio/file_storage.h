// Storage on a real file system, and files that were opened elsewhere or are no regular files.
#ifndef NETIO_FILE_STORAGE_H_
#define NETIO_FILE_STORAGE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/file_descriptor.h"
#include "netio/storage.h"

namespace netio {

// One directory, held open: what happens to its path later changes nothing. Files are readable and writable
// as the umask says.
class FileStorage final : public Storage {
 public:
  // `directory`: a path; empty means the working directory. Errors name files with this path in front.
  static absl::StatusOr<std::unique_ptr<FileStorage>> OpenDirectory(const std::string& directory);

  absl::StatusOr<bool> Exists(const std::string& name) const override;
  absl::StatusOr<std::unique_ptr<StorageFile>> Create(const std::string& name) override;
  absl::StatusOr<std::unique_ptr<StorageFile>> Open(const std::string& name) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& name) override;
  absl::Status Lock(const std::string& name) override;
  absl::Status SyncDirectory() override;

 private:
  FileStorage(FileDescriptor directory, std::string path)
      : directory_(std::move(directory)), path_(std::move(path)) {}

  std::string Display(const std::string& name) const;
  absl::StatusOr<std::unique_ptr<StorageFile>> OpenWith(const std::string& name, int flags);

  FileDescriptor directory_;
  std::string path_;  // For errors.
  std::vector<FileDescriptor> locks_;
};

// A file on a duplicate of `fd`, such as that of standard output; errors call it `name`. Where there is
// nothing to sync (a pipe, a terminal), Sync succeeds; a descriptor that does not block is waited for.
absl::StatusOr<std::unique_ptr<StorageFile>> OpenDescriptor(int fd, const std::string& name);

// A file without a name in `directory` (empty: the working directory), readable and writable by this process
// alone; its room is free again when it is closed. Errors call it "temporary file in DIRECTORY".
absl::StatusOr<std::unique_ptr<StorageFile>> CreateUnnamedFile(const std::string& directory);

// Opens `path` for writing when it exists and is no regular file: a FIFO (waits for a reader) or a device
// such as /dev/stdout or /dev/null. Null when it is regular or not there.
absl::StatusOr<std::unique_ptr<StorageFile>> OpenSpecialFile(const std::string& path);

}  // namespace netio

#endif  // NETIO_FILE_STORAGE_H_
