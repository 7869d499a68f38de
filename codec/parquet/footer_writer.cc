#include "codec/parquet/footer_writer.h"

#include "codec/parquet/metadata_writer.h"
#include "codec/parquet/thrift_writer.h"

namespace codec::parquet {
namespace {

constexpr int32_t kFormatVersion = 2;  // Encodings and pages that readers of version 1 do not know.

// Readers heed min_value and max_value only where the order is said.
void WriteColumnOrders(size_t columns, ThriftWriter& writer) {
  writer.List(7, ThriftWriter::Type::kStruct, columns);
  for (size_t i = 0; i < columns; ++i) {
    writer.BeginItem();
    writer.BeginStruct(1);  // TypeDefinedOrder
    writer.End();
    writer.End();
  }
}

}  // namespace

void FooterWriter::Start(uint64_t rows, uint64_t row_groups, ByteBuffer& out) {
  const size_t begin = out.size();
  ThriftWriter writer(out);
  writer.BeginItem();
  writer.I32(1, kFormatVersion);
  const std::vector<SchemaElement> elements = SchemaElements(schema_);
  writer.List(2, ThriftWriter::Type::kStruct, elements.size());
  for (const SchemaElement& element : elements) AppendSchemaElement(element, writer);
  writer.I64(3, static_cast<int64_t>(rows));
  writer.List(4, ThriftWriter::Type::kStruct, row_groups);
  length_ = out.size() - begin;
}

void FooterWriter::RowGroup(std::span<const uint8_t> metadata, ByteBuffer& out) {
  out.Append(metadata);
  length_ += metadata.size();
}

bool FooterWriter::End(const std::vector<KeyValue>& key_values, std::string_view created_by,
                       ByteBuffer& out) {
  const size_t begin = out.size();
  ThriftWriter writer(out);
  writer.ContinueItem(4);
  writer.List(5, ThriftWriter::Type::kStruct, key_values.size());
  for (const KeyValue& pair : key_values) {
    writer.BeginItem();
    writer.Binary(1, pair.key);
    writer.Binary(2, pair.value);
    writer.End();
  }
  writer.Binary(6, created_by);
  WriteColumnOrders(schema_.size(), writer);
  writer.End();
  length_ += out.size() - begin;
  if (length_ > UINT32_MAX) return false;
  out.AppendU32(static_cast<uint32_t>(length_));
  out.Append(kMark);
  return true;
}

}  // namespace codec::parquet
