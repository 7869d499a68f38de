#include "tests/netio/child_process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "netio/file_descriptor.h"

namespace netio {
namespace {

bool WriteFile(const char* path, const std::string& text) {
  const FileDescriptor file(open(path, O_WRONLY | O_CLOEXEC));
  return file.valid() && write(file.get(), text.data(), text.size()) == std::ssize(text);
}

}  // namespace

std::string InChild(const std::function<std::string()>& steps) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return "no pipe";
  const FileDescriptor input(ends[0]);
  FileDescriptor output(ends[1]);
  const pid_t child = fork();
  if (child == 0) {
    const std::string wrong = steps();
    const bool written = write(output.get(), wrong.data(), wrong.size()) == std::ssize(wrong);
    _exit(written ? 0 : 1);
  }
  output.Close();
  std::string wrong;
  std::array<char, 512> buffer;
  for (ssize_t size = 0; (size = read(input.get(), buffer.data(), buffer.size())) > 0;) {
    wrong.append(buffer.data(), static_cast<size_t>(size));
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) wrong += " child failed";
  return wrong;
}

bool EnterOwnNetwork() {
  const std::string user = std::to_string(geteuid());
  const std::string group = std::to_string(getegid());
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  return WriteFile("/proc/self/setgroups", "deny") && WriteFile("/proc/self/uid_map", "0 " + user + " 1") &&
         WriteFile("/proc/self/gid_map", "0 " + group + " 1");
}

}  // namespace netio
