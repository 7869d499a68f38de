#include "scanner/sink/output_file.h"

#include <unistd.h>

#include <utility>

#include "netio/file_storage.h"

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
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> special =
      path == "-" ? netio::OpenDescriptor(STDOUT_FILENO, "standard output") : netio::OpenSpecialFile(path);
  if (!special.ok()) return special.status();
  if (*special != nullptr) {
    std::unique_ptr<OutputFile> output(new OutputFile);
    output->file_ = std::move(*special);
    return output;
  }
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : path.substr(0, slash == 0 ? 1 : slash);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.empty()) return absl::InvalidArgumentError("'" + path + "' names no file");
  absl::StatusOr<std::unique_ptr<netio::FileStorage>> storage = netio::FileStorage::OpenDirectory(directory);
  if (!storage.ok()) return storage.status();
  absl::StatusOr<std::unique_ptr<OutputFile>> output = CreateIn(**storage, name, overwrite);
  if (output.ok()) (*output)->owned_storage_ = std::move(*storage);
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
