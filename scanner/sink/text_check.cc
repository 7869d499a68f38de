#include "scanner/sink/text_check.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace scanner {
namespace {

constexpr uint8_t kHigh = 1;
constexpr uint8_t kControl = 2;
constexpr uint8_t kSpace = 4;
constexpr uint8_t kNotPlain = 8;

constexpr std::array<uint8_t, 256> MakeTraits() {
  std::array<uint8_t, 256> traits{};
  for (size_t octet = 0; octet < traits.size(); ++octet) {
    if (octet >= 0x80) traits[octet] = kHigh;
    if (octet < 0x20 || octet == 0x7F) traits[octet] = kControl | kNotPlain;
  }
  traits[' '] = kSpace;
  for (const char c : {'"', ',', '\\'}) traits[static_cast<uint8_t>(c)] = kNotPlain;
  return traits;
}

constexpr std::array<uint8_t, 256> kTraits = MakeTraits();

// A lead octet of UTF-8: how many octets follow, and between what the first of them must be (RFC 3629 section
// 4).
struct Sequence {
  size_t following = 0;  // 0: no lead octet.
  uint8_t least = 0x80;
  uint8_t most = 0xBF;
};

Sequence SequenceOf(uint8_t lead) {
  if (lead == 0xC2) return {.following = 1, .least = 0xA0};  // Below are controls.
  if (lead >= 0xC3 && lead <= 0xDF) return {.following = 1};
  if (lead == 0xE0) return {.following = 2, .least = 0xA0};
  if (lead == 0xED) return {.following = 2, .most = 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {.following = 2};
  if (lead == 0xF0) return {.following = 3, .least = 0x90};
  if (lead >= 0xF1 && lead <= 0xF3) return {.following = 3};
  if (lead == 0xF4) return {.following = 3, .most = 0x8F};
  return {};
}

}  // namespace

TextTraits LookAt(std::string_view text) {
  uint8_t all = 0;
  for (const char c : text) all |= kTraits[static_cast<uint8_t>(c)];
  return {.ascii = (all & kHigh) == 0,
          .control = (all & kControl) != 0,
          .space = (all & kSpace) != 0,
          .plain = (all & kNotPlain) == 0};
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<uint8_t>(text[i]);
    if (lead < 0x80) continue;
    Sequence sequence = SequenceOf(lead);
    if (sequence.following == 0 || text.size() - i <= sequence.following) return false;
    for (; sequence.following > 0; --sequence.following) {
      const auto octet = static_cast<uint8_t>(text[++i]);
      if (octet < sequence.least || octet > sequence.most) return false;
      sequence.least = 0x80;
      sequence.most = 0xBF;
    }
  }
  return true;
}

}  // namespace scanner
