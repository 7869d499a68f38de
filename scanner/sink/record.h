// One row as results have it: a value for each column of the SPEC, text already. What sinks write, what
// readers of results give, and what lies between them.
#ifndef SCANNER_SINK_RECORD_H_
#define SCANNER_SINK_RECORD_H_

#include <array>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "scanner/sink/columns.h"

namespace scanner {

// The place of an address in "sorted by address": numeric, IPv4 first.
struct AddressKey {
  bool ipv6 = false;
  uint64_t high = 0;  // 0 for IPv4.
  uint64_t low = 0;

  friend auto operator<=>(const AddressKey&, const AddressKey&) = default;
};

// Text is not owned: whoever fills a record keeps it valid for as long as the record is used. Every column is
// null, or an empty list, until it is set.
class Record {
 public:
  void Clear() {
    set_ = 0;
    items_.clear();
    key = {};
    plain = false;
  }

  AddressKey key;  // Of the column `address`.
  // No text holds a control character, `"`, `,` or `\`: no format quotes or escapes any. False where that is
  // not known.
  bool plain = false;

  // Also of a list without items.
  bool IsNull(Column column) const { return (set_ & Bit(column)) == 0; }

  // ---- Of a column that is no list ----
  // Of kInt32, kInt64, kBoolean (0 or 1) and kTimestamp (microseconds since 1970, UTC).
  int64_t Number(Column column) const {
    assert(!IsNull(column));
    return numbers_[Index(column)];
  }
  std::string_view Text(Column column) const {
    assert(!IsNull(column));
    return texts_[Index(column)];
  }
  void SetNumber(Column column, int64_t number) {
    numbers_[Index(column)] = number;
    set_ |= Bit(column);
  }
  void SetText(Column column, std::string_view text) {
    texts_[Index(column)] = text;
    set_ |= Bit(column);
  }

  // ---- Of a list ----
  std::span<const std::string_view> Items(Column column) const {
    if (IsNull(column)) return {};
    const List& list = lists_[Index(column)];
    return std::span(items_).subspan(list.begin, list.items);
  }
  // The items of one list are appended one behind another, before those of the next.
  void AppendItem(Column column, std::string_view item) {
    List& list = lists_[Index(column)];
    if (IsNull(column)) list = {.begin = static_cast<uint32_t>(items_.size()), .items = 0};
    set_ |= Bit(column);
    assert(list.begin + list.items == items_.size());
    items_.push_back(item);
    ++list.items;
  }

 private:
  struct List {
    uint32_t begin = 0;  // In items_.
    uint32_t items = 0;
  };

  static constexpr size_t Index(Column column) { return static_cast<size_t>(column); }
  static constexpr uint32_t Bit(Column column) { return uint32_t{1} << Index(column); }
  static_assert(kColumns <= 32);

  uint32_t set_ = 0;  // One bit each; without it, what the arrays hold is of an earlier record.
  std::array<int64_t, kColumns> numbers_{};
  std::array<std::string_view, kColumns> texts_{};
  std::array<List, kColumns> lists_{};
  std::vector<std::string_view> items_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_H_
