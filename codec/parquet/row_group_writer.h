// A row group: collects the values of its columns, and turns them into what is written to the file.
#ifndef CODEC_PARQUET_ROW_GROUP_WRITER_H_
#define CODEC_PARQUET_ROW_GROUP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/column_buffer.h"
#include "codec/parquet/column_encoder.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

struct RowGroupOptions {
  int zstd_level = 1;
  size_t page_rows = 20'480;
};

class RowGroupWriter {
 public:
  RowGroupWriter(Schema schema, RowGroupOptions options);

  const Schema& schema() const { return schema_; }
  // Of the field with this index. A row is one append to each column.
  ColumnBuffer& column(size_t field) { return columns_[field]; }
  const ColumnBuffer& column(size_t field) const { return columns_[field]; }
  size_t rows() const { return columns_.front().rows(); }

  // Appends to `data`, which is written to the file from `file_offset` on, the pages of the rows in this
  // order, a permutation of 0 to rows() - 1, behind them bloom filters, column indexes and offset indexes;
  // and to `metadata` the group as the footer has it. There is a row at least. The rows stay until Clear.
  void Encode(std::span<const uint32_t> order, uint64_t file_offset, ByteBuffer& data, ByteBuffer& metadata);
  // Makes room for the next group.
  void Clear();

 private:
  const Schema schema_;
  std::vector<ColumnBuffer> columns_;
  ColumnEncoder encoder_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_ROW_GROUP_WRITER_H_
