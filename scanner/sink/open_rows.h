// The rows of the row group that is open, in the order in which they came, packed.
#ifndef SCANNER_SINK_OPEN_ROWS_H_
#define SCANNER_SINK_OPEN_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/parquet/row_group_writer.h"
#include "scanner/sink/address_order.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/large_buffer.h"
#include "scanner/sink/record.h"

namespace scanner {

class OpenRows {
 public:
  // `group` has a field for each of `columns`, and must outlive it; it gives numbers to the values of columns
  // with a dictionary.
  OpenRows(std::span<const Column> columns, codec::parquet::RowGroupWriter& group);

  void Append(const Record& record);
  size_t rows() const { return order_.rows(); }
  // Of values.
  uint64_t bytes() const { return size_; }
  // What the row was; valid until it is forgotten.
  void Read(size_t row, Record& record) const;
  // Gives the group all rows in the order of their addresses. They must stay until the group has finished.
  void WriteSorted();
  void Clear();

 private:
  struct Cell {
    Column column;
    ColumnKind kind;
    bool coded;  // Values are kept as their numbers in the column's dictionary.
    codec::parquet::ColumnWriter* writer;
  };

  void AppendText(std::string_view text);
  void AppendItems(const Cell& cell, std::span<const std::string_view> items);
  void WriteRow(const uint8_t* at);
  static void WriteList(const Cell& cell, const uint8_t*& at);
  void Reserve(size_t octets);
  template <typename Number>
  void Put(Number number);

  std::vector<Cell> cells_;
  codec::parquet::RowGroupWriter& group_;
  AddressOrder order_;
  std::vector<uint32_t> begins_;  // Of each row, in octets_.
  // A row is a bit for each cell that is not null or, of a list, not empty, and then those: numbers in the
  // width of their type, a string as its length and its octets or as its number, a list as its length and its
  // items. A length takes an octet, or five when it is 255 or more.
  LargeBuffer octets_;  // The first size_ of them.
  size_t size_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_OPEN_ROWS_H_
