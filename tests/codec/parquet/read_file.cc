#include "tests/codec/parquet/read_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "gtest/gtest.h"
#include "tests/codec/parquet/memory_source.h"

namespace codec::parquet {

std::string ShowText(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string ShowRow(const FileReader& reader, size_t column) {
  const Field& field = reader.schema()[column];
  if (field.shape == Shape::kList) {
    std::string shown = "[";
    for (const std::string_view item : reader.Items(column)) {
      if (shown.size() > 1) shown += ",";
      shown += ShowText(item);
    }
    return shown + "]";
  }
  if (reader.IsNull(column)) return "null";
  return field.type == Type::kByteArray ? ShowText(reader.Text(column))
                                        : std::to_string(reader.Number(column));
}

FileText ReadFile(const ByteSource& source, uint64_t max_rows) {
  FileText text;
  const absl::StatusOr<std::unique_ptr<FileReader>> opened = FileReader::Open(source);
  text.status = opened.status();
  if (!opened.ok()) return text;
  FileReader& reader = **opened;
  for (const Field& field : reader.schema()) text.columns.push_back(field.name);
  for (const UnusableColumn& column : reader.unusable_columns()) {
    text.unusable.push_back(column.name + " " + column.why);
  }
  for (const KeyValue& pair : reader.key_values()) text.key_values.push_back(pair.key + "=" + pair.value);
  while (text.rows.size() < max_rows) {
    const absl::StatusOr<bool> moved = reader.Next();
    text.status = moved.status();
    if (!moved.ok() || !*moved) break;
    TextRow& row = text.rows.emplace_back();
    for (size_t column = 0; column < reader.schema().size(); ++column) row.push_back(ShowRow(reader, column));
  }
  return text;
}

FileText ReadOctets(const std::vector<uint8_t>& octets, uint64_t max_rows) {
  return ReadFile(MemorySource(octets), max_rows);
}

std::vector<uint8_t> TestFile(const std::string& name) {
  std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "data" / name, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << name;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace codec::parquet
