#include "scanner/sink/row_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace scanner {
namespace {

// No scalar is longer: names are.
constexpr size_t kMaxScalar = codec::dns::kMaxPresentationLength;

char* WriteText(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* WriteNumber(int64_t number, char* out) { return std::to_chars(out, out + 20, number).ptr; }

// Null for RowHeader::kNull.
char* WriteOptional(int32_t number, char* out) {
  return number == RowHeader::kNull ? nullptr : WriteNumber(number, out);
}

char* WriteBoolean(int8_t value, char* out) {
  if (value == RowHeader::kNull) return nullptr;
  return WriteText(value != 0 ? "true" : "false", out);
}

char* WriteStatus(Status status, char* out) {
  std::array<char, 16> scratch;
  return WriteText(ToString(status, scratch), out);
}

char* WriteName(std::span<const uint8_t> name, char* out) {
  return out + codec::dns::Present(name, std::span<char, kMaxScalar>(out, kMaxScalar));
}

bool IsPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
         c == '.' || c == ':';
}

}  // namespace

RowText::RowText(std::span<const Column> columns, std::string scan_id)
    : scan_id_(std::move(scan_id)),
      scratch_(std::make_unique<std::array<NameScratch, RowHeader::kMaxNames>>()) {
  assert(scan_id_.size() <= kMaxScalar && std::ranges::all_of(scan_id_, IsPlain));
  for (const Column column : columns) {
    needs_names_ |= column == Column::kNames || column == Column::kConfirmedNames;
    needs_forward_addresses_ |= column == Column::kForwardAddresses;
  }
}

void RowText::Bind(const RowView& row) {
  row_ = &row;
  if (needs_names_) PresentNames();
  if (needs_forward_addresses_) SortForwardAddresses();
}

void RowText::PresentNames() {
  const size_t count = row_->header.names;
  for (size_t i = 0; i < count; ++i) {
    NameScratch& scratch = (*scratch_)[i];
    const size_t length = codec::dns::Present(row_->names[i], scratch);
    names_[i] = {.text = {scratch.data(), length}, .confirmed = (row_->header.confirmed >> i & 1) != 0};
  }
  if (count > 1) std::ranges::sort(std::span(names_).first(count), {}, &NameText::text);
}

void RowText::SortForwardAddresses() {
  const size_t octets = row_->header.address_octets;
  const std::span<const uint8_t> all = row_->forward_addresses;
  forward_addresses_.clear();
  for (size_t at = 0; at < all.size(); at += octets) {
    AddressOctets& address = forward_addresses_.emplace_back();
    std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(at), octets, address.begin());
  }
  if (forward_addresses_.size() < 2) return;
  std::ranges::sort(forward_addresses_);
  const auto repeated = std::ranges::unique(forward_addresses_);
  forward_addresses_.erase(repeated.begin(), repeated.end());
}

bool RowText::AppendScalar(Column column, TextBuffer& out) {
  const char* const end = WriteScalar(column, out.Room(kMaxScalar));
  if (end == nullptr) return false;
  out.Commit(end);
  return true;
}

char* RowText::WritePrefix(char* out) const {
  const RowHeader& header = row_->header;
  std::array<uint8_t, 16> network{};
  const bool ipv4 = header.address_octets == 4;
  std::copy_n(header.address.begin(), ipv4 ? 3 : 8, network.begin());
  out = WriteAddress(std::span(network).first(header.address_octets), out);
  return WriteText(ipv4 ? "/24" : "/64", out);
}

char* RowText::WriteScalar(Column column, char* out) {
  const RowHeader& header = row_->header;
  switch (column) {
    case Column::kAddress:
      return WriteAddress(std::span(header.address).first(header.address_octets), out);
    case Column::kVerdict:
      return header.verdict == Verdict::kNone ? nullptr : WriteText(ToString(header.verdict), out);
    case Column::kReason:
      return header.reason == Reason::kNone ? nullptr : WriteText(ToString(header.reason), out);
    case Column::kPtrStatus:
      return WriteStatus(header.ptr_status, out);
    case Column::kForwardStatus:
      return header.has_forward_status ? WriteStatus(header.forward_status, out) : nullptr;
    case Column::kPtrTtl:
      return WriteOptional(header.ptr_ttl, out);
    case Column::kForwardTtl:
      return WriteOptional(header.forward_ttl, out);
    case Column::kPtrAliasTarget:
      return header.has_alias_target ? WriteName(row_->alias_target, out) : nullptr;
    case Column::kZone:
      return header.has_zone ? WriteName(row_->zone, out) : nullptr;
    case Column::kServer:
      if (header.server_octets == 0) return nullptr;
      return WriteAddress(std::span(header.server).first(header.server_octets), out);
    case Column::kAuthoritative:
      return WriteBoolean(header.authoritative, out);
    case Column::kAuthenticated:
      return WriteBoolean(header.authenticated, out);
    case Column::kEvidence:
      return WriteText(ToString(header.evidence), out);
    case Column::kAttempts:
      return WriteNumber(header.attempts, out);
    case Column::kRttUs:
      return WriteOptional(header.rtt_us, out);
    case Column::kEde:
      return WriteOptional(header.ede, out);
    case Column::kObservedAt:
      return time_.Write(header.observed_at, out);
    case Column::kIpv4: {
      if (header.address_octets != 4) return nullptr;
      const auto& a = header.address;
      return WriteNumber(int64_t{a[0]} << 24 | int64_t{a[1]} << 16 | int64_t{a[2]} << 8 | int64_t{a[3]}, out);
    }
    case Column::kPrefix:
      return WritePrefix(out);
    case Column::kScanId:
      return WriteText(scan_id_, out);
    case Column::kTemplate:
    case Column::kRegisteredDomain:
    case Column::kAsn:
    case Column::kAnnouncedPrefix:
      return nullptr;  // No part fills them; they are null by SPEC section 2.
    case Column::kNames:
    case Column::kConfirmedNames:
    case Column::kForwardAddresses:
    case Column::kFlagList:
      break;
  }
  assert(false);  // A list.
  return nullptr;
}

}  // namespace scanner
