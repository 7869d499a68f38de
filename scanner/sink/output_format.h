// The format of an output: by the ending of its name, or as `--format` says.
#ifndef SCANNER_SINK_OUTPUT_FORMAT_H_
#define SCANNER_SINK_OUTPUT_FORMAT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "netio/storage.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/parquet_sink.h"
#include "scanner/sink/row_sink.h"

namespace scanner {

struct OutputFormat {
  enum class Kind : uint8_t { kCsv, kNdjson, kParquet };

  Kind kind = Kind::kCsv;
  bool zstd = false;  // Of text; Parquet compresses by itself.

  friend bool operator==(const OutputFormat&, const OutputFormat&) = default;
};

// Reads `parquet`, `csv`, `ndjson`, `csv.zst` and `ndjson.zst`.
absl::StatusOr<OutputFormat> ParseFormat(std::string_view text);

// By the ending of `path`; CSV for `-` and for names in /dev, which have none.
absl::StatusOr<OutputFormat> FormatOf(std::string_view path);

// What ParseFormat reads.
std::string FormatName(OutputFormat format);

// The octets that every file of this format and these columns begins with, whatever its rows.
std::string FirstOctets(OutputFormat format, const std::vector<Column>& columns);

// A sink that writes to `file`, which must outlive it.
std::unique_ptr<RowSink> MakeRowSink(OutputFormat format, const std::vector<Column>& columns,
                                     netio::StorageFile& file);
// The same where it matters how Parquet is written.
std::unique_ptr<RowSink> MakeRowSink(OutputFormat format, const std::vector<Column>& columns,
                                     const ParquetOptions& parquet, netio::StorageFile& file);

}  // namespace scanner

#endif  // SCANNER_SINK_OUTPUT_FORMAT_H_
