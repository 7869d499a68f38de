// One column of the rows of the row group that is open.
#ifndef SCANNER_SINK_OPEN_COLUMN_H_
#define SCANNER_SINK_OPEN_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "codec/parquet/column_writer.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/record.h"
#include "scanner/sink/text_arena.h"

namespace scanner {

// Each row has a slot for the column, of a few octets at the same place of its own; what does not fit there
// lies elsewhere. A slot holds nothing where the column is null, or an empty list.
class OpenColumn {
 public:
  // The slots begin `offset` octets into the row. `writer` gives codes to the values where it wants them; it
  // and the texts must outlive the column.
  OpenColumn(Column column, size_t offset, codec::parquet::ColumnWriter& writer, TextArena& texts);

  size_t slot_octets() const;
  // Fills the slot of the next row. Returns how many values or items the record has.
  size_t Append(const Record& record, uint8_t* row) {
    if (record.IsNull(column_)) return 0;
    ++kept_;
    uint8_t* const slot = row + offset_;
    switch (store_) {
      case Store::kTextCodes:
        Put(writer_.Code(record.Text(column_)), slot);
        return 1;
      case Store::kNumberCodes:
        Put(writer_.Code(record.Number(column_)), slot);
        return 1;
      case Store::kNarrowNumbers:
        Put(static_cast<int32_t>(record.Number(column_)), slot);
        return 1;
      case Store::kNumbers:
        Put(record.Number(column_), slot);
        return 1;
      case Store::kTexts:
        Put(arena_.Keep(record.Text(column_)), slot);
        return 1;
      case Store::kLists:
      case Store::kCodeLists:
        break;
    }
    return AppendList(record.Items(column_), slot);
  }
  // Gives a record what the row's slot holds, which is something.
  void Read(const uint8_t* row, Record& record) const;
  // Adds these rows to the page, out of `rows` in all. `set` says of each with this bit whether its slot
  // holds something.
  void Gather(std::span<const uint8_t* const> page, std::span<const uint32_t> set, int bit, size_t rows);
  void EndPage(size_t page_rows);
  void Clear();

 private:
  enum class Store : uint8_t {
    kTextCodes,
    kNumberCodes,
    kNarrowNumbers,
    kNumbers,
    kTexts,
    kLists,
    kCodeLists
  };

  static Store StoreOf(Column column, bool coded);
  template <typename Value>
  static void Put(Value value, uint8_t* slot) {
    std::memcpy(slot, &value, sizeof(value));
  }
  template <typename Value>
  static Value Get(const uint8_t* slot) {
    Value value;
    std::memcpy(&value, slot, sizeof(value));
    return value;
  }
  size_t AppendList(std::span<const std::string_view> items, uint8_t* slot);
  // The items of a list whose slot holds something.
  std::span<const TextArena::Place> TextsOf(const TextArena::Place& slot) const;
  std::span<const uint32_t> CodesOf(const uint32_t& slot) const;
  // The values in these slots.
  template <typename InSlot, typename Value>
  void GatherValues(std::span<const uint8_t* const> rows, std::vector<Value>& out) const;
  void GatherTexts(std::span<const uint8_t* const> rows);
  void GatherTextLists(std::span<const uint8_t* const> rows);
  void GatherCodeLists(std::span<const uint8_t* const> rows);

  const Column column_;
  const Store store_;
  const size_t offset_;
  codec::parquet::ColumnWriter& writer_;
  TextArena& arena_;
  size_t kept_ = 0;  // Slots that hold something.
  // Of lists of several items.
  std::vector<uint32_t> item_codes_;
  std::vector<TextArena::Place> item_texts_;

  // Of the page.
  std::vector<uint8_t> present_;  // Where some slots hold nothing.
  std::vector<uint32_t> items_;
  std::vector<uint32_t> codes_;
  std::vector<int64_t> numbers_;
  std::vector<std::string_view> texts_;
  std::vector<const uint8_t*> holding_;  // Scratch.
};

}  // namespace scanner

#endif  // SCANNER_SINK_OPEN_COLUMN_H_
