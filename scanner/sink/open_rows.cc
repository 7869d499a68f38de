#include "scanner/sink/open_rows.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace scanner {
namespace {

// Rows whose slots all columns take together, while they are in a near cache.
constexpr size_t kBatch = 256;
// Rows are fetched into it so many before they are looked at: they lie anywhere in memory.
constexpr size_t kAhead = 8;
constexpr size_t kCacheLine = 64;

uint32_t SetOf(const uint8_t* row) {
  uint32_t set;
  std::memcpy(&set, row, sizeof(set));
  return set;
}

}  // namespace

OpenRows::OpenRows(std::span<const Column> columns, size_t expected_rows,
                   codec::parquet::RowGroupWriter& group)
    : group_(group) {
  columns_.reserve(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    columns_.emplace_back(columns[i], row_octets_, group.column(i), texts_);
    row_octets_ += columns_.back().slot_octets();
  }
  octets_.Reserve(expected_rows * row_octets_);
}

void OpenRows::Append(const Record& record) {
  const size_t begin = rows() * row_octets_;
  order_.Add(record.key);
  octets_.Reserve(begin + row_octets_);
  uint8_t* const row = octets_.data() + begin;
  uint32_t set = 0;
  uint32_t bit = 1;
  size_t cells = 0;
  for (OpenColumn& column : columns_) {
    const size_t more = column.Append(record, row);
    set |= more != 0 ? bit : 0;
    cells += more;
    bit <<= 1;
  }
  std::memcpy(row, &set, sizeof(set));
  cells_ += cells;
  texts_.EndRow();
}

void OpenRows::Read(size_t row, Record& record) const {
  record.Clear();
  record.key = order_.key(row);
  const uint8_t* const begin = octets_.data() + row * row_octets_;
  uint32_t set = SetOf(begin);
  for (const OpenColumn& column : columns_) {
    if ((set & 1) != 0) column.Read(begin, record);
    set >>= 1;
  }
}

void OpenRows::WriteSorted() {
  const std::span<const uint32_t> order = order_.Sort();
  const size_t page_rows = group_.page_rows();
  for (size_t begin = 0; begin < order.size(); begin += page_rows) {
    const std::span<const uint32_t> page = order.subspan(begin, std::min(page_rows, order.size() - begin));
    for (size_t at = 0; at < page.size(); at += kBatch) {
      GatherBatch(page.subspan(at, std::min(kBatch, page.size() - at)));
    }
    for (OpenColumn& column : columns_) column.EndPage(page.size());
  }
}

void OpenRows::GatherBatch(std::span<const uint32_t> batch) {
  std::array<const uint8_t*, kBatch + kAhead> rows;
  std::array<uint32_t, kBatch> set;
  for (size_t i = 0; i < batch.size(); ++i) rows[i] = octets_.data() + batch[i] * row_octets_;
  std::fill_n(rows.begin() + static_cast<std::ptrdiff_t>(batch.size()), kAhead, octets_.data());
  for (size_t i = 0; i < batch.size(); ++i) {
    for (size_t at = 0; at < row_octets_; at += kCacheLine) __builtin_prefetch(rows[i + kAhead] + at);
    set[i] = SetOf(rows[i]);
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].Gather(std::span(rows).first(batch.size()), std::span(set).first(batch.size()),
                       static_cast<int>(i), order_.rows());
  }
}

void OpenRows::Clear() {
  order_.Clear();
  texts_.Clear();
  cells_ = 0;
  for (OpenColumn& column : columns_) column.Clear();
}

}  // namespace scanner
