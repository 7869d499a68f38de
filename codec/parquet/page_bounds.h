// What a page or a chunk says of its values: how many are null, and the lowest and the highest.
#ifndef CODEC_PARQUET_PAGE_BOUNDS_H_
#define CODEC_PARQUET_PAGE_BOUNDS_H_

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/parquet/metadata.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

// The lowest and the highest of those that were added.
class NumberBounds {
 public:
  bool empty() const { return empty_; }
  int64_t lowest() const { return lowest_; }
  int64_t highest() const { return highest_; }

  void Add(int64_t number) {
    lowest_ = empty_ ? number : std::min(lowest_, number);
    highest_ = empty_ ? number : std::max(highest_, number);
    empty_ = false;
  }

 private:
  bool empty_ = true;
  int64_t lowest_ = 0;
  int64_t highest_ = 0;
};

// Texts are compared bytewise, and not owned.
class TextBounds {
 public:
  bool empty() const { return empty_; }
  std::string_view lowest() const { return lowest_.text; }
  std::string_view highest() const { return highest_.text; }

  void Add(std::string_view text);
  // The same where it is known how `text` compares with the one added before, and how many octets they have
  // in common.
  void Add(std::string_view text, size_t prefix, std::strong_ordering order) {
    if (empty_) return Add(text);
    if (order == 0) return;
    Step(text, prefix, order, highest_);
    Step(text, prefix, order, lowest_);
  }

 private:
  static constexpr size_t kSame = SIZE_MAX;
  struct Extreme {
    std::strong_ordering side;  // How texts beyond it compare with it.
    std::string_view text = {};
    size_t common = kSame;  // Octets that the text added last has in common with it.
  };

  // Where the last text parted from the extreme at another octet than from `text`, that tells how `text` and
  // the extreme compare.
  static void Step(std::string_view text, size_t prefix, std::strong_ordering order, Extreme& extreme) {
    if (prefix > extreme.common) return;
    if (order != extreme.side) {
      extreme.common = prefix;
    } else if (prefix < extreme.common) {
      extreme.text = text;
      extreme.common = kSame;
    } else {
      Compare(text, extreme);
    }
  }
  static void Compare(std::string_view text, Extreme& extreme);

  bool empty_ = true;
  Extreme lowest_{.side = std::strong_ordering::less};
  Extreme highest_{.side = std::strong_ordering::greater};
};

// Of one page, or of all pages of a chunk. Of the two bounds the one of the column's type is used.
struct PageBounds {
  NumberBounds numbers;
  TextBounds texts;
  int64_t nulls = 0;

  void Add(const PageBounds& other);
};

// `type`: of the column.
Statistics ToStatistics(const PageBounds& chunk, Type type);
ColumnIndex ToColumnIndex(const std::vector<PageBounds>& pages, Type type);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_PAGE_BOUNDS_H_
