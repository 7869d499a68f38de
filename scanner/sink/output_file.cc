#include "scanner/sink/output_file.h"

#include <utility>

#include "scanner/sink/output_place.h"

namespace scanner {
namespace {

constexpr const char* kPartial = ".partial";
constexpr const char* kJournal = ".journal";

absl::Status RefuseExisting(const netio::Storage& storage, const std::string& name, const std::string& why) {
  const absl::StatusOr<bool> exists = storage.Exists(name);
  if (!exists.ok()) return exists.status();
  return *exists ? absl::AlreadyExistsError(why) : absl::OkStatus();
}

absl::Status RemoveExisting(netio::Storage& storage, const std::string& name) {
  const absl::Status status = storage.Remove(name);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::FindIn(netio::Storage& storage,
                                                               const std::string& name,
                                                               const std::string& shown, bool overwrite) {
  std::unique_ptr<OutputFile> output(new OutputFile);
  output->storage_ = &storage;
  output->name_ = name;
  output->shown_ = shown;
  output->overwrite_ = overwrite;
  if (absl::Status status = output->RefuseWhatIsThere(); !status.ok()) return status;
  return output;
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Find(const std::string& path, bool overwrite) {
  absl::StatusOr<OutputPlace> place = FindOutputPlace(path);
  if (!place.ok()) return place.status();
  if (place->special != nullptr) {
    std::unique_ptr<OutputFile> output(new OutputFile);
    output->file_ = std::move(place->special);
    return output;
  }
  absl::StatusOr<std::unique_ptr<OutputFile>> output = FindIn(*place->storage, place->name, path, overwrite);
  if (output.ok()) (*output)->owned_storage_ = std::move(place->storage);
  return output;
}

absl::Status OutputFile::RefuseWhatIsThere() const {
  for (const char* const ending : {"", kPartial, kJournal}) {
    const char* const why = *ending == '\0' ? " exists" : " is left from an interrupted run";
    absl::Status status =
        RefuseExisting(*storage_, name_ + ending, shown_ + ending + why + "; --overwrite replaces it");
    // What cannot be looked for is in the way also with --overwrite.
    if (!status.ok() && !(overwrite_ && absl::IsAlreadyExists(status))) return status;
  }
  return absl::OkStatus();
}

absl::Status OutputFile::Create() {
  if (storage_ == nullptr) return absl::OkStatus();
  if (overwrite_) {
    // The journal first: without it the other is no scan that could be gone on with.
    for (const char* const ending : {kJournal, kPartial}) {
      if (absl::Status status = RemoveExisting(*storage_, name_ + ending); !status.ok()) return status;
    }
  }
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = storage_->Create(name_ + kPartial);
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  return storage_->SyncDirectory();
}

absl::Status OutputFile::Discard() {
  if (storage_ == nullptr) return absl::OkStatus();
  if (absl::Status status = storage_->Remove(name_ + kPartial); !status.ok()) return status;
  return storage_->SyncDirectory();
}

absl::Status OutputFile::Complete() {
  if (absl::Status status = file_->Sync(); !status.ok()) return status;
  if (storage_ == nullptr) return absl::OkStatus();
  if (!overwrite_) {
    // Another program may have made it since.
    absl::Status status = RefuseExisting(*storage_, name_, shown_ + " has appeared; --overwrite replaces it");
    if (!status.ok()) return status;
  }
  if (absl::Status status = storage_->Rename(name_ + kPartial, name_); !status.ok()) return status;
  return storage_->SyncDirectory();
}

}  // namespace scanner
