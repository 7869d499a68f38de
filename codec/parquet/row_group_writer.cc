#include "codec/parquet/row_group_writer.h"

#include <cassert>
#include <span>
#include <utility>

#include "codec/parquet/bloom_filter.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/metadata_writer.h"

namespace codec::parquet {
namespace {

// Appends the filter of the values with these hashes, header included.
void AppendBloomFilter(std::span<const uint64_t> hashes, ByteBuffer& data) {
  BloomFilter filter(hashes.size());
  for (const uint64_t hash : hashes) filter.Insert(hash);
  AppendBloomFilterHeader(static_cast<int32_t>(filter.octets()), data);
  filter.AppendTo(data);
}

}  // namespace

RowGroupWriter::RowGroupWriter(Schema schema, RowGroupOptions options)
    : schema_(std::move(schema)), options_(options) {
  assert(!schema_.empty() && options_.page_rows > 0);
  columns_.reserve(schema_.size());
  for (const Field& field : schema_) columns_.emplace_back(field, pages_);
}

void RowGroupWriter::Finish(uint64_t rows, uint64_t file_offset, ByteBuffer& data, ByteBuffer& metadata) {
  assert(data.empty() && rows > 0);
  RowGroup group;
  group.rows = static_cast<int64_t>(rows);
  group.file_offset = static_cast<int64_t>(file_offset);
  std::vector<WrittenColumn> written;
  written.reserve(columns_.size());
  for (ColumnWriter& column : columns_) {
    written.push_back(column.Finish(file_offset, data));
    ColumnChunk& chunk = group.columns.emplace_back();
    chunk.metadata = std::move(written.back().metadata);
    group.uncompressed_bytes += chunk.metadata.uncompressed_bytes;
    group.compressed_bytes += chunk.metadata.compressed_bytes;
  }
  const auto position = [&data, file_offset] { return static_cast<int64_t>(file_offset + data.size()); };
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!schema_[i].bloom_filter) continue;
    ColumnMetadata& column = group.columns[i].metadata;
    column.bloom_filter_offset = position();
    AppendBloomFilter(columns_[i].hashes(), data);
    column.bloom_filter_length = static_cast<int32_t>(position() - *column.bloom_filter_offset);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    ColumnChunk& chunk = group.columns[i];
    chunk.column_index_offset = position();
    AppendColumnIndex(written[i].index, data);
    chunk.column_index_length = static_cast<int32_t>(position() - *chunk.column_index_offset);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    ColumnChunk& chunk = group.columns[i];
    chunk.offset_index_offset = position();
    AppendOffsetIndex(written[i].pages, data);
    chunk.offset_index_length = static_cast<int32_t>(position() - *chunk.offset_index_offset);
  }
  AppendRowGroup(group, metadata);
}

void RowGroupWriter::Clear() {
  for (ColumnWriter& column : columns_) column.Clear();
}

}  // namespace codec::parquet
