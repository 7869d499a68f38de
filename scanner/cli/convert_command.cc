#include "scanner/cli/convert_command.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "netio/clock.h"
#include "scanner/cli/broken_pipe.h"
#include "scanner/cli/complaint.h"
#include "scanner/cli/conversion.h"
#include "scanner/cli/convert_plan.h"
#include "scanner/cli/driver_events.h"
#include "scanner/cli/human_text.h"

namespace scanner {
namespace {

constexpr netio::Duration kTick = std::chrono::milliseconds(250);
constexpr netio::Duration kPatience = std::chrono::seconds(1);

[[noreturn]] void EndInterrupted() {
  Complain("interrupted; nothing was written");
  // The thread may wait for ever, and nobody waits for it.
  std::_Exit(static_cast<int>(ExitCode::kInterrupted));
}

// Runs the conversion in a thread of its own while this one waits for signals.
ExitCode RunUntilSignal(Conversion& conversion) {
  const DriverEvents events;
  ExitCode code = ExitCode::kCannotGoOn;
  std::atomic<bool> done = false;
  std::thread worker([&] {
    code = conversion.Run();
    done = true;
    events.Notify();
  });
  netio::Instant give_up = netio::Instant::max();
  while (!done) {
    if (events.Wait(kTick) > 0 && give_up == netio::Instant::max()) {
      conversion.Stop();
      give_up = netio::MonotonicNow() + kPatience;
    }
    if (!done && netio::MonotonicNow() >= give_up && !conversion.has_file()) EndInterrupted();
  }
  worker.join();
  return code;
}

std::string Counted(uint64_t number, const char* what) {
  return Grouped(number) + " " + what + (number == 1 ? "" : "s");
}

void PrintSummary(const ConvertPlan& plan, const ConvertCounts& counts) {
  std::string text = Counted(counts.read, "row") + " from " + Counted(plan.inputs.size(), "file") + "; ";
  if (counts.replaced != 0)
    text += Grouped(counts.replaced) + " replaced by a better one of the same address; ";
  text += Grouped(counts.written) + " written to " + (plan.output == "-" ? "standard output" : plan.output);
  std::fprintf(stderr, "%s\n", text.c_str());
}

}  // namespace

ExitCode RunConvert(const ConvertOptions& options) {
  const absl::StatusOr<ConvertPlan> plan = PlanConvert(options);
  if (!plan.ok()) {
    Complain(plan.status());
    return ExitCode::kBadUsage;
  }
  Conversion conversion(*plan);
  const ExitCode code = RunUntilSignal(conversion);
  if (code == ExitCode::kComplete && !options.quiet) PrintSummary(*plan, conversion.counts());
  if (code == ExitCode::kInterrupted) Complain("interrupted; nothing was written");
  if (conversion.why().ok()) return code;
  if (code == ExitCode::kCannotGoOn && plan->output == "-" && ReaderIsGone()) EndByBrokenPipe();
  Complain(conversion.why());
  return code;
}

}  // namespace scanner
