#include "scanner/sink/address_text.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

namespace scanner {
namespace {

// Of an octet, with a point behind it.
struct OctetText {
  std::array<char, 4> text{};
  uint8_t length = 0;  // With the point.
};

constexpr std::array<OctetText, 256> MakeOctetTexts() {
  std::array<OctetText, 256> texts;
  for (size_t octet = 0; octet < texts.size(); ++octet) {
    OctetText& text = texts[octet];
    if (octet >= 100) text.text[text.length++] = static_cast<char>('0' + octet / 100);
    if (octet >= 10) text.text[text.length++] = static_cast<char>('0' + octet / 10 % 10);
    text.text[text.length++] = static_cast<char>('0' + octet % 10);
    text.text[text.length++] = '.';
  }
  return texts;
}

constexpr std::array<OctetText, 256> kOctetTexts = MakeOctetTexts();

char* WriteIpv4(const uint8_t* octets, char* out) {
  for (int i = 0; i < 4; ++i) {
    const OctetText& text = kOctetTexts[octets[i]];
    std::memcpy(out, text.text.data(), text.text.size());
    out += text.length;
  }
  return out - 1;
}

char* WriteGroup(uint16_t group, char* out) {
  constexpr const char* kHex = "0123456789abcdef";
  if (group >= 0x1000) *out++ = kHex[group >> 12];
  if (group >= 0x100) *out++ = kHex[group >> 8 & 15];
  if (group >= 0x10) *out++ = kHex[group >> 4 & 15];
  *out++ = kHex[group & 15];
  return out;
}

// The run of zero groups that `::` stands for: the first of the longest, at least two (RFC 5952 section 4.2).
struct Run {
  size_t begin = 8;
  size_t length = 1;
};

Run LongestZeroRun(const std::array<uint16_t, 8>& groups) {
  Run longest;
  for (size_t i = 0; i < groups.size();) {
    size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > longest.length) longest = {.begin = i, .length = end - i};
    i = end + 1;
  }
  return longest;
}

char* WriteIpv6(const uint8_t* octets, char* out) {
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(kMapped.begin(), kMapped.end(), octets)) {
    constexpr std::array<char, 7> kPrefix = {':', ':', 'f', 'f', 'f', 'f', ':'};
    return WriteIpv4(octets + kMapped.size(), std::copy(kPrefix.begin(), kPrefix.end(), out));
  }
  std::array<uint16_t, 8> groups;
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<uint16_t>(octets[2 * i] << 8 | octets[2 * i + 1]);
  }
  const Run run = LongestZeroRun(groups);
  for (size_t i = 0; i < groups.size();) {
    if (i == run.begin) {
      *out++ = ':';
      if (i == 0) *out++ = ':';
      i += run.length;
      continue;
    }
    out = WriteGroup(groups[i++], out);
    if (i < groups.size()) *out++ = ':';
  }
  return out;
}

}  // namespace

char* WriteAddress(std::span<const uint8_t> octets, char* out) {
  assert(octets.size() == 4 || octets.size() == 16);
  return octets.size() == 4 ? WriteIpv4(octets.data(), out) : WriteIpv6(octets.data(), out);
}

Ipv4Texts WriteIpv4AndSlash24(std::span<const uint8_t, 4> octets, char* address, char* slash24) {
  // Both at once: what was just written in pieces is slow to read back.
  size_t length = 0;
  for (size_t i = 0; i < 3; ++i) {
    const OctetText& text = kOctetTexts[octets[i]];
    std::memcpy(address + length, text.text.data(), text.text.size());
    std::memcpy(slash24 + length, text.text.data(), text.text.size());
    length += text.length;
  }
  const OctetText& last = kOctetTexts[octets[3]];
  std::memcpy(address + length, last.text.data(), last.text.size());
  constexpr std::string_view kRest = "0/24";
  kRest.copy(slash24 + length, kRest.size());
  return {.address = {address, length + last.length - 1}, .slash24 = {slash24, length + kRest.size()}};
}

}  // namespace scanner
