#include "tests/codec/parquet/group_rows.h"

#include <algorithm>
#include <span>
#include <utility>

namespace codec::parquet {
namespace {

template <typename Value>
std::span<const Value> Part(const std::vector<Value>& values, size_t begin, size_t count) {
  return values.empty() ? std::span<const Value>() : std::span(values).subspan(begin, count);
}

}  // namespace

void GroupRows::Add(size_t column, int64_t number) {
  Cells& cells = columns_[column];
  ++cells.of_row;
  ColumnWriter& writer = group_.column(column);
  if (writer.coded()) {
    cells.codes.push_back(writer.Code(number));
  } else {
    cells.numbers.push_back(number);
  }
}

void GroupRows::Add(size_t column, std::string_view text) {
  Cells& cells = columns_[column];
  ++cells.of_row;
  ColumnWriter& writer = group_.column(column);
  if (writer.coded()) {
    cells.codes.push_back(writer.Code(text));
  } else {
    cells.texts.push_back(text);
  }
}

void GroupRows::EndRow() {
  for (Cells& cells : columns_) cells.counts.push_back(std::exchange(cells.of_row, 0));
  ++rows_;
}

void GroupRows::AddPages(size_t column) {
  const Cells& cells = columns_[column];
  size_t value = 0;
  for (size_t begin = 0; begin < rows_; begin += group_.page_rows()) {
    PageValues page{.rows = std::min(group_.page_rows(), rows_ - begin)};
    std::vector<uint8_t> present;
    std::vector<uint32_t> items;
    size_t values = 0;
    for (const size_t count : Part(cells.counts, begin, page.rows)) {
      present.push_back(count != 0 ? 1 : 0);
      if (count != 0) items.push_back(static_cast<uint32_t>(count));
      values += count;
    }
    page.present = present;
    if (group_.schema()[column].shape == Shape::kList) page.items = items;
    page.codes = Part(cells.codes, value, values);
    page.numbers = Part(cells.numbers, value, values);
    page.texts = Part(cells.texts, value, values);
    group_.column(column).AddPage(page);
    value += values;
  }
}

void GroupRows::Finish(uint64_t file_offset, ByteBuffer& data, ByteBuffer& metadata) {
  for (size_t column = 0; column < columns_.size(); ++column) AddPages(column);
  group_.Finish(std::exchange(rows_, 0), file_offset, data, metadata);
  group_.Clear();
  for (Cells& cells : columns_) cells = {};
}

}  // namespace codec::parquet
