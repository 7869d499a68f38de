// Reads the structures of metadata.h, as far as rows are read by them: parquet.thrift of the Parquet format.
#ifndef CODEC_PARQUET_METADATA_READER_H_
#define CODEC_PARQUET_METADATA_READER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/parquet/metadata.h"
#include "codec/parquet/thrift_reader.h"

namespace codec::parquet {

// A file's metadata; `row_groups` are offsets at which ReadRowGroup() reads them.
struct Footer {
  std::vector<SchemaElement> schema;
  int64_t rows = 0;
  std::vector<size_t> row_groups;
  std::vector<KeyValue> key_values;
};

// More elements of a schema, or key-value pairs, are a fault.
inline constexpr size_t kMaxFooterEntries = 65536;

// A fault of the structure, or a field missing that the format requires, is left in `reader`.
void ReadFooter(ThriftReader& reader, Footer& footer);
// Must have `leaves` columns, which are in this file and not encrypted.
void ReadRowGroup(ThriftReader& reader, size_t leaves, RowGroup& group);
void ReadPageHeader(ThriftReader& reader, PageHeader& header);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_METADATA_READER_H_
