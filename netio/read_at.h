// Reading at a place of a file.
#ifndef NETIO_READ_AT_H_
#define NETIO_READ_AT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace netio {

// Fills `out` with what is at `offset` of `fd` and returns how much that was: less at the end. An error names
// `name`.
absl::StatusOr<size_t> ReadAt(int fd, const std::string& name, uint64_t offset, std::span<uint8_t> out);

}  // namespace netio

#endif  // NETIO_READ_AT_H_
