#include "tests/parquet/matrix_row.h"

#include <span>

#include "scanner/sink/address_text.h"

namespace matrix {
namespace {

using scanner::Column;
using scanner::ColumnKind;

// The last `size` octets of `number`, in network order.
template <size_t size>
void AppendOctets(uint64_t number, std::vector<uint8_t>& octets) {
  for (size_t i = size; i > 0; --i) octets.push_back(static_cast<uint8_t>(number >> (8 * (i - 1))));
}

std::string AddressText(std::span<const uint8_t> octets) {
  std::array<char, scanner::kAddressTextRoom> text;
  return {text.data(), scanner::WriteAddress(octets, text.data())};
}

}  // namespace

void MatrixRow::Clear() {
  for (Cell& cell : cells_) {
    cell.null = true;
    cell.items.clear();
  }
  key_ = {};
}

void MatrixRow::SetNumber(Column column, int64_t number) {
  cell(column).null = false;
  cell(column).number = number;
}

void MatrixRow::SetText(Column column, std::string_view text) {
  cell(column).null = false;
  cell(column).text = text;
}

void MatrixRow::SetIpv4(uint32_t address) {
  key_ = {.ipv6 = false, .high = 0, .low = address};
  std::vector<uint8_t> octets;
  AppendOctets<4>(address, octets);
  SetText(Column::kAddress, AddressText(octets));
  SetNumber(Column::kIpv4, address);
  octets.back() = 0;
  SetText(Column::kPrefix, AddressText(octets) + "/24");
}

void MatrixRow::SetIpv6(uint64_t high, uint64_t low) {
  key_ = {.ipv6 = true, .high = high, .low = low};
  std::vector<uint8_t> octets;
  AppendOctets<8>(high, octets);
  AppendOctets<8>(low, octets);
  SetText(Column::kAddress, AddressText(octets));
  cell(Column::kIpv4).null = true;
}

void MatrixRow::Fill(scanner::Record& record) const {
  record.Clear();
  record.key = key_;
  for (const Column column : scanner::AllColumns()) {
    const Cell& from = cell(column);
    switch (scanner::Info(column).kind) {
      case ColumnKind::kList:
        for (const std::string& item : from.items) record.AppendItem(column, item);
        break;
      case ColumnKind::kString:
        if (!from.null) record.SetText(column, from.text);
        break;
      case ColumnKind::kInt32:
      case ColumnKind::kInt64:
      case ColumnKind::kBoolean:
      case ColumnKind::kTimestamp:
        if (!from.null) record.SetNumber(column, from.number);
        break;
    }
  }
}

}  // namespace matrix
