// Rows of a sweep of arpasim's Internet.
#ifndef BENCH_INTERNET_ROWS_H_
#define BENCH_INTERNET_ROWS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "scanner/row/row_block.h"

namespace bench {

inline constexpr uint32_t kInternetBlocks = 4096;  // 10.0.0.0/12
inline constexpr uint32_t kInternetRows = kInternetBlocks * 256;

// A million rows, in the order of their addresses or in one that a scan may bring them in; made once for each
// order.
const std::vector<std::unique_ptr<scanner::RowBlock>>& InternetRows(bool scan);

}  // namespace bench

#endif  // BENCH_INTERNET_ROWS_H_
