#include "scanner/cli/convert_plan.h"

#include <algorithm>
#include <cstdlib>

#include "scanner/cli/numbers.h"

namespace scanner {
namespace {

absl::Status For(const char* option, const absl::Status& status) {
  return absl::InvalidArgumentError(std::string(option) + ": " + std::string(status.message()));
}

// Beside the output, where there is room for it; what is no file has no place.
std::string SpillDirectory(const std::string& output) {
  if (output == "-" || output.starts_with("/dev/")) {
    const char* const directory = std::getenv("TMPDIR");
    return directory != nullptr && *directory != '\0' ? directory : "/tmp";
  }
  const size_t slash = output.rfind('/');
  return slash == std::string::npos ? "" : output.substr(0, slash + 1);
}

}  // namespace

absl::StatusOr<ConvertPlan> PlanConvert(const ConvertOptions& options) {
  ConvertPlan plan;
  if (options.inputs.empty()) {
    return absl::InvalidArgumentError("nothing to convert; name files of results, or - for standard input");
  }
  if (std::ranges::count(options.inputs, "-") > 1) {
    return absl::InvalidArgumentError("standard input is named twice; it can be read once");
  }
  if (!options.output) {
    return absl::InvalidArgumentError("no output; name a file with -o, or -o - for standard output");
  }
  plan.inputs = options.inputs;
  plan.output = *options.output;
  plan.overwrite = options.overwrite;
  plan.spill_directory = SpillDirectory(plan.output);

  const absl::StatusOr<OutputFormat> format =
      options.format ? ParseFormat(*options.format) : FormatOf(plan.output);
  if (!format.ok()) return For(options.format ? "--format" : "--output", format.status());
  plan.format = *format;
  if (options.fields) {
    absl::StatusOr<std::vector<Column>> columns = ParseFields(*options.fields);
    if (!columns.ok()) return For("--fields", columns.status());
    plan.columns = *std::move(columns);
  }
  const absl::StatusOr<RowFilter> filter = RowFilter::Parse(options.only.value_or("all"));
  if (!filter.ok()) return For("--only", filter.status());
  plan.filter = *filter;
  if (options.row_group_rows) {
    const absl::StatusOr<uint64_t> rows =
        ParseNumber("--row-group-rows", *options.row_group_rows, kRowGroupRowsLimits);
    if (!rows.ok()) return rows.status();
    plan.parquet.row_group_rows = static_cast<uint32_t>(*rows);
  }
  plan.parquet.bloom_filter = !options.no_bloom;
  return plan;
}

}  // namespace scanner
