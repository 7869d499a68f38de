// Rows of a group, one behind another, for a writer that takes pages of columns.
#ifndef TESTS_CODEC_PARQUET_GROUP_ROWS_H_
#define TESTS_CODEC_PARQUET_GROUP_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/row_group_writer.h"

namespace codec::parquet {

class GroupRows {
 public:
  explicit GroupRows(RowGroupWriter& group) : group_(group), columns_(group.schema().size()) {}

  // ---- The next row, column by column: one value, or the items of a list; nothing is a null ----
  void Add(size_t column, int64_t number);
  // `text` must stay valid until Finish.
  void Add(size_t column, std::string_view text);
  void EndRow();

  // Finishes the group, and forgets it.
  void Finish(uint64_t file_offset, ByteBuffer& data, ByteBuffer& metadata);

 private:
  struct Cells {
    size_t of_row = 0;           // Of the row that is open.
    std::vector<size_t> counts;  // Of each row.
    std::vector<uint32_t> codes;
    std::vector<int64_t> numbers;
    std::vector<std::string_view> texts;
  };

  void AddPages(size_t column);

  RowGroupWriter& group_;
  std::vector<Cells> columns_;
  size_t rows_ = 0;
};

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_GROUP_ROWS_H_
