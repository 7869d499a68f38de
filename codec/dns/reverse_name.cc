#include "codec/dns/reverse_name.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string_view>

namespace codec::dns {
namespace {

constexpr std::string_view kInAddrArpa("\7in-addr\4arpa\0", 14);
constexpr std::string_view kIp6Arpa("\3ip6\4arpa\0", 10);
constexpr size_t kIp6Nibbles = 32;
static_assert(2 * kIp6Nibbles + kIp6Arpa.size() == kMaxReverseNameOctets);

// The label of a decimal octet, `\1` to `\3` and its digits. The rest is zeros that the next label
// overwrites.
using DecimalLabel = std::array<uint8_t, 4>;

constexpr std::array<DecimalLabel, 256> MakeDecimalLabels() {
  std::array<DecimalLabel, 256> labels{};
  for (size_t value = 0; value < labels.size(); ++value) {
    DecimalLabel& label = labels[value];
    if (value >= 100) label[++label[0]] = static_cast<uint8_t>('0' + value / 100);
    if (value >= 10) label[++label[0]] = static_cast<uint8_t>('0' + value / 10 % 10);
    label[++label[0]] = static_cast<uint8_t>('0' + value % 10);
  }
  return labels;
}
constexpr std::array<DecimalLabel, 256> kDecimalLabels = MakeDecimalLabels();

// The two labels of an octet, low nibble first.
constexpr std::array<std::array<uint8_t, 4>, 256> MakeNibbleLabels() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<uint8_t, 4>, 256> labels{};
  for (size_t value = 0; value < labels.size(); ++value) {
    labels[value] = {1, static_cast<uint8_t>(kDigits[value & 15]), 1,
                     static_cast<uint8_t>(kDigits[value >> 4])};
  }
  return labels;
}
constexpr std::array<std::array<uint8_t, 4>, 256> kNibbleLabels = MakeNibbleLabels();

size_t WriteInAddr(std::span<const uint8_t> address, uint8_t* out) {
  uint8_t* at = out;
  for (size_t i = 4; i-- > 0;) {
    const DecimalLabel label = kDecimalLabels[address[i]];
    std::memcpy(at, label.data(), label.size());
    at += 1 + label[0];
  }
  std::memcpy(at, kInAddrArpa.data(), kInAddrArpa.size());
  return static_cast<size_t>(at - out) + kInAddrArpa.size();
}

size_t WriteIp6(std::span<const uint8_t> address, uint8_t* out) {
  uint8_t* at = out;
  for (size_t i = 16; i-- > 0; at += 4) std::memcpy(at, kNibbleLabels[address[i]].data(), 4);
  std::memcpy(at, kIp6Arpa.data(), kIp6Arpa.size());
  return kMaxReverseNameOctets;
}

bool EndsAt(NameView name, size_t at, std::string_view suffix) {
  const NameView octets(reinterpret_cast<const uint8_t*>(suffix.data()), suffix.size());
  return name.size() >= at && EqualNames(name.subspan(at), octets);
}

// A decimal octet without leading zeros.
std::optional<uint8_t> ReadDecimal(std::span<const uint8_t> digits) {
  if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  int value = 0;
  for (const uint8_t digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  if (value > 255) return std::nullopt;
  return static_cast<uint8_t>(value);
}

std::optional<uint8_t> ReadNibble(uint8_t digit) {
  if (digit >= '0' && digit <= '9') return static_cast<uint8_t>(digit - '0');
  const auto letter = static_cast<uint8_t>(digit | 0x20);
  if (letter >= 'a' && letter <= 'f') return static_cast<uint8_t>(letter - 'a' + 10);
  return std::nullopt;
}

std::optional<ReverseAddress> ReadInAddr(NameView name) {
  ReverseAddress out{.octets = {}, .length = 4};
  size_t at = 0;
  for (size_t i = 4; i-- > 0;) {
    // The root label ends this too: it has no digits.
    const std::optional<uint8_t> octet = ReadDecimal(name.subspan(at + 1, name[at]));
    if (!octet.has_value()) return std::nullopt;
    out.octets[i] = *octet;
    at += 1 + size_t{name[at]};
  }
  if (!EndsAt(name, at, kInAddrArpa)) return std::nullopt;
  return out;
}

std::optional<ReverseAddress> ReadIp6(NameView name) {
  if (!EndsAt(name, 2 * kIp6Nibbles, kIp6Arpa)) return std::nullopt;
  ReverseAddress out{.octets = {}, .length = 16};
  for (size_t i = 0; i < kIp6Nibbles; ++i) {
    const std::optional<uint8_t> nibble = ReadNibble(name[2 * i + 1]);
    if (name[2 * i] != 1 || !nibble.has_value()) return std::nullopt;
    uint8_t& octet = out.octets[15 - i / 2];
    octet = static_cast<uint8_t>(i % 2 == 0 ? *nibble : octet | *nibble << 4);
  }
  return out;
}

}  // namespace

size_t WriteReverseName(std::span<const uint8_t> address, std::span<uint8_t, kMaxReverseNameOctets> out) {
  assert(address.size() == 4 || address.size() == 16);
  return address.size() == 4 ? WriteInAddr(address, out.data()) : WriteIp6(address, out.data());
}

std::optional<ReverseAddress> ReadReverseName(NameView name) {
  return name.size() == kMaxReverseNameOctets ? ReadIp6(name) : ReadInAddr(name);
}

}  // namespace codec::dns
