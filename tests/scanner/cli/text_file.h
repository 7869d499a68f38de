// A file with some text, for as long as a test needs it.
#ifndef TESTS_SCANNER_CLI_TEXT_FILE_H_
#define TESTS_SCANNER_CLI_TEXT_FILE_H_

#include <stdlib.h>
#include <unistd.h>

#include <cassert>
#include <string>

namespace scanner {

class TextFile {
 public:
  explicit TextFile(const std::string& text) : path_("/tmp/arpasweep_test_XXXXXX") {
    const int fd = mkstemp(path_.data());
    assert(fd >= 0);
    const ssize_t written = write(fd, text.data(), text.size());
    assert(written == static_cast<ssize_t>(text.size()));
    close(fd);
  }
  ~TextFile() { unlink(path_.c_str()); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace scanner

#endif  // TESTS_SCANNER_CLI_TEXT_FILE_H_
