#include "scanner/cli/side_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "netio/system_error.h"

namespace scanner {

absl::StatusOr<SideFile> SideFile::Create(const std::string& option, const std::string& path) {
  SideFile file;
  file.fd_ =
      netio::FileDescriptor(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666));
  if (!file.fd_.valid()) return netio::SystemError(option + " " + path);
  file.path_ = path;
  return file;
}

absl::Status SideFile::Write(const std::string& text) {
  for (std::string_view rest = text; fd_.valid() && !rest.empty();) {
    const ssize_t written = write(fd_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      absl::Status status = netio::SystemError(path_);
      fd_.Close();
      return status;
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace scanner
