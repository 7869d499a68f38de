// A row group: takes its rows, and turns them into what is written to the file.
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
  int zstd_level = 1;
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
  // Every column has been given its value of the next row.
  void EndRow() {
    if (++page_rows_ == options_.page_rows) EndPage();
  }

  // Appends to `data`, which is empty and written to the file from `file_offset` on, the pages of all rows,
  // behind them bloom filters, column indexes and offset indexes; and to `metadata` the group as the footer
  // has it. There is a row at least. What is left are the numbers that columns gave to values.
  void Finish(uint64_t file_offset, ByteBuffer& data, ByteBuffer& metadata);
  // Forgets these as well.
  void Clear();

 private:
  void EndPage();

  const Schema schema_;
  const RowGroupOptions options_;
  PageWriter pages_;
  std::vector<ColumnWriter> columns_;
  size_t page_rows_ = 0;  // Of the page that is open; < options_.page_rows.
  int64_t rows_ = 0;      // Of those that ended.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_ROW_GROUP_WRITER_H_
