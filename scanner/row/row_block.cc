#include "scanner/row/row_block.h"

#include <cassert>
#include <cstring>
#include <type_traits>

namespace scanner {

static_assert(std::is_trivially_copyable_v<RowHeader>, "headers are stored as they are in memory");

RowBlock::RowBlock() { bytes_.reserve(kBytes); }

void RowBlock::Clear() {
  assert(names_due_ == 0 && addresses_due_ == 0);
  rows_ = 0;
  bytes_.clear();
  if (bytes_.capacity() <= kBytes) return;
  bytes_ = {};  // One unusually large row must not hold memory for the rest of the sweep.
  bytes_.reserve(kBytes);
}

void RowBlock::Begin(const RowHeader& header) {
  assert(names_due_ == 0 && addresses_due_ == 0);
  assert(header.names <= RowHeader::kMaxNames);
  assert(header.address_octets == 4 || header.address_octets == 16);
  names_due_ = uint32_t{header.names} + (header.has_alias_target ? 1 : 0) + (header.has_zone ? 1 : 0);
  addresses_due_ = header.forward_addresses;
  address_octets_ = header.address_octets;
  const auto* octets = reinterpret_cast<const uint8_t*>(&header);
  bytes_.insert(bytes_.end(), octets, octets + sizeof(RowHeader));
}

void RowBlock::AppendName(std::span<const uint8_t> wire_name) {
  assert(names_due_ > 0);
  assert(!wire_name.empty() && wire_name.size() <= 255);
  --names_due_;
  bytes_.push_back(static_cast<uint8_t>(wire_name.size()));
  bytes_.insert(bytes_.end(), wire_name.begin(), wire_name.end());
}

void RowBlock::AppendAddress(std::span<const uint8_t> octets) {
  assert(addresses_due_ > 0);
  assert(octets.size() == address_octets_);
  --addresses_due_;
  bytes_.insert(bytes_.end(), octets.begin(), octets.end());
}

void RowBlock::End() {
  assert(names_due_ == 0 && addresses_due_ == 0);
  ++rows_;
}

void RowBlock::AppendRows(const RowBlock& other) {
  assert(names_due_ == 0 && addresses_due_ == 0);
  bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
  rows_ += other.rows_;
}

bool RowBlock::Read(size_t& position, RowView& out) const {
  if (position == bytes_.size()) return false;
  const uint8_t* next = bytes_.data() + position;
  std::memcpy(&out.header, next, sizeof(RowHeader));
  next += sizeof(RowHeader);
  const auto read_name = [&next] {
    const std::span<const uint8_t> name(next + 1, *next);
    next += 1 + name.size();
    return name;
  };
  for (size_t i = 0; i < out.header.names; ++i) out.names[i] = read_name();
  out.forward_addresses = {next, size_t{out.header.forward_addresses} * out.header.address_octets};
  next += out.forward_addresses.size();
  out.alias_target = out.header.has_alias_target ? read_name() : std::span<const uint8_t>();
  out.zone = out.header.has_zone ? read_name() : std::span<const uint8_t>();
  position = static_cast<size_t>(next - bytes_.data());
  assert(position <= bytes_.size());
  return true;
}

}  // namespace scanner
