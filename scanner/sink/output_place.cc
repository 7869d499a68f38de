#include "scanner/sink/output_place.h"

#include <unistd.h>

#include <utility>

#include "netio/file_storage.h"

namespace scanner {

absl::StatusOr<OutputPlace> FindOutputPlace(const std::string& path) {
  absl::StatusOr<std::unique_ptr<netio::StorageFile>> special =
      path == "-" ? netio::OpenDescriptor(STDOUT_FILENO, "standard output") : netio::OpenSpecialFile(path);
  if (!special.ok()) return special.status();
  OutputPlace place;
  place.special = *std::move(special);
  if (place.special != nullptr) return place;
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : path.substr(0, slash == 0 ? 1 : slash);
  place.name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (place.name.empty()) return absl::InvalidArgumentError("'" + path + "' names no file");
  absl::StatusOr<std::unique_ptr<netio::FileStorage>> storage = netio::FileStorage::OpenDirectory(directory);
  if (!storage.ok()) return storage.status();
  place.storage = *std::move(storage);
  return place;
}

}  // namespace scanner
