// Files, pipes and devices that are read.
#ifndef NETIO_INPUT_FILE_H_
#define NETIO_INPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "netio/file_descriptor.h"

namespace netio {

// Blocking; errors name the file.
class InputFile {
 public:
  static absl::StatusOr<InputFile> Open(const std::string& path);
  // On a duplicate of `fd`, such as that of standard input; errors call it `name`.
  static absl::StatusOr<InputFile> FromDescriptor(int fd, const std::string& name);

  const std::string& name() const { return name_; }
  // Of a regular file, when it was opened; nothing for a pipe or a device, which has no places to read at.
  std::optional<uint64_t> size() const { return size_; }

  // What comes next: at most out.size() octets, none at the end only.
  absl::StatusOr<size_t> Read(std::span<uint8_t> out);
  // Of a regular file; short at its end. Read goes on where it was.
  absl::StatusOr<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const;

 private:
  InputFile(FileDescriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  static absl::StatusOr<InputFile> FromOpen(FileDescriptor fd, const std::string& name);

  FileDescriptor fd_;
  std::string name_;
  std::optional<uint64_t> size_;
};

}  // namespace netio

#endif  // NETIO_INPUT_FILE_H_
