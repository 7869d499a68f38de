#include "tests/codec/parquet/test_file.h"

#include <string_view>

namespace codec::parquet {
namespace {

std::string Page(int type, int header_id, const ThriftOctets& header, const std::string& octets,
                 const PageOctets& page, int64_t levels) {
  ThriftOctets out;
  const int64_t size = static_cast<int64_t>(octets.size());
  // The order does not matter, and fields that nobody knows are passed over.
  out.Text(99, "unknown").Struct(header_id, header);
  out.I32(3, page.compressed.value_or(size));
  out.I32(2, page.uncompressed.has_value() ? *page.uncompressed + levels : size);
  if (page.crc.has_value()) out.I32(4, static_cast<int32_t>(*page.crc));
  out.I32(1, type);
  return out.Whole() + octets;
}

int Number(Encoding encoding) { return static_cast<int>(encoding); }

}  // namespace

std::string Prefixed(const std::string& runs) { return LittleEndian(runs.size(), 4) + runs; }

std::string DictionaryPage(int64_t values, const PageOctets& page, Encoding encoding) {
  return Page(2, 7, ThriftOctets().I32(1, values).I32(2, Number(encoding)).Bool(3, false), page.body, page,
              0);
}

std::string DataPage(int64_t values, Encoding encoding, const PageOctets& page, LevelEncodings levels) {
  const ThriftOctets header = ThriftOctets()
                                  .I32(1, values)
                                  .I32(2, Number(encoding))
                                  .I32(3, Number(levels.definition))
                                  .I32(4, Number(levels.repetition));
  return Page(0, 5, header, page.body, page, 0);
}

std::string DataPageV2(int64_t values, Encoding encoding, const LevelOctets& levels, const PageOctets& page,
                       bool compressed) {
  const auto definition = static_cast<int64_t>(levels.definition.size());
  const auto repetition = static_cast<int64_t>(levels.repetition.size());
  const ThriftOctets header = ThriftOctets()
                                  .I32(1, values)
                                  .I32(2, levels.nulls)
                                  .I32(3, levels.rows.value_or(values))
                                  .I32(4, Number(encoding))
                                  .I32(5, definition)
                                  .I32(6, repetition)
                                  .Bool(7, compressed);
  return Page(3, 8, header, levels.repetition + levels.definition + page.body, page, definition + repetition);
}

ThriftOctets Element(const ElementOctets& element) {
  ThriftOctets out;
  out.Text(4, element.name).I32(3, static_cast<int>(element.repetition));
  if (element.type.has_value()) out.I32(1, static_cast<int>(*element.type));
  if (!element.type.has_value()) out.I32(5, element.children);
  if (element.converted.has_value()) out.I32(6, *element.converted);
  return out;
}

FileOctets::FileOctets(int columns, const std::vector<ElementOctets>& elements) {
  schema_.push_back(Element({.name = "schema", .children = columns}));
  for (const ElementOctets& element : elements) schema_.push_back(Element(element));
}

FileOctets& FileOctets::RowGroup(int64_t rows, const std::vector<ChunkOctets>& chunks) {
  std::vector<ThriftOctets> columns;
  for (const ChunkOctets& chunk : chunks) {
    const auto begin = static_cast<int64_t>(data_.size());
    const auto size = static_cast<int64_t>(chunk.pages.size()) + chunk.more_octets;
    ThriftOctets metadata;
    metadata.I32(1, static_cast<int>(chunk.type)).I32(4, static_cast<int>(chunk.codec)).I64(5, chunk.values);
    metadata.I64(6, size).I64(7, size).I64(9, begin + chunk.dictionary_octets.value_or(0));
    if (chunk.dictionary_octets.has_value()) metadata.I64(11, begin);
    columns.push_back(ThriftOctets().I64(2, 0).Struct(3, metadata));
    data_ += chunk.pages;
  }
  row_groups_.push_back(ThriftOctets().Structs(1, columns).I64(2, 0).I64(3, rows));
  rows_ += rows;
  return *this;
}

std::vector<uint8_t> FileOctets::Whole(std::optional<int64_t> rows) const {
  const std::string footer = ThriftOctets()
                                 .I32(1, 2)
                                 .Structs(2, schema_)
                                 .I64(3, rows.value_or(rows_))
                                 .Structs(4, row_groups_)
                                 .Whole();
  const std::string file = data_ + footer + LittleEndian(footer.size(), 4) + "PAR1";
  return {file.begin(), file.end()};
}

std::vector<uint8_t> Int32File(int64_t rows, const std::string& pages, Codec codec) {
  return FileOctets(1, {{.name = "n", .type = PhysicalType::kInt32}})
      .RowGroup(rows, {{.pages = pages, .values = rows, .codec = codec}})
      .Whole();
}

}  // namespace codec::parquet
