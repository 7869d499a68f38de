#include "scanner/sink/record_builder.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "codec/dns/name.h"
#include "scanner/sink/address_text.h"

namespace scanner {
namespace {

bool IsPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
         c == '.' || c == ':';
}

uint32_t BigEndian32(const uint8_t* octets) {
  return uint32_t{octets[0]} << 24 | uint32_t{octets[1]} << 16 | uint32_t{octets[2]} << 8 | octets[3];
}

uint64_t BigEndian64(const uint8_t* octets) {
  return uint64_t{BigEndian32(octets)} << 32 | BigEndian32(octets + 4);
}

template <typename Enum, size_t kCount>
void SetWords(std::array<std::string_view, kCount>& words) {
  for (size_t i = 0; i < kCount; ++i) words[i] = ToString(static_cast<Enum>(i));
}

}  // namespace

RecordBuilder::RecordBuilder(std::span<const Column> columns, std::string scan_id)
    : scan_id_(std::move(scan_id)) {
  assert(std::ranges::all_of(scan_id_, IsPlain));
  for (const Column column : columns) wanted_ |= uint32_t{1} << static_cast<size_t>(column);
  SetWords<Verdict>(verdicts_);
  SetWords<Reason>(reasons_);
  SetWords<Evidence>(evidence_);
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
  constexpr size_t kAddresses = 2;     // The row's, and the prefix.
  constexpr size_t kPrefixLength = 3;  // `/64`
  constexpr size_t kNames = 2;         // Alias target and zone.
  const size_t needed = (kAddresses + row.header.forward_addresses) * kAddressTextRoom + kPrefixLength +
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
  const uint8_t* const octets = header.address.data();
  if (header.address_octets == 4) {
    record_.key = {.ipv6 = false, .high = 0, .low = BigEndian32(octets)};
  } else {
    record_.key = {.ipv6 = true, .high = BigEndian64(octets), .low = BigEndian64(octets + 8)};
  }
}

void RecordBuilder::SetIdentity(const RowHeader& header) {
  const bool ipv4 = header.address_octets == 4;
  if (Wants(Column::kAddress) || Wants(Column::kPrefix)) {
    const auto [address, prefix] = ipv4 ? Ipv4TextsOf(header) : Ipv6TextsOf(header);
    if (Wants(Column::kAddress)) record_.SetText(Column::kAddress, address);
    if (Wants(Column::kPrefix)) record_.SetText(Column::kPrefix, prefix);
  }
  if (Wants(Column::kServer) && header.server_octets != 0) SetServer(header);
  if (ipv4 && Wants(Column::kIpv4)) {
    record_.SetNumber(Column::kIpv4, static_cast<int64_t>(record_.key.low));
  }
  if (Wants(Column::kScanId)) record_.SetText(Column::kScanId, scan_id_);
}

RecordBuilder::AddressTexts RecordBuilder::Ipv4TextsOf(const RowHeader& header) {
  char* const prefix = text_end_ + kAddressTextRoom;
  text_end_ = prefix + kAddressTextRoom;
  const Ipv4Texts texts =
      WriteIpv4AndSlash24(std::span(header.address).first<4>(), prefix - kAddressTextRoom, prefix);
  return {.address = texts.address, .prefix = texts.slash24};
}

RecordBuilder::AddressTexts RecordBuilder::Ipv6TextsOf(const RowHeader& header) {
  constexpr std::array<char, 3> kEnd = {'/', '6', '4'};
  const std::string_view address = Take(WriteAddress(header.address, text_end_));
  std::array<uint8_t, 16> network{};
  std::copy_n(header.address.begin(), 8, network.begin());
  return {.address = address, .prefix = Take(std::ranges::copy(kEnd, WriteAddress(network, text_end_)).out)};
}

void RecordBuilder::SetServer(const RowHeader& header) {
  if (header.server_octets != server_octets_ || header.server != server_) {
    server_ = header.server;
    server_octets_ = header.server_octets;
    const char* const end = WriteAddress(std::span(server_).first(server_octets_), server_text_.data());
    server_length_ = static_cast<size_t>(end - server_text_.data());
  }
  record_.SetText(Column::kServer, {server_text_.data(), server_length_});
}

void RecordBuilder::SetOutcome(const RowHeader& header) {
  if (Wants(Column::kVerdict) && header.verdict != Verdict::kNone) {
    record_.SetText(Column::kVerdict, verdicts_[static_cast<size_t>(header.verdict)]);
  }
  if (Wants(Column::kReason) && header.reason != Reason::kNone) {
    record_.SetText(Column::kReason, reasons_[static_cast<size_t>(header.reason)]);
  }
  if (Wants(Column::kPtrStatus)) {
    record_.SetText(Column::kPtrStatus, ToString(header.ptr_status, ptr_status_));
  }
  if (Wants(Column::kForwardStatus) && header.has_forward_status) {
    record_.SetText(Column::kForwardStatus, ToString(header.forward_status, forward_status_));
  }
  if (Wants(Column::kEvidence)) {
    record_.SetText(Column::kEvidence, evidence_[static_cast<size_t>(header.evidence)]);
  }
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
