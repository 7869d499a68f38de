// The file operations that results need, and nothing else, so that a simulated disk can lose and reorder what
// was not synced. Blocking; errors name the file.
#ifndef NETIO_STORAGE_H_
#define NETIO_STORAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace netio {

// An open file. Closing (the destructor) promises nothing about durability; Sync does.
class StorageFile {
 public:
  virtual ~StorageFile() = default;
  virtual absl::Status Append(std::span<const uint8_t> bytes) = 0;
  virtual absl::Status Sync() = 0;  // fdatasync. A failed Sync is final: every later call fails as well.
  virtual absl::Status Truncate(uint64_t size) = 0;
  virtual absl::StatusOr<uint64_t> Size() const = 0;
  virtual absl::StatusOr<size_t> ReadAt(uint64_t offset,
                                        std::span<uint8_t> out) const = 0;  // Short at the end.
};

// One directory, opened at set-up. Names hold no slash.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual absl::StatusOr<bool> Exists(const std::string& name) const = 0;
  // kAlreadyExists when `name` is there.
  virtual absl::StatusOr<std::unique_ptr<StorageFile>> Create(const std::string& name) = 0;
  // Appends go to the end. kNotFound when `name` is not there.
  virtual absl::StatusOr<std::unique_ptr<StorageFile>> Open(const std::string& name) = 0;
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;  // Replaces `to`.
  virtual absl::Status Remove(const std::string& name) = 0;
  // Keeps everybody else from locking `name`, until this object is gone. kUnavailable: somebody has locked
  // it.
  virtual absl::Status Lock(const std::string& name) = 0;
  virtual absl::Status SyncDirectory() = 0;  // Makes creations, renames and removals durable.
};

}  // namespace netio

#endif  // NETIO_STORAGE_H_
