// Rows to be written and read back, drawn from a seed. Each row of a maker has an address of its own.
#ifndef PARQUET_MATRIX_ROWS_H_
#define PARQUET_MATRIX_ROWS_H_

#include <cstdint>

#include "tests/parquet/matrix_row.h"

namespace matrix {

enum class Content : uint8_t {
  kMixed,     // Each column now null and now not, lists empty or not, both families.
  kNulls,     // Nothing but the address.
  kNoNulls,   // Every column has a value, every list an item. IPv4, as `ipv4` is null otherwise.
  kExtremes,  // The ends of every range: numbers, times, addresses, lengths of names and lists.
  kSweep,     // As a sweep finds it, in blocks of 256 addresses.
  kResults,   // Mixed too, but of words, addresses and numbers that results can have.
};

// Row `index`, the same whenever it is asked for.
void MakeRow(Content content, uint64_t index, MatrixRow& row);

// How many rows kExtremes has addresses for.
inline constexpr uint64_t kExtremeRows = 64;

}  // namespace matrix

#endif  // PARQUET_MATRIX_ROWS_H_
