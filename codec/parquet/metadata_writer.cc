#include "codec/parquet/metadata_writer.h"

namespace codec::parquet {
namespace {

template <typename Enum>
int32_t Number(Enum value) {
  return static_cast<int32_t>(value);
}

void WriteDataPageV1(const PageHeader& header, ThriftWriter& writer) {
  writer.BeginStruct(5);
  writer.I32(1, header.values);
  writer.I32(2, Number(header.encoding));
  writer.I32(3, Number(header.definition_encoding));
  writer.I32(4, Number(header.repetition_encoding));
  writer.End();
}

void WriteDictionaryPage(const PageHeader& header, ThriftWriter& writer) {
  writer.BeginStruct(7);
  writer.I32(1, header.values);
  writer.I32(2, Number(header.encoding));
  writer.End();
}

void WriteDataPageV2(const PageHeader& header, ThriftWriter& writer) {
  writer.BeginStruct(8);
  writer.I32(1, header.values);
  writer.I32(2, header.nulls);
  writer.I32(3, header.rows);
  writer.I32(4, Number(header.encoding));
  writer.I32(5, header.definition_bytes);
  writer.I32(6, header.repetition_bytes);
  writer.Boolean(7, header.compressed);
  writer.End();
}

void WriteStatistics(const Statistics& statistics, ThriftWriter& writer) {
  writer.BeginStruct(12);
  if (statistics.null_count) writer.I64(3, *statistics.null_count);
  if (statistics.max_value) writer.Binary(5, *statistics.max_value);
  if (statistics.min_value) writer.Binary(6, *statistics.min_value);
  if (statistics.max_value) writer.Boolean(7, statistics.max_is_exact);
  if (statistics.min_value) writer.Boolean(8, statistics.min_is_exact);
  writer.End();
}

void WriteColumnMetadata(const ColumnMetadata& column, ThriftWriter& writer) {
  writer.BeginStruct(3);
  writer.I32(1, Number(column.type));
  writer.List(2, ThriftWriter::Type::kI32, column.encodings.size());
  for (const Encoding encoding : column.encodings) writer.NumberItem(Number(encoding));
  writer.List(3, ThriftWriter::Type::kBinary, column.path.size());
  for (const std::string& part : column.path) writer.BinaryItem(part);
  writer.I32(4, Number(column.codec));
  writer.I64(5, column.values);
  writer.I64(6, column.uncompressed_bytes);
  writer.I64(7, column.compressed_bytes);
  writer.I64(9, column.data_page_offset);
  if (column.dictionary_page_offset) writer.I64(11, *column.dictionary_page_offset);
  WriteStatistics(column.statistics, writer);
  if (column.bloom_filter_offset) writer.I64(14, *column.bloom_filter_offset);
  if (column.bloom_filter_length) writer.I32(15, *column.bloom_filter_length);
  writer.End();
}

void WriteColumnChunk(const ColumnChunk& chunk, ThriftWriter& writer) {
  writer.BeginItem();
  writer.I64(2, 0);  // file_offset: deprecated, and 0 since version 2.10.
  WriteColumnMetadata(chunk.metadata, writer);
  if (chunk.offset_index_offset) writer.I64(4, *chunk.offset_index_offset);
  if (chunk.offset_index_length) writer.I32(5, *chunk.offset_index_length);
  if (chunk.column_index_offset) writer.I64(6, *chunk.column_index_offset);
  if (chunk.column_index_length) writer.I32(7, *chunk.column_index_length);
  writer.End();
}

// A member of a union that has no fields itself.
void WriteEmptyMember(int16_t field, ThriftWriter& writer) {
  writer.BeginStruct(field);
  writer.End();
}

void WriteTimestamp(const LogicalType& type, ThriftWriter& writer) {
  writer.BeginStruct(8);
  writer.Boolean(1, type.utc);
  writer.BeginStruct(2);
  WriteEmptyMember(static_cast<int16_t>(1 + static_cast<int>(type.unit)), writer);
  writer.End();
  writer.End();
}

void WriteLogicalType(const LogicalType& type, ThriftWriter& writer) {
  if (type.kind == LogicalType::Kind::kNone || type.kind == LogicalType::Kind::kOther) return;
  writer.BeginStruct(10);
  if (type.kind == LogicalType::Kind::kString) WriteEmptyMember(1, writer);
  if (type.kind == LogicalType::Kind::kList) WriteEmptyMember(3, writer);
  if (type.kind == LogicalType::Kind::kTimestamp) WriteTimestamp(type, writer);
  writer.End();
}

void AnnotateString(SchemaElement& element) {
  element.converted_type = Number(ConvertedType::kUtf8);
  element.logical.kind = LogicalType::Kind::kString;
}

SchemaElement Leaf(const Field& field) {
  SchemaElement element{
      .name = field.name,
      .type = PhysicalTypeOf(field.type),
      .repetition = field.shape == Shape::kOptional ? Repetition::kOptional : Repetition::kRequired,
      .children = {},
      .converted_type = {},
      .logical = {}};
  switch (field.meaning) {
    case Meaning::kNone:
      break;
    case Meaning::kString:
      AnnotateString(element);
      break;
    case Meaning::kTimestampMicrosUtc:
      element.converted_type = Number(ConvertedType::kTimestampMicros);
      element.logical = {.kind = LogicalType::Kind::kTimestamp, .unit = TimeUnit::kMicros, .utc = true};
      break;
  }
  return element;
}

SchemaElement Group(std::string name, Repetition repetition) {
  return {.name = std::move(name),
          .type = {},
          .repetition = repetition,
          .children = 1,
          .converted_type = {},
          .logical = {}};
}

// Three levels: "Lists" of https://parquet.apache.org/docs/file-format/types/logicaltypes/
void AppendList(const Field& field, std::vector<SchemaElement>& out) {
  SchemaElement& list = out.emplace_back(Group(field.name, Repetition::kRequired));
  list.converted_type = Number(ConvertedType::kList);
  list.logical.kind = LogicalType::Kind::kList;
  out.push_back(Group("list", Repetition::kRepeated));
  SchemaElement& item = out.emplace_back(Leaf(field));
  item.name = "element";
  item.repetition = Repetition::kRequired;
}

}  // namespace

void AppendPageHeader(const PageHeader& header, ByteBuffer& out) {
  ThriftWriter writer(out);
  writer.BeginItem();
  writer.I32(1, Number(header.type));
  writer.I32(2, header.uncompressed_size);
  writer.I32(3, header.compressed_size);
  if (header.crc) writer.I32(4, static_cast<int32_t>(*header.crc));
  switch (header.type) {
    case PageType::kData:
      WriteDataPageV1(header, writer);
      break;
    case PageType::kIndex:
      break;
    case PageType::kDictionary:
      WriteDictionaryPage(header, writer);
      break;
    case PageType::kDataV2:
      WriteDataPageV2(header, writer);
      break;
  }
  writer.End();
}

void AppendRowGroup(const RowGroup& group, ByteBuffer& out) {
  ThriftWriter writer(out);
  writer.BeginItem();
  writer.List(1, ThriftWriter::Type::kStruct, group.columns.size());
  for (const ColumnChunk& chunk : group.columns) WriteColumnChunk(chunk, writer);
  writer.I64(2, group.uncompressed_bytes);
  writer.I64(3, group.rows);
  writer.I64(5, group.file_offset);
  writer.I64(6, group.compressed_bytes);
  writer.End();
}

void AppendColumnIndex(const ColumnIndex& index, ByteBuffer& out) {
  ThriftWriter writer(out);
  writer.BeginItem();
  writer.List(1, ThriftWriter::Type::kTrue, index.null_pages.size());
  for (const bool null_page : index.null_pages) writer.BooleanItem(null_page);
  writer.List(2, ThriftWriter::Type::kBinary, index.min_values.size());
  for (const std::string& value : index.min_values) writer.BinaryItem(value);
  writer.List(3, ThriftWriter::Type::kBinary, index.max_values.size());
  for (const std::string& value : index.max_values) writer.BinaryItem(value);
  writer.I32(4, Number(index.order));
  writer.List(5, ThriftWriter::Type::kI64, index.null_counts.size());
  for (const int64_t nulls : index.null_counts) writer.NumberItem(nulls);
  writer.End();
}

void AppendOffsetIndex(const std::vector<PageLocation>& pages, ByteBuffer& out) {
  ThriftWriter writer(out);
  writer.BeginItem();
  writer.List(1, ThriftWriter::Type::kStruct, pages.size());
  for (const PageLocation& page : pages) {
    writer.BeginItem();
    writer.I64(1, page.offset);
    writer.I32(2, page.compressed_size);
    writer.I64(3, page.first_row);
    writer.End();
  }
  writer.End();
}

void AppendBloomFilterHeader(int32_t octets, ByteBuffer& out) {
  ThriftWriter writer(out);
  writer.BeginItem();
  writer.I32(1, octets);
  // Algorithm, hash and compression: unions of which the first member is the only one.
  for (int16_t field = 2; field <= 4; ++field) {
    writer.BeginStruct(field);
    WriteEmptyMember(1, writer);
    writer.End();
  }
  writer.End();
}

std::vector<SchemaElement> SchemaElements(const Schema& schema) {
  std::vector<SchemaElement> elements;
  SchemaElement& root = elements.emplace_back();
  root.name = "schema";
  root.children = static_cast<int32_t>(schema.size());
  for (const Field& field : schema) {
    if (field.shape == Shape::kList) {
      AppendList(field, elements);
    } else {
      elements.push_back(Leaf(field));
    }
  }
  return elements;
}

void AppendSchemaElement(const SchemaElement& element, ThriftWriter& writer) {
  writer.BeginItem();
  if (element.type) writer.I32(1, Number(*element.type));
  if (element.repetition) writer.I32(3, Number(*element.repetition));
  writer.Binary(4, element.name);
  if (element.children) writer.I32(5, *element.children);
  if (element.converted_type) writer.I32(6, *element.converted_type);
  WriteLogicalType(element.logical, writer);
  writer.End();
}

PhysicalType PhysicalTypeOf(Type type) {
  switch (type) {
    case Type::kBoolean:
      return PhysicalType::kBoolean;
    case Type::kInt32:
      return PhysicalType::kInt32;
    case Type::kInt64:
      return PhysicalType::kInt64;
    case Type::kByteArray:
      return PhysicalType::kByteArray;
  }
  return PhysicalType::kByteArray;
}

std::vector<std::string> PathOf(const Field& field) {
  if (field.shape == Shape::kList) return {field.name, "list", "element"};
  return {field.name};
}

}  // namespace codec::parquet
