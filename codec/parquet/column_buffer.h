// The values of one column of the row group that is open, in the order in which they came.
#ifndef CODEC_PARQUET_COLUMN_BUFFER_H_
#define CODEC_PARQUET_COLUMN_BUFFER_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/schema.h"
#include "codec/parquet/text_dictionary.h"

namespace codec::parquet {

// One append a row, of the kind that the field asks for; each returns the octets that are now kept more.
class ColumnBuffer {
 public:
  explicit ColumnBuffer(const Field& field)
      : text_(field.type == Type::kByteArray),
        list_(field.shape == Shape::kList),
        coded_(text_ && field.packing == Packing::kDictionary) {}

  // Of an optional column.
  uint32_t AppendNull() {
    ++nulls_;
    if (text_) {
      texts_.push_back(kNullText);
      return sizeof(TextRef);
    }
    numbers_.push_back(0);
    present_.push_back(0);
    return sizeof(int64_t) + 1;
  }
  // Of a column of numbers or Booleans.
  uint32_t AppendNumber(int64_t number) {
    assert(!text_);
    numbers_.push_back(number);
    present_.push_back(1);
    return sizeof(int64_t) + 1;
  }
  uint32_t AppendText(std::string_view text) {
    assert(text_ && !list_);
    return AppendItem(text);
  }
  uint32_t AppendList(std::span<const std::string_view> items) {
    assert(list_);
    uint32_t added = sizeof(uint32_t);
    for (const std::string_view item : items) added += AppendItem(item);
    ends_.push_back(static_cast<uint32_t>(texts_.size()));
    return added;
  }

  size_t rows() const { return list_ ? ends_.size() : text_ ? texts_.size() : numbers_.size(); }
  size_t nulls() const { return nulls_; }
  // That are not null; of a list its items.
  size_t values() const { return (text_ ? texts_.size() : numbers_.size()) - nulls_; }
  void Clear();

  // ---- What is kept ----
  bool IsNull(size_t row) const { return text_ ? texts_[row].offset == kNullOffset : present_[row] == 0; }
  int64_t Number(size_t row) const { return numbers_[row]; }
  std::string_view Text(size_t row) const { return TextOf(texts_[row]); }
  // Of a list: the items of `row` are those from Begin(row) to End(row).
  size_t Begin(size_t row) const { return row == 0 ? 0 : ends_[row - 1]; }
  size_t End(size_t row) const { return ends_[row]; }
  std::string_view Item(size_t item) const { return TextOf(texts_[item]); }
  // Where texts are kept in a dictionary: the number of a row's or an item's.
  bool coded() const { return coded_; }
  uint32_t Code(size_t index) const { return texts_[index].offset; }
  const TextDictionary& dictionary() const { return dictionary_; }

 private:
  struct TextRef {
    uint32_t offset;  // In octets_; in a dictionary: the number.
    uint32_t length;
  };
  static constexpr uint32_t kNullOffset = UINT32_MAX;
  static constexpr TextRef kNullText = {.offset = kNullOffset, .length = 0};

  uint32_t AppendItem(std::string_view text) {
    const auto length = static_cast<uint32_t>(text.size());
    if (coded_) {
      const uint32_t known = dictionary_.size();
      texts_.push_back({.offset = dictionary_.Code(text), .length = length});
      return sizeof(TextRef) + (dictionary_.size() == known ? 0 : length + TextDictionary::kEntryBytes);
    }
    texts_.push_back({.offset = static_cast<uint32_t>(octets_.size()), .length = length});
    octets_.Append(text);
    return sizeof(TextRef) + length;
  }
  std::string_view TextOf(const TextRef& text) const {
    if (coded_) return dictionary_.Text(text.offset);
    return {reinterpret_cast<const char*>(octets_.data()) + text.offset, text.length};
  }

  bool text_;
  bool list_;
  bool coded_;
  size_t nulls_ = 0;
  std::vector<int64_t> numbers_;  // One a row, of a column of numbers, as the next one.
  std::vector<uint8_t> present_;  // 0 for null.
  std::vector<TextRef> texts_;    // One a row or an item.
  std::vector<uint32_t> ends_;    // Of a list: how many items there are up to this row.
  ByteBuffer octets_;
  TextDictionary dictionary_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_COLUMN_BUFFER_H_
