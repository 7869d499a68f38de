// A row that owns its values, and can be changed.
#ifndef PARQUET_MATRIX_ROW_H_
#define PARQUET_MATRIX_ROW_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/sink/columns.h"
#include "scanner/sink/record.h"

namespace matrix {

struct Cell {
  bool null = true;                // Of what is no list.
  int64_t number = 0;              // Of numbers, booleans and times, as Record has them.
  std::string text;                // Of strings.
  std::vector<std::string> items;  // Of lists.
};

class MatrixRow {
 public:
  // Every cell null or an empty list.
  void Clear();

  Cell& cell(scanner::Column column) { return cells_[static_cast<size_t>(column)]; }
  const Cell& cell(scanner::Column column) const { return cells_[static_cast<size_t>(column)]; }

  void SetNumber(scanner::Column column, int64_t number);
  void SetText(scanner::Column column, std::string_view text);
  void AddItem(scanner::Column column, std::string_view item) { cell(column).items.emplace_back(item); }

  // Sets `address`, and the record's key; of IPv4 also `ipv4` and `prefix`.
  void SetIpv4(uint32_t address);
  void SetIpv6(uint64_t high, uint64_t low);

  // Valid until the row changes.
  void Fill(scanner::Record& record) const;

 private:
  scanner::AddressKey key_;
  std::array<Cell, scanner::kColumns> cells_;
};

}  // namespace matrix

#endif  // PARQUET_MATRIX_ROW_H_
