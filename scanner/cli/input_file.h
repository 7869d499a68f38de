// Files that the user names.
#ifndef SCANNER_CLI_INPUT_FILE_H_
#define SCANNER_CLI_INPUT_FILE_H_

#include <cerrno>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "netio/system_error.h"

namespace scanner {

// Opens `path` for reading; InvalidArgument with the option and the reason when that fails.
inline absl::Status OpenInput(const std::string& option, const std::string& path, std::ifstream& in) {
  in.open(path);
  if (in.is_open()) return absl::OkStatus();
  const absl::Status why = netio::SystemError(option + " " + path, errno);
  return absl::InvalidArgumentError(why.message());
}

}  // namespace scanner

#endif  // SCANNER_CLI_INPUT_FILE_H_
