#include "scanner/sink/record_filler.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <span>

#include "scanner/sink/address_text.h"
#include "scanner/sink/result_words.h"
#include "scanner/sink/text_check.h"
#include "scanner/sink/time_text.h"

namespace scanner {
namespace {

struct Range {
  int64_t least;
  int64_t most;
};

Range RangeOf(Column column) {
  if (column == Column::kEde) return {0, UINT16_MAX};
  if (column == Column::kIpv4 || column == Column::kAsn) return {0, UINT32_MAX};
  switch (Info(column).kind) {
    case ColumnKind::kInt32:
      return {0, INT32_MAX};
    case ColumnKind::kBoolean:
      return {0, 1};
    case ColumnKind::kTimestamp:
      return {kLeastTime, kMostTime};
    case ColumnKind::kInt64:
    case ColumnKind::kString:
    case ColumnKind::kList:
      break;
  }
  return {0, INT64_MAX};
}

std::string ExpectedNumber(Column column) {
  switch (Info(column).kind) {
    case ColumnKind::kBoolean:
      return "true or false";
    case ColumnKind::kTimestamp:
      return "a time such as 2026-01-31T23:59:59.123456Z";
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
    case ColumnKind::kString:
    case ColumnKind::kList:
      break;
  }
  const Range range = RangeOf(column);
  return "a number from " + std::to_string(range.least) + " to " + std::to_string(range.most);
}

std::optional<int64_t> ReadNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

uint64_t BigEndian(std::span<const uint8_t> octets) {
  uint64_t number = 0;
  for (const uint8_t octet : octets) number = number << 8 | octet;
  return number;
}

}  // namespace

void RecordFiller::Begin(Record& record) {
  record_ = &record;
  record.Clear();
  record.plain = true;
  rewritten_.clear();
}

Objection RecordFiller::SetFromText(Column column, std::string_view text) {
  if (text.empty()) return std::nullopt;
  switch (Info(column).kind) {
    case ColumnKind::kString:
      return SetText(column, text);
    case ColumnKind::kTimestamp:
      return SetTime(column, text);
    case ColumnKind::kBoolean:
      if (text != "true" && text != "false") return ExpectedNumber(column);
      return SetNumber(column, text == "true" ? 1 : 0);
    case ColumnKind::kInt32:
    case ColumnKind::kInt64:
      if (const std::optional<int64_t> number = ReadNumber(text)) return SetNumber(column, *number);
      return ExpectedNumber(column);
    case ColumnKind::kList:
      break;
  }
  assert(false);  // A list.
  return std::nullopt;
}

Objection RecordFiller::CheckText(std::string_view text, bool is_item) {
  const TextTraits traits = LookAt(text);
  record_->plain = record_->plain && traits.plain;
  if (is_item && (text.empty() || traits.space)) return "text without a space";
  if (traits.control) return "text without a control character";
  if (!traits.ascii && !IsUtf8(text)) return "text in UTF-8 without a control character";
  return std::nullopt;
}

Objection RecordFiller::SetText(Column column, std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (column == Column::kAddress || column == Column::kServer) {
    AddressKey key;
    const std::optional<std::string_view> address = Address(text, key);
    if (!address) return kExpectedAddress;
    if (column == Column::kAddress) record_->key = key;
    record_->SetText(column, *address);
    return std::nullopt;
  }
  if (column == Column::kVerdict && !VerdictOf(text)) return "a verdict: pass, fail, temperror or permerror";
  if (column == Column::kReason && !ReasonOf(text)) return "a reason such as confirmed or no_ptr";
  if (Objection objection = CheckText(text, /*is_item=*/false)) return objection;
  record_->SetText(column, text);
  return std::nullopt;
}

Objection RecordFiller::SetTime(Column column, std::string_view text) {
  const std::optional<int64_t> time = ParseTime(text);
  if (!time) return ExpectedNumber(column);
  record_->SetNumber(column, *time);
  return std::nullopt;
}

Objection RecordFiller::SetNumber(Column column, int64_t number) {
  const Range range = RangeOf(column);
  if (number < range.least || number > range.most) return ExpectedNumber(column);
  record_->SetNumber(column, number);
  return std::nullopt;
}

Objection RecordFiller::AppendItem(Column column, std::string_view item) {
  if (column == Column::kForwardAddresses) {
    AddressKey key;
    const std::optional<std::string_view> address = Address(item, key);
    if (!address) return kExpectedAddress;
    item = *address;
  } else if (Objection objection = CheckText(item, /*is_item=*/true)) {
    return objection;
  }
  record_->AppendItem(column, item);
  return std::nullopt;
}

std::optional<std::string_view> RecordFiller::Address(std::string_view text, AddressKey& key) {
  std::array<char, kAddressTextRoom> terminated;
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  *std::ranges::copy(text, terminated.begin()).out = '\0';
  std::array<uint8_t, 16> octets{};
  const bool ipv6 = text.find(':') != std::string_view::npos;
  if (inet_pton(ipv6 ? AF_INET6 : AF_INET, terminated.data(), octets.data()) != 1) return std::nullopt;
  const std::span<const uint8_t> address = std::span(octets).first(ipv6 ? 16 : 4);
  key = {.ipv6 = ipv6,
         .high = ipv6 ? BigEndian(address.first(8)) : 0,
         .low = BigEndian(ipv6 ? address.last(8) : address)};
  std::array<char, kAddressTextRoom> canonical;
  const char* const end = WriteAddress(address, canonical.data());
  const std::string_view written(canonical.data(), static_cast<size_t>(end - canonical.data()));
  if (written == text) return text;
  return rewritten_.emplace_back(written);
}

std::string ValueMessage(Column column, std::string_view value, std::string_view expected) {
  return std::string(Info(column).name)
      .append(": ")
      .append(QuotedValue(value))
      .append(" is not ")
      .append(expected);
}

std::string QuotedValue(std::string_view text) {
  constexpr size_t kMost = 64;
  std::string quoted = "'";
  for (const char c : text.substr(0, kMost)) {
    const auto octet = static_cast<uint8_t>(c);
    if (octet >= 0x20 && octet < 0x7F && c != '\\' && c != '\'') {
      quoted += c;
      continue;
    }
    quoted += '\\';
    for (const int power : {100, 10, 1}) quoted += static_cast<char>('0' + octet / power % 10);
  }
  return quoted.append(text.size() > kMost ? "...'" : "'");
}

}  // namespace scanner
