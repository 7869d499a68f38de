#include "netio/sim_storage.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "netio/system_error.h"

namespace netio {
namespace {

constexpr size_t kSector = 512;  // Disks write these whole.

void Write(std::vector<uint8_t>& contents, uint64_t offset, std::span<const uint8_t> bytes) {
  if (contents.size() < offset + bytes.size()) contents.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), contents.begin() + static_cast<std::ptrdiff_t>(offset));
}

template <typename T>
void Shuffle(std::vector<T>& items, SimRandom& random) {
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.Below(i)]);
}

}  // namespace

class SimStorage::File final : public StorageFile {
 public:
  File(SimStorage& storage, std::shared_ptr<Inode> inode, std::string name)
      : storage_(storage), inode_(std::move(inode)), name_(std::move(name)), crashes_(storage.crashes_) {}

  absl::Status Append(std::span<const uint8_t> bytes) override {
    if (absl::Status status = Usable(/*for_writing=*/true); !status.ok()) return status;
    const std::span<const uint8_t> fitting = bytes.first(std::min<uint64_t>(bytes.size(), storage_.room_));
    storage_.room_ -= fitting.size();
    if (!fitting.empty()) {
      const uint64_t offset = inode_->contents.size();
      inode_->changes.push_back({.offset = offset, .bytes = {fitting.begin(), fitting.end()}});
      Write(inode_->contents, offset, fitting);
    }
    return fitting.size() == bytes.size() ? absl::OkStatus() : SystemError(name_, ENOSPC);
  }

  absl::Status Sync() override {
    if (absl::Status status = Usable(/*for_writing=*/false); !status.ok()) return status;
    if (const int error = std::exchange(storage_.sync_error_, 0); error != 0) {
      inode_->sync_failure = SystemError(name_, error);
      return inode_->sync_failure;
    }
    inode_->durable = inode_->contents;
    inode_->changes.clear();
    return absl::OkStatus();
  }

  absl::Status Truncate(uint64_t size) override {
    if (absl::Status status = Usable(/*for_writing=*/true); !status.ok()) return status;
    inode_->changes.push_back({.offset = size, .bytes = {}});
    inode_->contents.resize(size);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Size() const override {
    if (absl::Status status = Usable(/*for_writing=*/false); !status.ok()) return status;
    return inode_->contents.size();
  }

  absl::StatusOr<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    if (absl::Status status = Usable(/*for_writing=*/false); !status.ok()) return status;
    const std::vector<uint8_t>& contents = inode_->contents;
    if (offset >= contents.size()) return 0;
    const size_t count = std::min<uint64_t>(out.size(), contents.size() - offset);
    std::copy_n(contents.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
    return count;
  }

 private:
  absl::Status Usable(bool for_writing) const {
    if (crashes_ != storage_.crashes_) return SystemError(name_, EIO);
    if (!inode_->sync_failure.ok()) return inode_->sync_failure;
    if (for_writing && storage_.read_only_) return SystemError(name_, EROFS);
    return absl::OkStatus();
  }

  SimStorage& storage_;
  std::shared_ptr<Inode> inode_;
  std::string name_;
  const uint64_t crashes_;  // When the file was opened.
};

absl::StatusOr<bool> SimStorage::Exists(const std::string& name) const { return current_.contains(name); }

absl::StatusOr<std::unique_ptr<StorageFile>> SimStorage::Create(const std::string& name) {
  if (current_.contains(name)) return SystemError(name, EEXIST);
  if (read_only_) return SystemError(name, EROFS);
  auto inode = std::make_shared<Inode>();
  Record({.from = {}, .to = name, .inode = inode});
  return std::make_unique<File>(*this, std::move(inode), name);
}

absl::StatusOr<std::unique_ptr<StorageFile>> SimStorage::Open(const std::string& name) {
  const auto found = current_.find(name);
  if (found == current_.end()) return SystemError(name, ENOENT);
  if (read_only_) return SystemError(name, EROFS);
  return std::make_unique<File>(*this, found->second, name);
}

absl::Status SimStorage::Rename(const std::string& from, const std::string& to) {
  const auto found = current_.find(from);
  if (found == current_.end()) return SystemError(to, ENOENT);
  if (read_only_) return SystemError(to, EROFS);
  if (from != to) Record({.from = from, .to = to, .inode = found->second});
  return absl::OkStatus();
}

absl::Status SimStorage::Remove(const std::string& name) {
  if (!current_.contains(name)) return SystemError(name, ENOENT);
  if (read_only_) return SystemError(name, EROFS);
  Record({.from = {}, .to = name, .inode = nullptr});
  return absl::OkStatus();
}

absl::Status SimStorage::Lock(const std::string& /*name*/) { return absl::OkStatus(); }

absl::Status SimStorage::SyncDirectory() {
  durable_ = current_;
  changes_.clear();
  return absl::OkStatus();
}

void SimStorage::Record(DirectoryChange change) {
  Apply(change, current_);
  changes_.push_back(std::move(change));
}

void SimStorage::Apply(const DirectoryChange& change, Directory& directory) {
  if (!change.from.empty()) directory.erase(change.from);
  if (change.inode != nullptr) {
    directory[change.to] = change.inode;
  } else {
    directory.erase(change.to);
  }
}

std::vector<uint8_t> SimStorage::Survive(const Inode& inode, SimRandom& random) {
  enum class Fate : uint64_t { kLost, kWhole, kPieces };
  std::vector<Change> changes = inode.changes;
  if (random.Below(2) == 0) Shuffle(changes, random);
  std::vector<uint8_t> survived = inode.durable;
  for (const Change& change : changes) {
    const Fate fate = static_cast<Fate>(random.Below(3));
    if (fate == Fate::kLost) continue;
    if (change.bytes.empty()) {
      survived.resize(std::min<uint64_t>(survived.size(), change.offset));
      continue;
    }
    const std::span<const uint8_t> bytes = change.bytes;
    for (size_t at = 0; at < bytes.size(); at += kSector) {
      if (fate == Fate::kPieces && random.Below(2) == 0) continue;
      Write(survived, change.offset + at, bytes.subspan(at, std::min(kSector, bytes.size() - at)));
    }
  }
  return survived;
}

void SimStorage::Crash(uint64_t seed) {
  SimRandom random(seed);
  std::vector<DirectoryChange> changes = std::exchange(changes_, {});
  if (random.Below(2) == 0) Shuffle(changes, random);
  for (const DirectoryChange& change : changes) {
    if (random.Below(2) == 0) Apply(change, durable_);
  }
  ++crashes_;
  std::map<Inode*, std::shared_ptr<Inode>> survivors;  // A renamed file may be there under both names.
  for (auto& [name, inode] : durable_) {
    std::shared_ptr<Inode>& survivor = survivors[inode.get()];
    if (survivor == nullptr) {
      survivor = std::make_shared<Inode>();
      survivor->contents = survivor->durable = Survive(*inode, random);
    }
    inode = survivor;
  }
  current_ = durable_;
}

std::optional<std::vector<uint8_t>> SimStorage::Contents(const std::string& name) const {
  const auto found = current_.find(name);
  if (found == current_.end()) return std::nullopt;
  return found->second->contents;
}

}  // namespace netio
