// A sweep's row as a record: SPEC section 2.
#ifndef SCANNER_SINK_RECORD_BUILDER_H_
#define SCANNER_SINK_RECORD_BUILDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/row/row_block.h"
#include "scanner/sink/address_text.h"
#include "scanner/sink/columns.h"
#include "scanner/sink/record.h"

namespace scanner {

// No text of a record holds a control character, a quote, a space, a comma or `<`: names escape them, all
// else is made of fixed words and numbers. A name may hold `\`.
class RecordBuilder {
 public:
  // `columns`: those that are set, as far as they are known; the others stay null. `scan_id`: letters,
  // digits,
  // `-`, `_`, `.` and `:`.
  RecordBuilder(std::span<const Column> columns, std::string scan_id);
  RecordBuilder(const RecordBuilder&) = delete;
  RecordBuilder& operator=(const RecordBuilder&) = delete;

  // Valid until the next call; `row` may go before. The key is set whatever the columns are.
  const Record& Build(const RowView& row);

 private:
  struct NameText {
    std::string_view text;
    bool confirmed;
  };
  struct AddressTexts {
    std::string_view address;
    std::string_view prefix;
  };
  using AddressOctets = std::array<uint8_t, 16>;

  bool Wants(Column column) const { return (wanted_ >> static_cast<size_t>(column) & 1) != 0; }
  void ReserveText(const RowView& row);
  // Takes what was written from text_end_ up to `end`.
  std::string_view Take(const char* end);
  void SetKey(const RowHeader& header);
  void SetIdentity(const RowHeader& header);
  AddressTexts Ipv4TextsOf(const RowHeader& header);
  AddressTexts Ipv6TextsOf(const RowHeader& header);
  void SetServer(const RowHeader& header);
  void SetOutcome(const RowHeader& header);
  void SetNumbers(const RowHeader& header);
  // Writes the text of a name, and sees whether it holds `\`.
  std::string_view Present(std::span<const uint8_t> name);
  void SetName(Column column, std::span<const uint8_t> name);
  void SetOptional(Column column, int32_t number);
  void SetNames(const RowView& row);
  void SetForwardAddresses(const RowView& row);
  void AppendForwardAddress(std::span<const uint8_t> octets, const RowHeader& header);
  void SetFlags(uint32_t flags);

  const std::string scan_id_;
  uint32_t wanted_ = 0;  // One bit a column.
  std::array<std::string_view, kVerdicts> verdicts_;
  std::array<std::string_view, kReasons> reasons_;
  std::array<std::string_view, kEvidences> evidence_;
  Record record_;
  std::vector<char> text_;           // Of record_; large enough for the row before the first text is written.
  char* text_end_ = nullptr;         // In text_.
  std::array<char, 16> ptr_status_;  // Of a status that has no mnemonic; the same for the next one.
  std::array<char, 16> forward_status_;
  std::array<uint8_t, 16> server_{};  // The last one, and its text: few servers answer many rows.
  uint8_t server_octets_ = 0;
  size_t server_length_ = 0;
  std::array<char, kAddressTextRoom> server_text_;
  std::array<NameText, RowHeader::kMaxNames> names_;
  std::vector<AddressOctets> forward_addresses_;  // IPv4 in the first four octets.
};

}  // namespace scanner

#endif  // SCANNER_SINK_RECORD_BUILDER_H_
