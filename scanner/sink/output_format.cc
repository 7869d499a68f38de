#include "scanner/sink/output_format.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "scanner/sink/csv_sink.h"
#include "scanner/sink/ndjson_sink.h"
#include "scanner/sink/zstd_stream.h"

namespace scanner {
namespace {

struct NamedFormat {
  std::string_view name;
  OutputFormat format;
};

constexpr NamedFormat kFormats[] = {
    {"csv", {OutputFormat::Kind::kCsv, false}},
    {"ndjson", {OutputFormat::Kind::kNdjson, false}},
    {"csv.zst", {OutputFormat::Kind::kCsv, true}},
    {"ndjson.zst", {OutputFormat::Kind::kNdjson, true}},
};

}  // namespace

absl::StatusOr<OutputFormat> ParseFormat(std::string_view text) {
  for (const NamedFormat& named : kFormats) {
    if (text == named.name) return named.format;
  }
  return absl::InvalidArgumentError("unknown format '" + std::string(text) +
                                    "'; there are csv, ndjson, csv.zst, ndjson.zst");
}

absl::StatusOr<OutputFormat> FormatOf(std::string_view path) {
  if (path == "-" || path.starts_with("/dev/")) return OutputFormat{};
  for (const NamedFormat& named : kFormats) {
    const std::string ending = "." + std::string(named.name);
    if (path.ends_with(ending)) return named.format;
  }
  return absl::InvalidArgumentError(std::string(path) +
                                    ": the name ends in no format; end it in .csv, .ndjson, .csv.zst or "
                                    ".ndjson.zst, or say --format");
}

std::unique_ptr<RowSink> MakeRowSink(OutputFormat format, const std::vector<Column>& columns,
                                     netio::StorageFile& file) {
  std::unique_ptr<ByteStream> stream;
  if (format.zstd) {
    stream = std::make_unique<ZstdStream>(file);
  } else {
    stream = std::make_unique<PlainStream>(file);
  }
  switch (format.kind) {
    case OutputFormat::Kind::kCsv:
      return std::make_unique<CsvSink>(columns, std::move(stream));
    case OutputFormat::Kind::kNdjson:
      return std::make_unique<NdjsonSink>(columns, std::move(stream));
  }
  return nullptr;
}

}  // namespace scanner
