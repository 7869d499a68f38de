#include "scanner/sink/output_format.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "scanner/sink/csv_sink.h"
#include "scanner/sink/ndjson_sink.h"
#include "scanner/sink/parquet_sink.h"
#include "scanner/sink/zstd_stream.h"

namespace scanner {
namespace {

struct NamedFormat {
  std::string_view name;
  OutputFormat format;
};

constexpr NamedFormat kFormats[] = {
    {"parquet", {OutputFormat::Kind::kParquet, false}},  {"csv", {OutputFormat::Kind::kCsv, false}},
    {"ndjson", {OutputFormat::Kind::kNdjson, false}},    {"csv.zst", {OutputFormat::Kind::kCsv, true}},
    {"ndjson.zst", {OutputFormat::Kind::kNdjson, true}},
};

std::unique_ptr<ByteStream> MakeStream(bool zstd, netio::StorageFile& file) {
  if (zstd) return std::make_unique<ZstdStream>(file);
  return std::make_unique<PlainStream>(file);
}

}  // namespace

absl::StatusOr<OutputFormat> ParseFormat(std::string_view text) {
  for (const NamedFormat& named : kFormats) {
    if (text == named.name) return named.format;
  }
  return absl::InvalidArgumentError("unknown format '" + std::string(text) +
                                    "'; there are parquet, csv, ndjson, csv.zst, ndjson.zst");
}

absl::StatusOr<OutputFormat> FormatOf(std::string_view path) {
  if (path == "-" || path.starts_with("/dev/")) return OutputFormat{};
  for (const NamedFormat& named : kFormats) {
    const std::string ending = "." + std::string(named.name);
    if (path.ends_with(ending)) return named.format;
  }
  return absl::InvalidArgumentError(std::string(path) +
                                    ": the name ends in no format; end it in .parquet, .csv, .ndjson, "
                                    ".csv.zst or .ndjson.zst, or say --format");
}

std::string FormatName(OutputFormat format) {
  for (const NamedFormat& named : kFormats) {
    if (named.format == format) return std::string(named.name);
  }
  return {};
}

std::string FirstOctets(OutputFormat format, const std::vector<Column>& columns) {
  if (format.kind == OutputFormat::Kind::kParquet) return "PAR1";
  if (format.zstd) return "\x28\xB5\x2F\xFD";  // RFC 8878 section 3.1.1.
  if (format.kind == OutputFormat::Kind::kNdjson) return "{";
  std::string header;
  for (const Column column : columns) header.append(header.empty() ? "" : ",").append(Info(column).name);
  return header + "\r\n";
}

std::unique_ptr<RowSink> MakeRowSink(OutputFormat format, const std::vector<Column>& columns,
                                     netio::StorageFile& file) {
  return MakeRowSink(format, columns, ParquetOptions(), file);
}

std::unique_ptr<RowSink> MakeRowSink(OutputFormat format, const std::vector<Column>& columns,
                                     const ParquetOptions& parquet, netio::StorageFile& file) {
  switch (format.kind) {
    case OutputFormat::Kind::kParquet:
      return std::make_unique<ParquetSink>(columns, parquet, file);
    case OutputFormat::Kind::kCsv:
      return std::make_unique<CsvSink>(columns, MakeStream(format.zstd, file));
    case OutputFormat::Kind::kNdjson:
      return std::make_unique<NdjsonSink>(columns, MakeStream(format.zstd, file));
  }
  return nullptr;
}

}  // namespace scanner
