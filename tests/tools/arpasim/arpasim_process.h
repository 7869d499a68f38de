// Runs the binary arpasim as a child.
#ifndef TESTS_TOOLS_ARPASIM_ARPASIM_PROCESS_H_
#define TESTS_TOOLS_ARPASIM_ARPASIM_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace arpasim {

class ArpasimProcess {
 public:
  explicit ArpasimProcess(const std::vector<std::string>& arguments);
  ~ArpasimProcess();
  ArpasimProcess(const ArpasimProcess&) = delete;
  ArpasimProcess& operator=(const ArpasimProcess&) = delete;

  // Reads the next `listening ADDR:PORT` and returns the port; 0 when there is none.
  uint16_t ReadPort();

  struct Result {
    int status;  // Of exit; -1 when a signal ended it.
    std::string out;
    std::string err;
  };
  // Reads what is left and waits for the end.
  Result Wait();
  // The same after SIGTERM.
  Result Stop();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

}  // namespace arpasim

#endif  // TESTS_TOOLS_ARPASIM_ARPASIM_PROCESS_H_
