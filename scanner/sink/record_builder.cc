#include "scanner/sink/record_builder.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "codec/dns/name.h"
#include "scanner/sink/address_text.h"

namespace scanner {
namespace {

bool IsPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
         c == '.' || c == ':';
}

uint64_t BigEndian(std::span<const uint8_t> octets) {
  uint64_t number = 0;
  for (const uint8_t octet : octets) number = number << 8 | octet;
  return number;
}

}  // namespace

RecordBuilder::RecordBuilder(std::span<const Column> columns, std::string scan_id)
    : scan_id_(std::move(scan_id)) {
  assert(std::ranges::all_of(scan_id_, IsPlain));
  for (const Column column : columns) wanted_ |= uint32_t{1} << static_cast<size_t>(column);
}

const Record& RecordBuilder::Build(const RowView& row) {
  const RowHeader& header = row.header;
  record_.Clear();
  record_.plain = true;
  ReserveText(row);
  SetKey(header);
  SetIdentity(header);
  SetOutcome(header);
  SetNumbers(header);
  if (header.has_alias_target) SetName(Column::kPtrAliasTarget, row.alias_target);
  if (header.has_zone) SetName(Column::kZone, row.zone);
  if (header.names != 0) SetNames(row);
  if (header.forward_addresses != 0 && Wants(Column::kForwardAddresses)) SetForwardAddresses(row);
  if (header.flags != 0 && Wants(Column::kFlagList)) SetFlags(header.flags);
  return record_;
}

void RecordBuilder::ReserveText(const RowView& row) {
  constexpr size_t kAddresses = 3;     // The row's, the server's and the prefix.
  constexpr size_t kPrefixLength = 3;  // `/64`
  constexpr size_t kNames = 2;         // Alias target and zone.
  const size_t needed = (kAddresses + row.header.forward_addresses) * kMaxAddressText + kPrefixLength +
                        (kNames + row.header.names) * codec::dns::kMaxPresentationLength;
  if (text_.size() < needed) text_.resize(needed);
  text_end_ = text_.data();
}

std::string_view RecordBuilder::Take(const char* end) {
  const std::string_view text(text_end_, static_cast<size_t>(end - text_end_));
  text_end_ += text.size();
  return text;
}

void RecordBuilder::SetKey(const RowHeader& header) {
  const std::span<const uint8_t> octets(header.address);
  if (header.address_octets == 4) {
    record_.key = {.ipv6 = false, .high = 0, .low = BigEndian(octets.first(4))};
  } else {
    record_.key = {.ipv6 = true, .high = BigEndian(octets.first(8)), .low = BigEndian(octets.last(8))};
  }
}

void RecordBuilder::SetIdentity(const RowHeader& header) {
  const bool ipv4 = header.address_octets == 4;
  if (Wants(Column::kAddress)) {
    const std::span<const uint8_t> octets = std::span(header.address).first(header.address_octets);
    record_.SetText(Column::kAddress, Take(WriteAddress(octets, text_end_)));
  }
  if (Wants(Column::kServer) && header.server_octets != 0) {
    const std::span<const uint8_t> octets = std::span(header.server).first(header.server_octets);
    record_.SetText(Column::kServer, Take(WriteAddress(octets, text_end_)));
  }
  if (ipv4 && Wants(Column::kIpv4)) {
    record_.SetNumber(Column::kIpv4, static_cast<int64_t>(record_.key.low));
  }
  if (Wants(Column::kPrefix)) {
    std::array<uint8_t, 16> network{};
    std::copy_n(header.address.begin(), ipv4 ? 3 : 8, network.begin());
    char* const end = WriteAddress(std::span(network).first(header.address_octets), text_end_);
    const std::string_view length = ipv4 ? "/24" : "/64";
    record_.SetText(Column::kPrefix, Take(std::ranges::copy(length, end).out));
  }
  if (Wants(Column::kScanId)) record_.SetText(Column::kScanId, scan_id_);
}

void RecordBuilder::SetOutcome(const RowHeader& header) {
  if (Wants(Column::kVerdict) && header.verdict != Verdict::kNone) {
    record_.SetText(Column::kVerdict, ToString(header.verdict));
  }
  if (Wants(Column::kReason) && header.reason != Reason::kNone) {
    record_.SetText(Column::kReason, ToString(header.reason));
  }
  if (Wants(Column::kPtrStatus)) {
    record_.SetText(Column::kPtrStatus, ToString(header.ptr_status, ptr_status_));
  }
  if (Wants(Column::kForwardStatus) && header.has_forward_status) {
    record_.SetText(Column::kForwardStatus, ToString(header.forward_status, forward_status_));
  }
  if (Wants(Column::kEvidence)) record_.SetText(Column::kEvidence, ToString(header.evidence));
}

void RecordBuilder::SetNumbers(const RowHeader& header) {
  SetOptional(Column::kPtrTtl, header.ptr_ttl);
  SetOptional(Column::kForwardTtl, header.forward_ttl);
  SetOptional(Column::kAuthoritative, header.authoritative);
  SetOptional(Column::kAuthenticated, header.authenticated);
  SetOptional(Column::kAttempts, header.attempts);
  SetOptional(Column::kRttUs, header.rtt_us);
  SetOptional(Column::kEde, header.ede);
  if (Wants(Column::kObservedAt)) record_.SetNumber(Column::kObservedAt, header.observed_at);
}

void RecordBuilder::SetOptional(Column column, int32_t number) {
  if (number != RowHeader::kNull && Wants(column)) record_.SetNumber(column, number);
}

std::string_view RecordBuilder::Present(std::span<const uint8_t> name) {
  constexpr size_t kMost = codec::dns::kMaxPresentationLength;
  const size_t length = codec::dns::Present(name, std::span<char, kMost>(text_end_, kMost));
  // Without an escape, the text lacks the first length and the root label; only the root itself does not.
  record_.plain = record_.plain && length <= name.size();
  return Take(text_end_ + length);
}

void RecordBuilder::SetName(Column column, std::span<const uint8_t> name) {
  if (Wants(column)) record_.SetText(column, Present(name));
}

void RecordBuilder::SetNames(const RowView& row) {
  if (!Wants(Column::kNames) && !Wants(Column::kConfirmedNames)) return;
  const std::span<NameText> names = std::span(names_).first(row.header.names);
  for (size_t i = 0; i < names.size(); ++i) {
    names[i] = {.text = Present(row.names[i]), .confirmed = (row.header.confirmed >> i & 1) != 0};
  }
  if (names.size() > 1) std::ranges::sort(names, {}, &NameText::text);
  if (Wants(Column::kNames)) {
    for (const NameText& name : names) record_.AppendItem(Column::kNames, name.text);
  }
  if (Wants(Column::kConfirmedNames)) {
    for (const NameText& name : names) {
      if (name.confirmed) record_.AppendItem(Column::kConfirmedNames, name.text);
    }
  }
}

void RecordBuilder::SetForwardAddresses(const RowView& row) {
  const size_t octets = row.header.address_octets;
  const std::span<const uint8_t> all = row.forward_addresses;
  if (all.size() == octets) return AppendForwardAddress(all, row.header);
  forward_addresses_.clear();
  for (size_t at = 0; at < all.size(); at += octets) {
    AddressOctets& address = forward_addresses_.emplace_back();
    std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(at), octets, address.begin());
  }
  std::ranges::sort(forward_addresses_);
  const auto repeated = std::ranges::unique(forward_addresses_);
  forward_addresses_.erase(repeated.begin(), repeated.end());
  for (const AddressOctets& address : forward_addresses_) {
    AppendForwardAddress(std::span(address).first(octets), row.header);
  }
}

// Most often it is the address itself, which is text already.
void RecordBuilder::AppendForwardAddress(std::span<const uint8_t> octets, const RowHeader& header) {
  const bool same =
      Wants(Column::kAddress) && std::equal(octets.begin(), octets.end(), header.address.begin());
  record_.AppendItem(Column::kForwardAddresses,
                     same ? record_.Text(Column::kAddress) : Take(WriteAddress(octets, text_end_)));
}

void RecordBuilder::SetFlags(uint32_t flags) {
  for (; flags != 0; flags &= flags - 1) {
    record_.AppendItem(Column::kFlagList, ToString(static_cast<Flag>(std::countr_zero(flags))));
  }
}

}  // namespace scanner
