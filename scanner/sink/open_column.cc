#include "scanner/sink/open_column.h"

#include <algorithm>

namespace scanner {
namespace {

// A slot of a list: where its one item is, or that there are several. Of those with codes it says where their
// count is, which they follow; of texts where the first is, and how many.
constexpr uint32_t kSeveral = uint32_t{1} << 31;

}  // namespace

OpenColumn::OpenColumn(Column column, size_t offset, codec::parquet::ColumnWriter& writer, TextArena& texts)
    : column_(column),
      store_(StoreOf(column, writer.coded())),
      offset_(offset),
      writer_(writer),
      arena_(texts) {}

OpenColumn::Store OpenColumn::StoreOf(Column column, bool coded) {
  switch (Info(column).kind) {
    case ColumnKind::kString:
      return coded ? Store::kTextCodes : Store::kTexts;
    case ColumnKind::kList:
      return coded ? Store::kCodeLists : Store::kLists;
    case ColumnKind::kInt32:
    case ColumnKind::kBoolean:
      return coded ? Store::kNumberCodes : Store::kNarrowNumbers;
    case ColumnKind::kInt64:
    case ColumnKind::kTimestamp:
      return coded ? Store::kNumberCodes : Store::kNumbers;
  }
  return Store::kTexts;
}

size_t OpenColumn::slot_octets() const {
  switch (store_) {
    case Store::kTextCodes:
    case Store::kNumberCodes:
    case Store::kNarrowNumbers:
    case Store::kCodeLists:
      return sizeof(uint32_t);
    case Store::kNumbers:
      return sizeof(int64_t);
    case Store::kTexts:
    case Store::kLists:
      return sizeof(TextArena::Place);
  }
  return 0;
}

size_t OpenColumn::AppendList(std::span<const std::string_view> items, uint8_t* slot) {
  const auto count = static_cast<uint32_t>(items.size());
  if (store_ == Store::kLists) {
    if (count == 1) {
      Put(arena_.Keep(items.front()), slot);
    } else {
      const auto first = static_cast<uint32_t>(item_texts_.size());
      Put(TextArena::Place{.offset = first, .length = kSeveral | count}, slot);
      for (const std::string_view item : items) item_texts_.push_back(arena_.Keep(item));
    }
  } else if (count == 1) {
    Put(writer_.Code(items.front()), slot);
  } else {
    Put(kSeveral | static_cast<uint32_t>(item_codes_.size()), slot);
    item_codes_.push_back(count);
    for (const std::string_view item : items) item_codes_.push_back(writer_.Code(item));
  }
  return count;
}

std::span<const TextArena::Place> OpenColumn::TextsOf(const TextArena::Place& slot) const {
  if ((slot.length & kSeveral) == 0) return {&slot, 1};
  return std::span(item_texts_).subspan(slot.offset, slot.length & ~kSeveral);
}

std::span<const uint32_t> OpenColumn::CodesOf(const uint32_t& slot) const {
  if ((slot & kSeveral) == 0) return {&slot, 1};
  const size_t count = slot & ~kSeveral;
  return std::span(item_codes_).subspan(count + 1, item_codes_[count]);
}

void OpenColumn::Read(const uint8_t* row, Record& record) const {
  const uint8_t* const slot = row + offset_;
  switch (store_) {
    case Store::kTextCodes:
      record.SetText(column_, writer_.TextOf(Get<uint32_t>(slot)));
      break;
    case Store::kNumberCodes:
      record.SetNumber(column_, writer_.NumberOf(Get<uint32_t>(slot)));
      break;
    case Store::kNarrowNumbers:
      record.SetNumber(column_, Get<int32_t>(slot));
      break;
    case Store::kNumbers:
      record.SetNumber(column_, Get<int64_t>(slot));
      break;
    case Store::kTexts:
      record.SetText(column_, arena_.At(Get<TextArena::Place>(slot)));
      break;
    case Store::kLists: {
      const auto list = Get<TextArena::Place>(slot);
      for (const TextArena::Place place : TextsOf(list)) record.AppendItem(column_, arena_.At(place));
      break;
    }
    case Store::kCodeLists: {
      const auto list = Get<uint32_t>(slot);
      for (const uint32_t code : CodesOf(list)) record.AppendItem(column_, writer_.TextOf(code));
      break;
    }
  }
}

void OpenColumn::Gather(std::span<const uint8_t* const> page, std::span<const uint32_t> set, int bit,
                        size_t rows) {
  if (kept_ == 0) return;
  if (kept_ < rows) {
    // Without a branch, which nobody could predict.
    holding_.resize(page.size() + 1);
    const size_t before = present_.size();
    present_.resize(before + page.size());
    size_t count = 0;
    for (size_t i = 0; i < page.size(); ++i) {
      const auto holds = static_cast<uint8_t>(set[i] >> bit & 1);
      present_[before + i] = holds;
      holding_[count] = page[i];
      count += holds;
    }
    page = std::span(holding_).first(count);
  }
  switch (store_) {
    case Store::kTextCodes:
    case Store::kNumberCodes:
      if (writer_.codes() == 1) {
        codes_.resize(codes_.size() + page.size(), 0);
      } else {
        GatherValues<uint32_t>(page, codes_);
      }
      break;
    case Store::kNarrowNumbers:
      GatherValues<int32_t>(page, numbers_);
      break;
    case Store::kNumbers:
      GatherValues<int64_t>(page, numbers_);
      break;
    case Store::kTexts:
      GatherTexts(page);
      break;
    case Store::kLists:
      GatherTextLists(page);
      break;
    case Store::kCodeLists:
      GatherCodeLists(page);
      break;
  }
}

template <typename InSlot, typename Value>
void OpenColumn::GatherValues(std::span<const uint8_t* const> rows, std::vector<Value>& out) const {
  const size_t before = out.size();
  out.resize(before + rows.size());
  Value* const to = out.data() + before;
  for (size_t i = 0; i < rows.size(); ++i) to[i] = Get<InSlot>(rows[i] + offset_);
}

void OpenColumn::GatherTexts(std::span<const uint8_t* const> rows) {
  for (const uint8_t* const row : rows) texts_.push_back(arena_.At(Get<TextArena::Place>(row + offset_)));
}

void OpenColumn::GatherTextLists(std::span<const uint8_t* const> rows) {
  for (const uint8_t* const row : rows) {
    const auto slot = Get<TextArena::Place>(row + offset_);
    const std::span<const TextArena::Place> places = TextsOf(slot);
    items_.push_back(static_cast<uint32_t>(places.size()));
    for (const TextArena::Place place : places) texts_.push_back(arena_.At(place));
  }
}

void OpenColumn::GatherCodeLists(std::span<const uint8_t* const> rows) {
  for (const uint8_t* const row : rows) {
    const auto slot = Get<uint32_t>(row + offset_);
    const std::span<const uint32_t> codes = CodesOf(slot);
    items_.push_back(static_cast<uint32_t>(codes.size()));
    for (const uint32_t code : codes) codes_.push_back(code);
  }
}

void OpenColumn::EndPage(size_t page_rows) {
  writer_.AddPage({.rows = page_rows,
                   .present = present_,
                   .items = items_,
                   .codes = codes_,
                   .numbers = numbers_,
                   .texts = texts_});
  present_.clear();
  items_.clear();
  codes_.clear();
  numbers_.clear();
  texts_.clear();
}

void OpenColumn::Clear() {
  kept_ = 0;
  item_codes_.clear();
  item_texts_.clear();
}

}  // namespace scanner
