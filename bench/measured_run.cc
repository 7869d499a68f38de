// measured_run CORES COMMAND...: runs a command on some cores, such as 0 or 0,1, and says on standard error
// what it took.
//
// One line of JSON, the last one: exit status, user and system seconds, wall seconds, peak memory in KiB. A
// program inherits the peak memory of the one that starts it: this one is small.
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace {

constexpr int kNotStarted = 127;

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Numbers between commas; false when that is not what it is.
bool ReadCores(const char* text, cpu_set_t& out) {
  const char* const end = text + std::strlen(text);
  CPU_ZERO(&out);
  while (true) {
    unsigned core = 0;
    const auto [rest, error] = std::from_chars(text, end, core);
    if (error != std::errc() || core >= CPU_SETSIZE) return false;
    CPU_SET(core, &out);
    if (rest == end) return true;
    if (*rest != ',') return false;
    text = rest + 1;
  }
}

// What is left of an interrupted comparison would disturb the next one.
[[noreturn]] void Become(const cpu_set_t& cores, char** command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (sched_setaffinity(0, sizeof(cores), &cores) != 0) std::perror("measured_run: sched_setaffinity");
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(kNotStarted);
}

}  // namespace

int main(int argc, char** argv) {
  cpu_set_t cores;
  if (argc < 3 || !ReadCores(argv[1], cores)) {
    std::fprintf(stderr, "usage: measured_run CORES COMMAND...\n");
    return 2;
  }
  const auto begun = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) Become(cores, argv + 2);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) {
    std::perror("measured_run");
    return 1;
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
  std::fprintf(stderr,
               "{\"status\": %d, \"user\": %.6f, \"system\": %.6f, \"wall\": %.6f, \"peak_kib\": %ld}\n",
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), Seconds(usage.ru_utime),
               Seconds(usage.ru_stime), wall.count(), usage.ru_maxrss);
  return 0;
}
