#include "scanner/sink/open_records.h"

#include <unistd.h>

#include <string_view>
#include <utility>

#include "netio/input_file.h"
#include "scanner/sink/csv_reader.h"
#include "scanner/sink/ndjson_reader.h"
#include "scanner/sink/parquet_reader.h"
#include "scanner/sink/peeking_input.h"
#include "scanner/sink/zstd_input.h"

namespace scanner {
namespace {

constexpr std::string_view kParquetMagic = "PAR1";

bool BeginsAsNdjson(std::string_view head, std::string_view path) {
  if (head.empty()) return path.ends_with(".ndjson") || path.ends_with(".ndjson.zst");
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const size_t first = head.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && head[first] == '{';
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordReader>> OpenRecords(const std::string& path) {
  absl::StatusOr<netio::InputFile> file =
      path == "-" ? netio::InputFile::FromDescriptor(STDIN_FILENO, "standard input")
                  : netio::InputFile::Open(path);
  if (!file.ok()) return absl::InvalidArgumentError(file.status().message());
  const std::string name = file->name();
  const bool regular = file->size().has_value() && path != "-";
  if (regular) {
    std::string head(kParquetMagic.size(), '\0');
    const absl::StatusOr<size_t> got =
        file->ReadAt(0, {reinterpret_cast<uint8_t*>(head.data()), head.size()});
    if (!got.ok()) return got.status();
    if (*got == head.size() && head == kParquetMagic) return ParquetReader::Open(*std::move(file));
  }
  auto input = std::make_unique<PeekingInput>(std::make_unique<FileInput>(*std::move(file)));
  absl::StatusOr<std::string_view> head = input->Peek();
  if (!head.ok()) return head.status();
  if (head->starts_with(kParquetMagic)) {
    return absl::InvalidArgumentError(
        name + ": Parquet is read from its end; write it to a file first and name that");
  }
  if (BeginsAsZstd(*head)) {
    input = std::make_unique<PeekingInput>(std::make_unique<ZstdInput>(name, std::move(input)));
    head = input->Peek();
    if (!head.ok()) return head.status();
  }
  if (BeginsAsNdjson(*head, path)) return std::make_unique<NdjsonReader>(name, std::move(input));
  return CsvReader::Open(name, std::move(input));
}

}  // namespace scanner
