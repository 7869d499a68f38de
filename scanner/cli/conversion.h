// The work of `arpasweep convert`: reads results, sorts and merges them, and writes them in another format.
#ifndef SCANNER_CLI_CONVERSION_H_
#define SCANNER_CLI_CONVERSION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "scanner/cli/convert_plan.h"
#include "scanner/cli/exit_code.h"
#include "scanner/sink/output_file.h"
#include "scanner/sink/record_reader.h"
#include "scanner/sink/record_sorter.h"
#include "scanner/sink/row_group_spool.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

struct ConvertCounts {
  uint64_t read = 0;
  uint64_t replaced = 0;  // By another row of their address.
  uint64_t written = 0;
};

// One thread runs it; any other may stop it and ask whether it has a file.
class Conversion {
 public:
  // `plan` outlives the conversion.
  explicit Conversion(const ConvertPlan& plan);

  // All inputs have been read before the output is made. On any end but kComplete nothing is left of it.
  ExitCode Run();
  // Run ends soon with kInterrupted, unless it waits for an input or for somebody who reads the output.
  void Stop() { stop_.store(true, std::memory_order_relaxed); }
  // Whether there is a file that Run removes when it does not complete it.
  bool has_file() const { return has_file_.load(); }

  // After Run. Why it ended so: not OK unless it was kComplete or kInterrupted.
  const absl::Status& why() const { return why_; }
  const ConvertCounts& counts() const { return counts_; }

 private:
  bool stopped() const { return stop_.load(std::memory_order_relaxed); }
  ExitCode End(ExitCode code, const absl::Status& why);
  ExitCode ReadInputs();
  ExitCode ReadInput(const std::string& path);
  absl::Status CheckColumns(const RecordReader& input) const;
  void AddColumns(const std::vector<Column>& columns);
  void AgreeOnFacts(const FileFacts& facts);
  ExitCode WriteOutput();
  absl::Status WriteRows(RowSink& sink, RowGroupSpool& row_groups);
  FileFacts Facts() const;

  const ConvertPlan& plan_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> has_file_ = false;
  absl::Status why_;
  ConvertCounts counts_;
  RecordSorter sorter_;
  std::unique_ptr<OutputFile> output_;
  size_t inputs_read_ = 0;
  std::vector<Column> columns_;  // Of the inputs read: as they have them, or in the order of the SPEC.
  FileFacts facts_;              // On which the inputs read agree.
};

}  // namespace scanner

#endif  // SCANNER_CLI_CONVERSION_H_
