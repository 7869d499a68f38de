#include "scanner/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "scanner/cli/human_text.h"

namespace scanner {
namespace {

constexpr const char* kClearLine = "\r\x1b[K";

// Columns of the terminal; nothing is cut where standard error is none.
size_t Width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return SIZE_MAX;
  return size.ws_col;
}

}  // namespace

std::string Progress::Line(const SweepSnapshot& snapshot, uint64_t targets, double rate) {
  const SinkCounts& counts = snapshot.counts;
  const auto verdicts = [&](Verdict verdict) { return counts.verdicts[static_cast<size_t>(verdict)]; };
  std::string line =
      Percent(counts.completed, targets) + "  " + Grouped(counts.completed) + "/" + Grouped(targets);
  line += "  " + Grouped(static_cast<uint64_t>(rate)) + "/s";
  line += "  PTR " + Percent(counts.found, counts.completed);
  line += "  pass " + Percent(verdicts(Verdict::kPass), counts.found);
  line += "  transient " + Percent(verdicts(Verdict::kTemperror), counts.completed);
  line += "  in flight " + Grouped(snapshot.in_flight) + " of " + Grouped(snapshot.window);
  if (rate >= 1 && targets >= counts.completed) {
    const auto left = static_cast<double>(targets - counts.completed) / rate;
    constexpr double kYear = 365.0 * 86'400;
    if (left < kYear) line += "  ETA " + Elapsed(std::chrono::seconds(static_cast<int64_t>(left)));
  }
  return line;
}

void Progress::Update(const SweepSnapshot& snapshot) {
  if (!shown_) return;
  const double seconds = std::chrono::duration<double>(snapshot.elapsed - at_).count();
  if (seconds > 0) {
    const double now = static_cast<double>(snapshot.counts.completed - completed_) / seconds;
    rate_ = !rate_ || *rate_ == 0 ? now : *rate_ + (now - *rate_) / 4;
  }
  completed_ = snapshot.counts.completed;
  at_ = snapshot.elapsed;
  std::string line = Line(snapshot, targets_, rate_.value_or(0));
  if (const size_t width = Width(); line.size() >= width) line.resize(width - 1);
  std::fprintf(stderr, "%s%s", kClearLine, line.c_str());
  std::fflush(stderr);
  on_screen_ = true;
}

void Progress::Clear() {
  if (!on_screen_) return;
  std::fputs(kClearLine, stderr);
  std::fflush(stderr);
  on_screen_ = false;
}

}  // namespace scanner
