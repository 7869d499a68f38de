#include "scanner/core/ptr_names.h"

#include <algorithm>

namespace scanner {

using codec::dns::ParseError;

PtrNames::PtrNames() : items_(std::make_unique_for_overwrite<Item[]>(RowHeader::kMaxNames + 1)) {
  for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<uint8_t>(i);
}

void PtrNames::Collect(const codec::dns::Message& message, const codec::dns::Answer& answer) {
  size_ = 0;
  truncated_ = false;
  codec::dns::DataCursor cursor(message, answer, codec::dns::Type::kPtr);
  codec::dns::Record record;
  while (cursor.Next(record)) {
    const uint8_t free = order_[size_];
    if (message.ReadTarget(record, items_[free].name) != ParseError::kNone) continue;
    codec::dns::LowerCase(items_[free].name);
    // The text is needed only for order, and most answers have one name.
    if (answer.records > 1) {
      items_[free].text_length = codec::dns::Present(items_[free].name.view(), items_[free].text);
      Insert(free);
    } else {
      size_ = 1;
    }
  }
}

void PtrNames::Insert(uint8_t item) {
  const std::string_view text = items_[item].view();
  const auto begin = order_.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(size_);
  const auto at = std::lower_bound(begin, end, text, [this](uint8_t index, std::string_view value) {
    return items_[index].view() < value;
  });
  if (at != end && items_[*at].view() == text) return;
  if (size_ == RowHeader::kMaxNames) {
    truncated_ = true;
    if (at == end) return;
    // The last one makes room, and its memory is the next to be read into.
    std::rotate(at, end, end + 1);
    return;
  }
  std::rotate(at, end, end + 1);
  ++size_;
}

}  // namespace scanner
