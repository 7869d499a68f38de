// Whole files as text, so that tests can compare them.
#ifndef TESTS_CODEC_PARQUET_READ_FILE_H_
#define TESTS_CODEC_PARQUET_READ_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "codec/parquet/file_reader.h"

namespace codec::parquet {

// One string a value: "null", a number, a text in quotes, or such texts in brackets.
using TextRow = std::vector<std::string>;

struct FileText {
  absl::Status status;  // Of opening, or of the row behind the last one that was read.
  std::vector<std::string> columns;
  std::vector<TextRow> rows;
  std::vector<std::string> unusable;    // "NAME WHY".
  std::vector<std::string> key_values;  // "KEY=VALUE".
};

std::string ShowText(std::string_view text);
std::string ShowRow(const FileReader& reader, size_t column);
// Stops behind `max_rows`.
FileText ReadFile(const ByteSource& source, uint64_t max_rows = 1'000'000);
FileText ReadOctets(const std::vector<uint8_t>& octets, uint64_t max_rows = 1'000'000);

// A file of tests/codec/parquet/data.
std::vector<uint8_t> TestFile(const std::string& name);

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_READ_FILE_H_
