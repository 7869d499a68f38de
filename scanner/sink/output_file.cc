#include "scanner/sink/output_file.h"

#include <utility>

#include "scanner/sink/output_place.h"

namespace scanner {
namespace {

constexpr const char* kPartial = ".partial";

// Whether `name` is there and may not be.
absl::Status RefuseExisting(const netio::Storage& storage, const std::string& name, const char* advice) {
  const absl::StatusOr<bool> exists = storage.Exists(name);
  if (!exists.ok()) return exists.status();
  if (!*exists) return absl::OkStatus();
  return absl::AlreadyExistsError(name + advice);
}

absl::Status RemoveExisting(netio::Storage& storage, const std::string& name) {
  const absl::Status status = storage.Remove(name);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::CreateIn(netio::Storage& storage,
                                                                 const std::string& name, bool overwrite) {
  const std::string partial = name + kPartial;
  if (overwrite) {
    if (absl::Status status = RemoveExisting(storage, partial); !status.ok()) return status;
  } else {
    for (const absl::Status& status :
         {RefuseExisting(storage, name, " exists; --overwrite replaces it"),
          RefuseExisting(storage, partial,
                         " is there from an interrupted scan; --overwrite starts afresh")}) {
      if (!status.ok()) return status;
    }
  }
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> file = storage.Create(partial);
  if (!file.ok()) return file.status();
  if (absl::Status status = storage.SyncDirectory(); !status.ok()) return status;
  std::unique_ptr<OutputFile> output(new OutputFile);
  output->storage_ = &storage;
  output->name_ = name;
  output->overwrite_ = overwrite;
  output->file_ = std::move(*file);
  return output;
}

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path, bool overwrite) {
  absl::StatusOr<OutputPlace> place = FindOutputPlace(path);
  if (!place.ok()) return place.status();
  if (place->special != nullptr) {
    std::unique_ptr<OutputFile> output(new OutputFile);
    output->file_ = std::move(place->special);
    return output;
  }
  absl::StatusOr<std::unique_ptr<OutputFile>> output = CreateIn(*place->storage, place->name, overwrite);
  if (output.ok()) (*output)->owned_storage_ = std::move(place->storage);
  return output;
}

absl::Status OutputFile::Keep() { return file_->Sync(); }

absl::Status OutputFile::Discard() {
  if (storage_ == nullptr) return absl::OkStatus();
  if (absl::Status status = storage_->Remove(name_ + kPartial); !status.ok()) return status;
  return storage_->SyncDirectory();
}

absl::Status OutputFile::Complete() {
  if (absl::Status status = file_->Sync(); !status.ok()) return status;
  if (storage_ == nullptr) return absl::OkStatus();
  if (!overwrite_) {
    // Another program may have made it since the scan began.
    absl::Status status = RefuseExisting(*storage_, name_, " has appeared; the results stay in FILE.partial");
    if (!status.ok()) return status;
  }
  if (absl::Status status = storage_->Rename(name_ + kPartial, name_); !status.ok()) return status;
  return storage_->SyncDirectory();
}

}  // namespace scanner
