// One line on standard error that says how far a sweep is, rewritten in place.
#ifndef SCANNER_CLI_PROGRESS_H_
#define SCANNER_CLI_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "scanner/cli/sweep_snapshot.h"

namespace scanner {

class Progress {
 public:
  // `targets`: how many rows the sweep will have. `completed` of them were there, after `elapsed`, before
  // this run.
  Progress(bool shown, uint64_t targets, uint64_t completed = 0, netio::Duration elapsed = {})
      : shown_(shown), targets_(targets), completed_(completed), at_(elapsed) {}
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
  std::optional<double> rate_;
  uint64_t completed_;
  netio::Duration at_;
};

}  // namespace scanner

#endif  // SCANNER_CLI_PROGRESS_H_
