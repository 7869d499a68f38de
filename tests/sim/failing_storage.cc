#include "tests/sim/failing_storage.h"

#include <utility>

namespace sim {

class FailingStorage::File final : public netio::StorageFile {
 public:
  File(const FailingStorage& storage, std::unique_ptr<netio::StorageFile> file)
      : storage_(storage), file_(std::move(file)) {}

  absl::Status Append(std::span<const uint8_t> bytes) override {
    const absl::Status power = storage_.Operation();
    return power.ok() ? file_->Append(bytes) : power;
  }
  absl::Status Sync() override {
    const absl::Status power = storage_.Operation();
    return power.ok() ? file_->Sync() : power;
  }
  absl::Status Truncate(uint64_t size) override {
    const absl::Status power = storage_.Operation();
    return power.ok() ? file_->Truncate(size) : power;
  }
  absl::StatusOr<uint64_t> Size() const override {
    absl::Status power = storage_.Operation();
    if (!power.ok()) return power;
    return file_->Size();
  }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    absl::Status power = storage_.Operation();
    if (!power.ok()) return power;
    return file_->ReadAt(offset, out);
  }

 private:
  const FailingStorage& storage_;
  std::unique_ptr<netio::StorageFile> file_;
};

absl::Status FailingStorage::Operation() const {
  if (++operations_ == action_at_) action_();
  return failed_ ? absl::UnavailableError("the power has failed") : absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<netio::StorageFile>> FailingStorage::Wrap(
    absl::StatusOr<std::unique_ptr<netio::StorageFile>> file) {
  if (!file.ok()) return file.status();
  return std::make_unique<File>(*this, *std::move(file));
}

absl::StatusOr<bool> FailingStorage::Exists(const std::string& name) const {
  absl::Status power = Operation();
  if (!power.ok()) return power;
  return disk_.Exists(name);
}

absl::StatusOr<std::unique_ptr<netio::StorageFile>> FailingStorage::Create(const std::string& name) {
  absl::Status power = Operation();
  if (!power.ok()) return power;
  return Wrap(disk_.Create(name));
}

absl::StatusOr<std::unique_ptr<netio::StorageFile>> FailingStorage::Open(const std::string& name) {
  absl::Status power = Operation();
  if (!power.ok()) return power;
  return Wrap(disk_.Open(name));
}

absl::Status FailingStorage::Rename(const std::string& from, const std::string& to) {
  const absl::Status power = Operation();
  return power.ok() ? disk_.Rename(from, to) : power;
}

absl::Status FailingStorage::Remove(const std::string& name) {
  const absl::Status power = Operation();
  return power.ok() ? disk_.Remove(name) : power;
}

absl::Status FailingStorage::SyncDirectory() {
  const absl::Status power = Operation();
  return power.ok() ? disk_.SyncDirectory() : power;
}

}  // namespace sim
