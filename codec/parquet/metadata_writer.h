// The structures of metadata.h as they are in a file: parquet.thrift of the Parquet format, version 2.10.
#ifndef CODEC_PARQUET_METADATA_WRITER_H_
#define CODEC_PARQUET_METADATA_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/schema.h"
#include "codec/parquet/thrift_writer.h"

namespace codec::parquet {

// Each appends one structure. Numbers that are written must be set as the header says.
void AppendPageHeader(const PageHeader& header, ByteBuffer& out);
void AppendRowGroup(const RowGroup& group, ByteBuffer& out);
void AppendColumnIndex(const ColumnIndex& index, ByteBuffer& out);
void AppendOffsetIndex(const std::vector<PageLocation>& pages, ByteBuffer& out);
// Of a split-block filter with XXH64, uncompressed, of so many octets.
void AppendBloomFilterHeader(int32_t octets, ByteBuffer& out);

// The elements of the schema, the root included, in the order of the file.
std::vector<SchemaElement> SchemaElements(const Schema& schema);
// As an item of a list.
void AppendSchemaElement(const SchemaElement& element, ThriftWriter& writer);

PhysicalType PhysicalTypeOf(Type type);
// From the root, without its name.
std::vector<std::string> PathOf(const Field& field);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_METADATA_WRITER_H_
