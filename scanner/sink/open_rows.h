// The rows of the row group that is open, in the order in which they came.
#ifndef SCANNER_SINK_OPEN_ROWS_H_
#define SCANNER_SINK_OPEN_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/parquet/row_group_writer.h"
#include "scanner/sink/address_order.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/large_buffer.h"
#include "scanner/sink/open_column.h"
#include "scanner/sink/record.h"
#include "scanner/sink/text_arena.h"

namespace scanner {

class OpenRows {
 public:
  // `group` has a field for each of `columns`, and must outlive it; it gives codes to the values of columns
  // with a dictionary. There is room at once for as many rows as are expected; more may come.
  OpenRows(std::span<const Column> columns, size_t expected_rows, codec::parquet::RowGroupWriter& group);
  OpenRows(const OpenRows&) = delete;
  OpenRows& operator=(const OpenRows&) = delete;

  void Append(const Record& record);
  size_t rows() const { return order_.rows(); }
  // Of values, more or less: texts, and what says where they are.
  uint64_t bytes() const { return texts_.size() + cells_ * sizeof(uint32_t); }
  // What the row was; valid until it is forgotten.
  void Read(size_t row, Record& record) const;
  // Gives the group all pages, the rows in the order of their addresses. The rows must stay until the group
  // has finished.
  void WriteSorted();
  void Clear();

 private:
  // Adds these rows to the pages of all columns.
  void GatherBatch(std::span<const uint32_t> batch);

  codec::parquet::RowGroupWriter& group_;
  TextArena texts_;
  std::vector<OpenColumn> columns_;
  AddressOrder order_;
  // Row by row: a bit for each column that is not null or, a list, not empty; then the slots of all columns.
  LargeBuffer octets_;
  size_t row_octets_ = sizeof(uint32_t);
  uint64_t cells_ = 0;  // Values that are not null, and items of lists.
};

}  // namespace scanner

#endif  // SCANNER_SINK_OPEN_ROWS_H_
