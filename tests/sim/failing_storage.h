// A simulated disk whose power fails before any operation that the test names.
#ifndef TESTS_SIM_FAILING_STORAGE_H_
#define TESTS_SIM_FAILING_STORAGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "netio/sim_storage.h"
#include "netio/storage.h"

namespace sim {

// Forwards to a SimStorage. One thread owns it with its files, which it must outlive.
class FailingStorage final : public netio::Storage {
 public:
  explicit FailingStorage(netio::SimStorage& disk) : disk_(disk) {}

  // Calls `action` before the operation that is the `operation`th from now on (1 is the next one), of this
  // and of its files.
  void At(uint64_t operation, std::function<void()> action) {
    action_at_ = operations_ + operation;
    action_ = std::move(action);
  }
  // Then the power fails, as SimStorage::Crash(seed) has it.
  void FailAt(uint64_t operation, uint64_t seed) {
    At(operation, [this, seed] {
      disk_.Crash(seed);
      failed_ = true;
    });
  }
  // Everything fails from when the power failed until it is back.
  bool failed() const { return failed_; }
  // And nothing is to happen any more.
  void PowerOn() {
    failed_ = false;
    action_at_ = UINT64_MAX;
  }

  absl::StatusOr<bool> Exists(const std::string& name) const override;
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> Create(const std::string& name) override;
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> Open(const std::string& name) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& name) override;
  absl::Status Lock(const std::string& name) override { return disk_.Lock(name); }
  absl::Status SyncDirectory() override;

 private:
  class File;

  // Counts an operation; the error where there is no power for it.
  absl::Status Operation() const;
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> Wrap(
      absl::StatusOr<std::unique_ptr<netio::StorageFile>> file);

  netio::SimStorage& disk_;
  mutable uint64_t operations_ = 0;
  bool failed_ = false;
  uint64_t action_at_ = UINT64_MAX;
  std::function<void()> action_;
};

}  // namespace sim

#endif  // TESTS_SIM_FAILING_STORAGE_H_
