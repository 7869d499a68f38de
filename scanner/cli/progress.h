// One line on standard error that says how far a sweep is, rewritten in place.
#ifndef SCANNER_CLI_PROGRESS_H_
#define SCANNER_CLI_PROGRESS_H_

#include <cstdint>
#include <string>

#include "scanner/cli/sweep_snapshot.h"

namespace scanner {

class Progress {
 public:
  // `targets`: how many rows the sweep will have.
  Progress(bool shown, uint64_t targets) : shown_(shown), targets_(targets) {}
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Update(const SweepSnapshot& snapshot);
  // Leaves nothing behind on the screen.
  void Clear();

  // The text of the line; `rate` in rows per second.
  static std::string Line(const SweepSnapshot& snapshot, uint64_t targets, double rate);

 private:
  const bool shown_;
  const uint64_t targets_;
  bool on_screen_ = false;
  // Smoothed over about a second, from what was completed when.
  double rate_ = 0;
  uint64_t completed_ = 0;
  netio::Duration at_{0};
};

}  // namespace scanner

#endif  // SCANNER_CLI_PROGRESS_H_
