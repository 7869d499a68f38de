// Where the octets of a text format go: straight to the file, or through a compressor.
#ifndef SCANNER_SINK_BYTE_STREAM_H_
#define SCANNER_SINK_BYTE_STREAM_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "netio/storage.h"

namespace scanner {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual absl::Status Append(std::span<const uint8_t> bytes) = 0;
  // Everything appended is in the file, which can be read up to here.
  virtual absl::Status Checkpoint() = 0;
};

class PlainStream final : public ByteStream {
 public:
  explicit PlainStream(netio::StorageFile& file) : file_(file) {}

  absl::Status Append(std::span<const uint8_t> bytes) override { return file_.Append(bytes); }
  absl::Status Checkpoint() override { return absl::OkStatus(); }

 private:
  netio::StorageFile& file_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_BYTE_STREAM_H_
