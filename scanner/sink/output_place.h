// Where the path of an output leads.
#ifndef SCANNER_SINK_OUTPUT_PLACE_H_
#define SCANNER_SINK_OUTPUT_PLACE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "netio/storage.h"

namespace scanner {

struct OutputPlace {
  // Standard output, a FIFO or a device, opened, which is written as it is; else null, and the next two say
  // where the file is or will be.
  std::unique_ptr<netio::StorageFile> special;
  std::unique_ptr<netio::Storage> storage;
  std::string name;  // In `storage`.
};

// `-` is standard output. Creates nothing.
absl::StatusOr<OutputPlace> FindOutputPlace(const std::string& path);

}  // namespace scanner

#endif  // SCANNER_SINK_OUTPUT_PLACE_H_
