// A row group: takes its pages, column by column, and turns them into what is written to the file.
#ifndef CODEC_PARQUET_ROW_GROUP_WRITER_H_
#define CODEC_PARQUET_ROW_GROUP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/column_writer.h"
#include "codec/parquet/page_writer.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

struct RowGroupOptions {
  size_t page_rows = 20'480;
};

class RowGroupWriter {
 public:
  RowGroupWriter(Schema schema, RowGroupOptions options);
  RowGroupWriter(const RowGroupWriter&) = delete;
  RowGroupWriter& operator=(const RowGroupWriter&) = delete;

  const Schema& schema() const { return schema_; }
  // Of the field with this index.
  ColumnWriter& column(size_t field) { return columns_[field]; }
  const ColumnWriter& column(size_t field) const { return columns_[field]; }
  size_t page_rows() const { return options_.page_rows; }

  // Appends to `data`, which is empty and written to the file from `file_offset` on, the pages of all rows,
  // behind them bloom filters, column indexes and offset indexes; and to `metadata` the group as the footer
  // has it. Every column has been given the same pages, of page_rows() rows, but that the last one may have
  // fewer; `rows` in all, one at least. What is left are the codes that columns gave to values.
  void Finish(uint64_t rows, uint64_t file_offset, ByteBuffer& data, ByteBuffer& metadata);
  // Forgets these as well.
  void Clear();

 private:
  const Schema schema_;
  const RowGroupOptions options_;
  PageWriter pages_;
  std::vector<ColumnWriter> columns_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_ROW_GROUP_WRITER_H_
