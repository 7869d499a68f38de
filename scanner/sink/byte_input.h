// Octets that come one behind another: from a file, or out of a decompressor.
#ifndef SCANNER_SINK_BYTE_INPUT_H_
#define SCANNER_SINK_BYTE_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/status/statusor.h"
#include "netio/input_file.h"

namespace scanner {

class ByteInput {
 public:
  virtual ~ByteInput() = default;
  // What comes next: at most out.size() octets, which is not 0; none at the end only. Errors name the file.
  virtual absl::StatusOr<size_t> Read(std::span<uint8_t> out) = 0;
};

class FileInput final : public ByteInput {
 public:
  explicit FileInput(netio::InputFile file) : file_(std::move(file)) {}

  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override { return file_.Read(out); }

 private:
  netio::InputFile file_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_BYTE_INPUT_H_
