// The file of a scan's results: written as FILE.partial, and FILE only when it is complete.
#ifndef SCANNER_SINK_OUTPUT_FILE_H_
#define SCANNER_SINK_OUTPUT_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/storage.h"

namespace scanner {

class OutputFile {
 public:
  // Opens `path` for a new result. `-` is standard output; a FIFO or a device is written as it is. Where FILE
  // or FILE.partial exists: kAlreadyExists without `overwrite`; with it, FILE stays until it is replaced.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path, bool overwrite);
  // The same for the file `name` of `storage`, which must outlive the result.
  static absl::StatusOr<std::unique_ptr<OutputFile>> CreateIn(netio::Storage& storage,
                                                              const std::string& name, bool overwrite);

  netio::StorageFile& file() { return *file_; }

  // All is written: makes it durable and gives it its name.
  absl::Status Complete();
  // What is written is all there will be for now: makes it durable as FILE.partial.
  absl::Status Keep();
  // There is nothing to keep: removes FILE.partial. What was written to a FIFO or a device stays.
  absl::Status Discard();

 private:
  OutputFile() = default;

  std::unique_ptr<netio::Storage> owned_storage_;
  netio::Storage* storage_ = nullptr;  // Null: there is no name to give.
  std::string name_;
  bool overwrite_ = false;
  std::unique_ptr<netio::StorageFile> file_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_OUTPUT_FILE_H_
