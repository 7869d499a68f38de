// Storage in memory that a crash can rob of everything that was not synced.
#ifndef NETIO_SIM_STORAGE_H_
#define NETIO_SIM_STORAGE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/sim_random.h"
#include "netio/storage.h"

namespace netio {

// One thread owns it with its files, which it must outlive.
class SimStorage final : public Storage {
 public:
  absl::StatusOr<bool> Exists(const std::string& name) const override;
  absl::StatusOr<std::unique_ptr<StorageFile>> Create(const std::string& name) override;
  absl::StatusOr<std::unique_ptr<StorageFile>> Open(const std::string& name) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& name) override;
  absl::Status Lock(const std::string& name) override;  // There is nobody else.
  absl::Status SyncDirectory() override;

  // The power fails and comes back. Of what was not synced, each append survives whole, in pieces with zeros
  // in between, or not at all; truncations and changes of the directory survive or not, each on its own and
  // in any order. Files that were open fail from now on.
  void Crash(uint64_t seed);

  // ---- Errors to come ----
  // Appends that take more than `bytes` altogether from now on write what fits and fail with ENOSPC.
  void LimitBytes(uint64_t bytes) { room_ = bytes; }
  // The next Sync of a file fails with `error`.
  void FailNextSync(int error) { sync_error_ = error; }
  // Every change fails with EROFS while this is set.
  void SetReadOnly(bool read_only) { read_only_ = read_only; }

  // What is in the file now; nothing when it is not there.
  std::optional<std::vector<uint8_t>> Contents(const std::string& name) const;

 private:
  class File;

  // An append (`bytes` at `offset`) or, without bytes, a truncation to `offset`.
  struct Change {
    uint64_t offset;
    std::vector<uint8_t> bytes;
  };
  struct Inode {
    std::vector<uint8_t> contents;
    std::vector<uint8_t> durable;  // What a crash leaves at least.
    std::vector<Change> changes;   // From `durable` to `contents`.
    absl::Status sync_failure;
  };
  using Directory = std::map<std::string, std::shared_ptr<Inode>>;
  // Gives `to` the inode, or removes `to` where there is none; removes `from` unless it is empty.
  struct DirectoryChange {
    std::string from;
    std::string to;
    std::shared_ptr<Inode> inode;
  };

  static void Apply(const DirectoryChange& change, Directory& directory);
  static std::vector<uint8_t> Survive(const Inode& inode, SimRandom& random);
  void Record(DirectoryChange change);

  Directory current_;
  Directory durable_;
  std::vector<DirectoryChange> changes_;  // From durable_ to current_.
  uint64_t room_ = UINT64_MAX;            // For appends.
  uint64_t crashes_ = 0;                  // Files of before the last one fail.
  int sync_error_ = 0;
  bool read_only_ = false;
};

}  // namespace netio

#endif  // NETIO_SIM_STORAGE_H_
