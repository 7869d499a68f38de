#include "scanner/cli/convert_declarations.h"

namespace scanner {

void DeclareConvertOptions(CLI::App& command, ConvertOptions& options) {
  command.add_option("IN", options.inputs, "Results in any format; - reads standard input")->type_name("");
  const auto value = [&command](const char* names, ConvertOptions::Text& text, const char* type,
                                const char* help) { command.add_option(names, text, help)->type_name(type); };
  value("-o,--output", options.output, "FILE",
        ".parquet, .csv, .ndjson, .csv.zst or .ndjson.zst; - is standard output, as csv");
  value("--format", options.format, "NAME",
        "Whatever the name ends in: parquet, csv, ndjson, csv.zst, ndjson.zst");
  command.add_flag("--overwrite", options.overwrite, "Replace the output if it exists");
  value("-f,--fields", options.fields, "a,b,c", "Only these columns, in this order");
  value("--only", options.only, "WHAT",
        "Rows to write: all, found, problems, or a list of verdicts and reasons [all]");
  value("--row-group-rows", options.row_group_rows, "N", "Most rows of a Parquet row group [122880]");
  command.add_flag("--no-bloom", options.no_bloom, "No bloom filter on address in Parquet");
  command.add_flag("-q,--quiet", options.quiet, "Do not tell how many rows there were");
}

}  // namespace scanner
