// A file of results that is made in one go: written as FILE.partial, and FILE only when it is complete.
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
  // Looks at what is there, and touches nothing. `path` as FindOutputPlace has it. Where FILE, or what an
  // interrupted scan has left of it, is there: kAlreadyExists without `overwrite`.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Find(const std::string& path, bool overwrite);
  // The same for the file `name` of `storage`, which must outlive the result. `shown`: FILE in messages.
  static absl::StatusOr<std::unique_ptr<OutputFile>> FindIn(netio::Storage& storage, const std::string& name,
                                                            const std::string& shown, bool overwrite);

  // Whether it is a file with a name: not standard output, a FIFO or a device, which are written as they are.
  bool named() const { return storage_ != nullptr; }

  // Creates FILE.partial. FILE stays until it is replaced; what an interrupted scan has left goes.
  absl::Status Create();
  // After Create.
  netio::StorageFile& file() { return *file_; }

  // All is written: makes it durable and gives it its name.
  absl::Status Complete();
  // Removes FILE.partial. What was written to a FIFO or a device stays.
  absl::Status Discard();

 private:
  OutputFile() = default;

  absl::Status RefuseWhatIsThere() const;

  std::unique_ptr<netio::Storage> owned_storage_;
  netio::Storage* storage_ = nullptr;  // Null: there is no name to give.
  std::string name_;
  std::string shown_;  // FILE in messages.
  bool overwrite_ = false;
  std::unique_ptr<netio::StorageFile> file_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_OUTPUT_FILE_H_
