#include "codec/parquet/page_bounds.h"

#include <algorithm>
#include <cstddef>

#include "codec/parquet/value_bounds.h"

namespace codec::parquet {
namespace {

// PLAIN, little-endian.
std::string PlainNumber(int64_t number, Type type) {
  const size_t octets = type == Type::kBoolean ? 1 : type == Type::kInt32 ? 4 : 8;
  std::string plain;
  for (size_t i = 0; i < octets; ++i) plain.push_back(static_cast<char>(number >> (8 * i)));
  return plain;
}

bool Empty(const PageBounds& page, Type type) {
  return type == Type::kByteArray ? page.texts.empty() : page.numbers.empty();
}

Bound Lowest(const PageBounds& page, Type type) {
  if (type == Type::kByteArray) return LowerBound(page.texts.lowest());
  return {.value = PlainNumber(page.numbers.lowest(), type)};
}

Bound Highest(const PageBounds& page, Type type) {
  if (type == Type::kByteArray) return UpperBound(page.texts.highest());
  return {.value = PlainNumber(page.numbers.highest(), type)};
}

// How the bounds of two pages that have values compare; texts as the index has them.
std::partial_ordering Compare(const PageBounds& a, const PageBounds& b, Type type) {
  std::strong_ordering low = a.numbers.lowest() <=> b.numbers.lowest();
  std::strong_ordering high = a.numbers.highest() <=> b.numbers.highest();
  if (type == Type::kByteArray) {
    low = Lowest(a, type).value <=> Lowest(b, type).value;
    high = Highest(a, type).value <=> Highest(b, type).value;
  }
  if (low == 0) return high;
  if (high == 0 || low == high) return low;
  return std::partial_ordering::unordered;
}

BoundaryOrder OrderOf(const std::vector<PageBounds>& pages, Type type) {
  bool ascending = true;
  bool descending = true;
  const PageBounds* last = nullptr;
  for (const PageBounds& page : pages) {
    if (Empty(page, type)) continue;
    if (last != nullptr) {
      const std::partial_ordering order = Compare(*last, page, type);
      ascending = ascending && order <= 0;
      descending = descending && order >= 0;
    }
    last = &page;
  }
  if (ascending) return BoundaryOrder::kAscending;
  return descending ? BoundaryOrder::kDescending : BoundaryOrder::kUnordered;
}

}  // namespace

void TextBounds::Add(std::string_view text) {
  if (empty_) {
    lowest_.text = highest_.text = text;
    empty_ = false;
    return;
  }
  Compare(text, lowest_);
  Compare(text, highest_);
}

void TextBounds::Compare(std::string_view text, Extreme& extreme) {
  const std::strong_ordering order = text <=> extreme.text;
  if (order == 0 || order == extreme.side) {
    extreme.text = text;
    extreme.common = kSame;
  } else {
    extreme.common = static_cast<size_t>(std::ranges::mismatch(text, extreme.text).in1 - text.begin());
  }
}

void PageBounds::Add(const PageBounds& other) {
  if (!other.numbers.empty()) {
    numbers.Add(other.numbers.lowest());
    numbers.Add(other.numbers.highest());
  }
  if (!other.texts.empty()) {
    texts.Add(other.texts.lowest());
    texts.Add(other.texts.highest());
  }
  nulls += other.nulls;
}

Statistics ToStatistics(const PageBounds& chunk, Type type) {
  Statistics statistics;
  statistics.null_count = chunk.nulls;
  if (Empty(chunk, type)) return statistics;
  const Bound low = Lowest(chunk, type);
  const Bound high = Highest(chunk, type);
  statistics.min_value = low.value;
  statistics.min_is_exact = low.exact;
  statistics.max_value = high.value;
  statistics.max_is_exact = high.exact;
  return statistics;
}

ColumnIndex ToColumnIndex(const std::vector<PageBounds>& pages, Type type) {
  ColumnIndex index;
  for (const PageBounds& page : pages) {
    const bool empty = Empty(page, type);
    index.null_pages.push_back(empty);
    index.min_values.push_back(empty ? std::string() : Lowest(page, type).value);
    index.max_values.push_back(empty ? std::string() : Highest(page, type).value);
    index.null_counts.push_back(page.nulls);
  }
  index.order = OrderOf(pages, type);
  return index;
}

}  // namespace codec::parquet
