// The values of a row as text, the same for every text format: SPEC section 2.
#ifndef SCANNER_SINK_ROW_TEXT_H_
#define SCANNER_SINK_ROW_TEXT_H_

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dns/name.h"
#include "scanner/row/row_block.h"
#include "scanner/sink/address_text.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/text_buffer.h"
#include "scanner/sink/time_text.h"

namespace scanner {

// No value that it writes holds a control character, a quote, a space, a comma or `<`: names escape them, all
// else is made of fixed words and numbers. A name may hold `\`.
class RowText {
 public:
  // `columns`: those that will be asked for. `scan_id`: letters, digits, `-`, `_`, `.` and `:`.
  RowText(std::span<const Column> columns, std::string scan_id);

  // The row that is asked about from now on; it must stay valid.
  void Bind(const RowView& row);

  // Appends the value of a column that is no list; false, and nothing appended, when it is null.
  bool AppendScalar(Column column, TextBuffer& out);

  // Of a list column: hands each item, in order, to `item`, which is called as item(std::string_view).
  template <typename Item>
  void ForEachItem(Column column, const Item& item) const;

 private:
  struct NameText {
    std::string_view text;
    bool confirmed;
  };
  using AddressOctets = std::array<uint8_t, 16>;
  using NameScratch = std::array<char, codec::dns::kMaxPresentationLength>;

  void PresentNames();
  void SortForwardAddresses();
  // The end of the text, or null.
  char* WriteScalar(Column column, char* out);
  char* WritePrefix(char* out) const;

  const std::string scan_id_;
  bool needs_names_ = false;
  bool needs_forward_addresses_ = false;
  const RowView* row_ = nullptr;
  std::unique_ptr<std::array<NameScratch, RowHeader::kMaxNames>> scratch_;
  std::array<NameText, RowHeader::kMaxNames> names_;  // The first row_->header.names, sorted bytewise.
  std::vector<AddressOctets>
      forward_addresses_;  // Sorted, without duplicates; IPv4 in the first four octets.
  TimeText time_;
};

template <typename Item>
void RowText::ForEachItem(Column column, const Item& item) const {
  if (column == Column::kNames || column == Column::kConfirmedNames) {
    for (const NameText& name : std::span(names_).first(row_->header.names)) {
      if (column == Column::kNames || name.confirmed) item(name.text);
    }
  } else if (column == Column::kForwardAddresses) {
    for (const AddressOctets& address : forward_addresses_) {
      std::array<char, kMaxAddressText> text;
      const char* const end =
          WriteAddress(std::span(address).first(row_->header.address_octets), text.data());
      item(std::string_view(text.data(), static_cast<size_t>(end - text.data())));
    }
  } else {
    assert(column == Column::kFlagList);
    for (uint32_t flags = row_->header.flags; flags != 0; flags &= flags - 1) {
      item(ToString(static_cast<Flag>(std::countr_zero(flags))));
    }
  }
}

}  // namespace scanner

#endif  // SCANNER_SINK_ROW_TEXT_H_
