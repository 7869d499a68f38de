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
  size_t page_rows = 20'480;
};

class RowGroupWriter {
 public:
  static constexpr size_t kMostFields = 64;

  RowGroupWriter(Schema schema, RowGroupOptions options);
  RowGroupWriter(const RowGroupWriter&) = delete;
  RowGroupWriter& operator=(const RowGroupWriter&) = delete;

  const Schema& schema() const { return schema_; }
  // Of the field with this index.
  ColumnWriter& column(size_t field) { return columns_[field]; }
  const ColumnWriter& column(size_t field) const { return columns_[field]; }
  // Every column has been given its value of the next row, but those that are null, or an empty list: their
  // bit of `present`, which is that of the field's index, is 0.
  void EndRow(uint64_t present) {
    page_.push_back(present);
    if (page_.size() == options_.page_rows) EndPage();
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
  std::vector<uint64_t> page_;  // What is present, of each row of the page that is open.
  int64_t rows_ = 0;            // Of the pages that ended.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_ROW_GROUP_WRITER_H_
