#include "codec/parquet/row_group_writer.h"

#include <cassert>
#include <utility>

#include "codec/parquet/bloom_filter.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/metadata_writer.h"

namespace codec::parquet {
namespace {

// Appends the filter of a column's values, header included; its length.
int32_t AppendBloomFilter(const ColumnBuffer& column, ByteBuffer& data) {
  BloomFilter filter(column.values());
  for (size_t row = 0; row < column.rows(); ++row) {
    if (!column.IsNull(row)) filter.Insert(BloomFilter::Hash(column.Text(row)));
  }
  const size_t begin = data.size();
  AppendBloomFilterHeader(static_cast<int32_t>(filter.octets()), data);
  filter.AppendTo(data);
  return static_cast<int32_t>(data.size() - begin);
}

}  // namespace

RowGroupWriter::RowGroupWriter(Schema schema, RowGroupOptions options)
    : schema_(std::move(schema)), encoder_(options.zstd_level, options.page_rows) {
  assert(!schema_.empty());
  for (const Field& field : schema_) columns_.emplace_back(field);
}

void RowGroupWriter::Encode(std::span<const uint32_t> order, uint64_t file_offset, ByteBuffer& data,
                            ByteBuffer& metadata) {
  assert(order.size() == rows() && !order.empty() && data.empty());
  RowGroup group;
  group.rows = static_cast<int64_t>(order.size());
  group.file_offset = static_cast<int64_t>(file_offset);
  std::vector<EncodedColumn> encoded;
  encoded.reserve(columns_.size());
  for (size_t i = 0; i < columns_.size(); ++i) {
    assert(columns_[i].rows() == order.size());
    encoded.push_back(encoder_.Encode(schema_[i], columns_[i], order, file_offset, data));
    ColumnChunk& chunk = group.columns.emplace_back();
    chunk.metadata = std::move(encoded.back().metadata);
    group.uncompressed_bytes += chunk.metadata.uncompressed_bytes;
    group.compressed_bytes += chunk.metadata.compressed_bytes;
  }
  const auto position = [&data, file_offset] { return static_cast<int64_t>(file_offset + data.size()); };
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!schema_[i].bloom_filter) continue;
    ColumnMetadata& column = group.columns[i].metadata;
    column.bloom_filter_offset = position();
    column.bloom_filter_length = AppendBloomFilter(columns_[i], data);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    group.columns[i].column_index_offset = position();
    AppendColumnIndex(encoded[i].index, data);
    group.columns[i].column_index_length =
        static_cast<int32_t>(position() - *group.columns[i].column_index_offset);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    group.columns[i].offset_index_offset = position();
    AppendOffsetIndex(encoded[i].pages, data);
    group.columns[i].offset_index_length =
        static_cast<int32_t>(position() - *group.columns[i].offset_index_offset);
  }
  AppendRowGroup(group, metadata);
}

void RowGroupWriter::Clear() {
  for (ColumnBuffer& column : columns_) column.Clear();
}

}  // namespace codec::parquet
