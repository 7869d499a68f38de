// Failed system calls as statuses for people.
#ifndef NETIO_SYSTEM_ERROR_H_
#define NETIO_SYSTEM_ERROR_H_

#include <cerrno>
#include <string>
#include <system_error>

#include "absl/status/status.h"

namespace netio {

// "what: No such file or directory", with the code that belongs to `error`.
inline absl::Status SystemError(const std::string& what, int error = errno) {
  return absl::Status(absl::ErrnoToStatusCode(error), what + ": " + std::generic_category().message(error));
}

}  // namespace netio

#endif  // NETIO_SYSTEM_ERROR_H_
