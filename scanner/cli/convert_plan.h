// What `arpasweep convert` is to do: its options, checked.
#ifndef SCANNER_CLI_CONVERT_PLAN_H_
#define SCANNER_CLI_CONVERT_PLAN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/cli/convert_options.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/output_format.h"
#include "scanner/sink/parquet_sink.h"
#include "scanner/sink/record_sorter.h"
#include "scanner/sink/row_filter.h"

namespace scanner {

struct ConvertPlan {
  std::vector<std::string> inputs;  // At least one.
  std::string output;
  OutputFormat format;
  bool overwrite = false;
  std::vector<Column> columns;  // None: those of the inputs.
  RowFilter filter;
  ParquetOptions parquet;
  RecordSorter::Limits sorting;
  std::string spill_directory;  // For what does not fit into memory; empty: the working directory.
};

// InvalidArgument, one line, for what cannot be done.
absl::StatusOr<ConvertPlan> PlanConvert(const ConvertOptions& options);

}  // namespace scanner

#endif  // SCANNER_CLI_CONVERT_PLAN_H_
