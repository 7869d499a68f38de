// Rows on their way from an engine to the sink: serialised one behind another, in blocks of bounded bytes.
//
// One row is a RowHeader, then its names, its forward addresses, the alias target and the zone. Names are
// uncompressed wire form (RFC 1035 section 3.1), lower case, each behind an octet that holds its length;
// addresses 4 or 16 octets in network order.
#ifndef SCANNER_ROW_ROW_BLOCK_H_
#define SCANNER_ROW_ROW_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scanner/row/row.h"

namespace scanner {

// One row of a RowBlock, valid as long as the block is.
class RowView {
 public:
  RowHeader header;
  std::array<std::span<const uint8_t>, RowHeader::kMaxNames> names;  // The first header.names of them.
  std::span<const uint8_t> forward_addresses;  // header.forward_addresses times header.address_octets.
  std::span<const uint8_t> alias_target;       // Empty unless header.has_alias_target.
  std::span<const uint8_t> zone;               // Empty unless header.has_zone.
};

// An append-only run of rows. Filled by one engine, then handed over whole.
class RowBlock {
 public:
  static constexpr size_t kBytes = size_t{1} << 20;

  RowBlock();

  // True while another row may be begun; a single row may make the block larger than kBytes.
  bool HasRoom() const { return bytes_.size() < kBytes - kRowRoom; }
  bool empty() const { return rows_ == 0; }
  size_t rows() const { return rows_; }
  size_t bytes() const { return bytes_.size(); }
  void Clear();

  // Appends a row: first its header, then exactly the names, addresses, alias target and zone that the header
  // announces, in this order.
  void Begin(const RowHeader& header);
  void AppendName(std::span<const uint8_t> wire_name);
  void AppendAddress(std::span<const uint8_t> octets);
  void End();

  // Appends a copy of the rows of `other`.
  void AppendRows(const RowBlock& other);

  // Reads the row that begins at `position` (0 for the first) and moves `position` to the next; false at the
  // end.
  bool Read(size_t& position, RowView& out) const;

 private:
  static constexpr size_t kRowRoom = 4096;  // Ordinary rows fit; larger ones make the vector grow.

  std::vector<uint8_t> bytes_;
  size_t rows_ = 0;
  uint32_t names_due_ = 0;      // Of the row begun: names, alias target and zone that must still come.
  uint32_t addresses_due_ = 0;  // The same, forward addresses.
  uint8_t address_octets_ = 4;  // Of the row begun.
};

}  // namespace scanner

#endif  // SCANNER_ROW_ROW_BLOCK_H_
