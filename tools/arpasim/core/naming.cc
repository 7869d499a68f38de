#include "tools/arpasim/core/naming.h"

#include <array>
#include <optional>

namespace arpasim {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kInAddrArpa{"\7in-addr\4arpa\0", 14};
constexpr std::string_view kIp6Arpa{"\3ip6\4arpa\0", 10};

constexpr std::array<std::string_view, 8> kHostZones = {
    std::string_view{"\4pool\7example\3net\0", 18},   std::string_view{"\6static\7example\3com\0", 20},
    std::string_view{"\3dyn\7example\3org\0", 17},    std::string_view{"\3dsl\3isp\7example\0", 17},
    std::string_view{"\6mobile\3isp\7example\0", 20}, std::string_view{"\4cust\3net\4test\0", 15},
    std::string_view{"\3dc1\5cloud\4test\0", 16},     std::string_view{"\7hosting\4test\0", 14},
};

std::string_view Text(NameView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

// Takes a decimal number of 0 to 255 without leading zeros off the front.
std::optional<uint8_t> TakeDecimal(std::string_view& text) {
  size_t digits = 0;
  unsigned value = 0;
  while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
    value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
  }
  if (digits == 0 || value > 255 || (digits > 1 && text[0] == '0')) return std::nullopt;
  text.remove_prefix(digits);
  return static_cast<uint8_t>(value);
}

std::optional<uint8_t> WholeDecimal(std::string_view text) {
  const std::optional<uint8_t> value = TakeDecimal(text);
  return text.empty() ? value : std::nullopt;
}

std::optional<uint8_t> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

// `198-18-0-7` or 32 hexadecimal digits.
std::optional<Address> ReadAddressText(std::string_view text) {
  Address address;
  if (text.size() == 32) {
    address.v6 = true;
    for (size_t i = 0; i < 32; ++i) {
      const std::optional<uint8_t> digit = HexDigit(text[i]);
      if (!digit) return std::nullopt;
      uint64_t& half = i < 16 ? address.high : address.low;
      half = (half << 4) | *digit;
    }
    return address;
  }
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (text.empty() || text[0] != '-') return std::nullopt;
      text.remove_prefix(1);
    }
    const std::optional<uint8_t> octet = TakeDecimal(text);
    if (!octet) return std::nullopt;
    address.low = (address.low << 8) | *octet;
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

struct Word {
  std::string_view text;
  Subject::Kind kind;
  bool numbered;  // Two digits follow; of a host they are left out for 0.
};
constexpr Word kWords[] = {
    {"host", Subject::Kind::kHost, true},     {"gw", Subject::Kind::kShared, false},
    {"real", Subject::Kind::kReal, true},     {"alias", Subject::Kind::kAlias, true},
    {"dname", Subject::Kind::kDnamed, false},
};

// `host05-198-18-0-7` and its like.
Subject ReadTellingLabel(std::string_view label) {
  for (const Word& word : kWords) {
    if (!label.starts_with(word.text)) continue;
    label.remove_prefix(word.text.size());
    Subject subject{.kind = word.kind};
    if (word.numbered && label.size() > 2 && label[0] >= '0' && label[0] <= '9' && label[1] >= '0' &&
        label[1] <= '9') {
      subject.index = static_cast<uint8_t>((label[0] - '0') * 10 + (label[1] - '0'));
      label.remove_prefix(2);
    }
    if (label.empty() || label[0] != '-') return {};
    const std::optional<Address> address = ReadAddressText(label.substr(1));
    if (!address) return {};
    subject.address = *address;
    return subject;
  }
  return {};
}

// At most this many labels are looked at; the longest reverse name has 34.
constexpr size_t kMostLabels = 40;
using Labels = std::span<const std::string_view>;

// The labels in front of in-addr.arpa; five of them are `7.0-63.0.18.198` of RFC 2317.
Subject ReadInAddr(Labels labels) {
  if (labels.size() > 5) return {};
  const bool alias = labels.size() == 5;
  Address address;
  for (size_t i = labels.size(); i-- > 0;) {
    if (alias && i == 1) continue;
    const std::optional<uint8_t> octet = WholeDecimal(labels[i]);
    if (!octet) return {};
    address.low = (address.low << 8) | *octet;
  }
  if (alias) return {.kind = Subject::Kind::kAlias, .index = 1, .address = address};
  return {.kind = labels.size() == 4 ? Subject::Kind::kReverse : Subject::Kind::kInner, .address = address};
}

// The labels in front of ip6.arpa.
Subject ReadIp6(Labels labels) {
  if (labels.size() > 32) return {};
  Address address{.v6 = true};
  for (size_t i = labels.size(); i-- > 0;) {
    const std::optional<uint8_t> digit = labels[i].size() == 1 ? HexDigit(labels[i][0]) : std::nullopt;
    if (!digit) return {};
    const size_t read = labels.size() - 1 - i;
    uint64_t& half = read < 16 ? address.high : address.low;
    half |= uint64_t{*digit} << (4 * (15 - read % 16));
  }
  return {.kind = labels.size() == 32 ? Subject::Kind::kReverse : Subject::Kind::kInner, .address = address};
}

// `7.dname-198-18-0-0...`: the labels in front are the last octet, or the last two nibbles.
Subject ReadDnamed(Subject subject, Labels in_front) {
  uint64_t last = 0;
  if (subject.address.v6) {
    if (in_front.size() != 2 || in_front[0].size() != 1 || in_front[1].size() != 1) return {};
    const std::optional<uint8_t> low = HexDigit(in_front[0][0]);
    const std::optional<uint8_t> high = HexDigit(in_front[1][0]);
    if (!low || !high) return {};
    last = static_cast<uint64_t>(*high) << 4 | *low;
  } else {
    if (in_front.size() != 1) return {};
    const std::optional<uint8_t> octet = WholeDecimal(in_front[0]);
    if (!octet) return {};
    last = *octet;
  }
  if ((subject.address.low & 0xFF) != 0) return {};
  subject.address.low |= last;
  return subject;
}

struct DecimalText {
  char digits[3];
  uint8_t length;
};
constexpr auto kDecimals = [] {
  std::array<DecimalText, 256> texts{};
  for (unsigned i = 0; i < 256; ++i) {
    DecimalText& text = texts[i];
    if (i >= 100) text.digits[text.length++] = static_cast<char>('0' + i / 100);
    if (i >= 10) text.digits[text.length++] = static_cast<char>('0' + i / 10 % 10);
    text.digits[text.length++] = static_cast<char>('0' + i % 10);
  }
  return texts;
}();

uint8_t OctetOf(const Address& address, unsigned from_end) {
  return static_cast<uint8_t>(address.low >> (8 * from_end));
}

void TellingLabel(NameBuilder& builder, std::string_view word, const Address& address) {
  builder.Begin();
  builder.Text(word);
  builder.Octet('-');
  builder.AddressText(address);
  builder.End();
}

void NumberedLabel(NameBuilder& builder, std::string_view word, uint8_t number, const Address& address) {
  builder.Begin();
  builder.Text(word);
  builder.TwoDigits(number);
  builder.Octet('-');
  builder.AddressText(address);
  builder.End();
}

void NibbleLabel(NameBuilder& builder, const Address& address, unsigned from_end) {
  const uint64_t half = from_end < 16 ? address.low : address.high;
  builder.Octet(1);
  builder.Octet(kHexDigits[(half >> (4 * (from_end % 16))) & 0xF]);
}

void DecimalLabel(NameBuilder& builder, uint8_t value) {
  builder.Begin();
  builder.Decimal(value);
  builder.End();
}

}  // namespace

void NameBuilder::Decimal(uint8_t value) {
  const DecimalText& text = kDecimals[value];
  Text({text.digits, text.length});
}

void NameBuilder::TwoDigits(uint8_t value) {
  Octet(static_cast<char>('0' + value / 10));
  Octet(static_cast<char>('0' + value % 10));
}

void NameBuilder::AddressText(const Address& address) {
  if (!address.v6) {
    for (unsigned i = 4; i-- > 0;) {
      Decimal(OctetOf(address, i));
      if (i > 0) Octet('-');
    }
    return;
  }
  for (unsigned i = 16; i-- > 0;) Octet(kHexDigits[(address.high >> (4 * i)) & 0xF]);
  for (unsigned i = 16; i-- > 0;) Octet(kHexDigits[(address.low >> (4 * i)) & 0xF]);
}

std::string_view HostZone(uint64_t hash) { return kHostZones[hash % kHostZones.size()]; }

void WriteReverse(const Address& address, Name& out) {
  NameBuilder builder(out);
  if (!address.v6) {
    for (unsigned i = 0; i < 4; ++i) DecimalLabel(builder, OctetOf(address, i));
    builder.Wire(kInAddrArpa);
    return;
  }
  for (unsigned i = 0; i < 32; ++i) NibbleLabel(builder, address, i);
  builder.Wire(kIp6Arpa);
}

void WriteAlias(const Address& address, uint8_t step, Name& out) {
  NameBuilder builder(out);
  if (step > 1 || address.v6) {
    NumberedLabel(builder, "alias", step, address);
    builder.Wire(kAliasZone);
    return;
  }
  const uint8_t last = OctetOf(address, 0);
  DecimalLabel(builder, last);
  builder.Begin();
  builder.Decimal(last & 0xC0);
  builder.Octet('-');
  builder.Decimal(last | 0x3F);
  builder.End();
  for (unsigned i = 1; i < 4; ++i) DecimalLabel(builder, OctetOf(address, i));
  builder.Wire(kInAddrArpa);
}

void WriteDnameTarget(const Address& address, Name& out) {
  NameBuilder builder(out);
  if (address.v6) {
    NibbleLabel(builder, address, 0);
    NibbleLabel(builder, address, 1);
  } else {
    DecimalLabel(builder, OctetOf(address, 0));
  }
  TellingLabel(builder, "dname", BlockOf(address));
  builder.Wire(kAliasZone);
}

void WriteReal(const Address& address, uint8_t step, std::string_view zone, Name& out) {
  NameBuilder builder(out);
  NumberedLabel(builder, "real", step, address);
  builder.Wire(zone);
}

Address BlockOf(const Address& address) {
  Address block = address;
  block.low &= ~((uint64_t{1} << kBlockBits) - 1);
  return block;
}

Address GroupOf(const Address& address) {
  Address group = address;
  group.low &= ~uint64_t{7};
  return group;
}

Subject ReadSubject(NameView name) {
  std::array<std::string_view, kMostLabels> labels;
  size_t count = 0;
  const std::string_view text = Text(name);
  const bool in_addr = text.ends_with(kInAddrArpa);
  const bool ip6 = !in_addr && text.ends_with(kIp6Arpa);
  const size_t end = name.size() - (in_addr ? kInAddrArpa.size() : ip6 ? kIp6Arpa.size() : 1);
  for (size_t at = 0; at < end; at += 1U + name[at]) {
    // An octet of the suffix may belong to a longer label, as in `x\7in-addr`.
    if (count == kMostLabels || at + 1 + name[at] > end) return {};
    labels[count++] = text.substr(at + 1, name[at]);
    if (in_addr || ip6) continue;
    const Subject subject = ReadTellingLabel(labels[count - 1]);
    if (subject.kind == Subject::Kind::kDnamed) return ReadDnamed(subject, Labels(labels).first(count - 1));
    if (subject.kind != Subject::Kind::kUnknown) return subject;
  }
  if (in_addr) return ReadInAddr(Labels(labels).first(count));
  if (ip6) return ReadIp6(Labels(labels).first(count));
  return {};
}

size_t ZoneOffset(const Subject& subject, NameView name) {
  size_t labels = 1;
  switch (subject.kind) {
    case Subject::Kind::kUnknown:
      return name.size() - 1;
    case Subject::Kind::kInner:
      return name.size() - (subject.address.v6 ? kIp6Arpa.size() : kInAddrArpa.size());
    case Subject::Kind::kReverse:
      labels = subject.address.v6 ? 16 : 1;
      break;
    case Subject::Kind::kDnamed:
      labels = subject.address.v6 ? 2 : 1;
      break;
    case Subject::Kind::kHost:
      labels = 1;
      for (size_t at = 0; !Text(name.subspan(at + 1)).starts_with("host"); at += 1U + name[at]) ++labels;
      break;
    case Subject::Kind::kAlias:
    case Subject::Kind::kReal:
    case Subject::Kind::kShared:
      break;
  }
  size_t at = 0;
  for (; labels > 0; --labels) at += 1U + name[at];
  return at;
}

}  // namespace arpasim
