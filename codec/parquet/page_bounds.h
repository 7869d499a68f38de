// What a page or a chunk says of its values: how many are null, and the lowest and the highest.
#ifndef CODEC_PARQUET_PAGE_BOUNDS_H_
#define CODEC_PARQUET_PAGE_BOUNDS_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/parquet/metadata.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

// Texts are not owned.
template <typename Value>
class Bounds {
 public:
  bool empty() const { return empty_; }
  const Value& lowest() const { return lowest_; }
  const Value& highest() const { return highest_; }

  void Add(const Value& value) {
    if (empty_) {
      lowest_ = highest_ = value;
      empty_ = false;
    } else if (value < lowest_) {
      lowest_ = value;
    } else if (value > highest_) {
      highest_ = value;
    }
  }
  // The same where it is known how `value` compares with the one added before.
  void Add(const Value& value, std::strong_ordering with_last) {
    if (empty_) {
      Add(value);
    } else if (with_last > 0) {
      if (value > highest_) highest_ = value;
    } else if (with_last < 0) {
      if (value < lowest_) lowest_ = value;
    }
  }
  void Add(const Bounds& other) {
    if (other.empty_) return;
    Add(other.lowest_);
    Add(other.highest_);
  }

 private:
  bool empty_ = true;
  Value lowest_{};
  Value highest_{};
};

// Of one page, or of all pages of a chunk. Of the two bounds the one of the column's type is used.
struct PageBounds {
  Bounds<int64_t> numbers;
  Bounds<std::string_view> texts;
  int64_t nulls = 0;

  void Add(const PageBounds& other);
};

// `type`: of the column.
Statistics ToStatistics(const PageBounds& chunk, Type type);
ColumnIndex ToColumnIndex(const std::vector<PageBounds>& pages, Type type);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_PAGE_BOUNDS_H_
