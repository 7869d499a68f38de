// A file beside the results: metadata or status. Opened, and emptied, before the sweep.
#ifndef SCANNER_CLI_SIDE_FILE_H_
#define SCANNER_CLI_SIDE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netio/file_descriptor.h"

namespace scanner {

class SideFile {
 public:
  SideFile() = default;  // None: writing does nothing.

  // An error names the option and the file.
  static absl::StatusOr<SideFile> Create(const std::string& option, const std::string& path);

  bool valid() const { return fd_.valid(); }
  // Once it has failed it does nothing.
  absl::Status Write(const std::string& text);

 private:
  netio::FileDescriptor fd_;
  std::string path_;
};

}  // namespace scanner

#endif  // SCANNER_CLI_SIDE_FILE_H_
