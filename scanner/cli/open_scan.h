// Everything that a scan holds open while it runs.
#ifndef SCANNER_CLI_OPEN_SCAN_H_
#define SCANNER_CLI_OPEN_SCAN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "netio/endpoint.h"
#include "scanner/cli/driver.h"
#include "scanner/cli/run_totals.h"
#include "scanner/cli/scan_options.h"
#include "scanner/cli/scan_plan.h"
#include "scanner/cli/scan_report.h"
#include "scanner/cli/side_file.h"
#include "scanner/cli/sweep_ledger.h"
#include "scanner/core/block_cursor.h"
#include "scanner/core/blocks.h"
#include "scanner/sink/record_builder.h"
#include "scanner/sink/result_writer.h"
#include "scanner/sink/row_group_spool.h"
#include "scanner/sink/scan_files.h"

namespace scanner {

// As messages and metadata have it: its address, with the port where that is not 53.
std::string ServerName(const netio::Endpoint& endpoint);

class OpenScan {
 public:
  // `typed` outlives the scan.
  OpenScan(ScanPlan planned, const ScanOptions& typed);
  OpenScan(const OpenScan&) = delete;
  OpenScan& operator=(const OpenScan&) = delete;

  // Everything that can be refused before the first packet, and before anything is touched. files().found()
  // says what there is to do. Unavailable: the files cannot be written at the moment.
  absl::Status Prepare();
  // Creates the files, or goes on with those that are there.
  absl::Status OpenFiles();

  const ScanOptions& options;
  ScanPlan plan;  // Its targets have gone into blocks_.
  ScanFacts facts;
  SideFile metadata_file;
  SideFile status_file;

  // What the cursor is made of; nothing is taken from it.
  const BlockCursor& sweep() const { return sweep_; }
  // After Prepare, and where the scan is not complete the others.
  ScanFiles& files() { return *files_; }
  const ScanFiles& files() const { return *files_; }
  Driver& driver() { return *driver_; }
  const Driver& driver() const { return *driver_; }
  ResultWriter& writer() { return *writer_; }
  // Of the runs before this one.
  const RunTotals& earlier() const { return ledger_.earlier(); }

 private:
  absl::Status FindFiles();
  absl::Status OpenSideFiles();
  absl::Status MakeWriter();
  RunTotals Totals() const;

  BlockSet blocks_;
  BlockCursor sweep_;
  SweepLedger ledger_;
  std::unique_ptr<ScanFiles> files_;
  std::optional<JournalState> state_;  // What the scan goes on with.
  std::optional<BlockCursor> cursor_;
  std::unique_ptr<Driver> driver_;
  std::optional<RowGroupSpool> spool_;
  std::optional<RecordBuilder> builder_;
  std::optional<ResultWriter> writer_;
  netio::Instant opened_{};
};

}  // namespace scanner

#endif  // SCANNER_CLI_OPEN_SCAN_H_
