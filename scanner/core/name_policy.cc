#include "scanner/core/name_policy.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <string_view>

namespace scanner {
namespace {

using Label = std::span<const uint8_t>;

bool IsDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

constexpr std::array<bool, 256> MakeHostnameOctets() {
  std::array<bool, 256> allowed{};
  for (size_t byte = '0'; byte <= '9'; ++byte) allowed[byte] = true;
  for (size_t byte = 'a'; byte <= 'z'; ++byte) allowed[byte] = true;
  allowed['-'] = true;
  return allowed;
}
constexpr std::array<bool, 256> kHostnameOctets = MakeHostnameOctets();

bool IsHostnameLabel(Label label) {
  bool allowed = label.front() != '-' && label.back() != '-';
  for (const uint8_t byte : label) allowed &= kHostnameOctets[byte];
  return allowed;
}

// The label of a domain that is never asked of the DNS.
bool IsLocalOnly(Label label) {
  constexpr std::array<std::string_view, 4> kDomains = {"invalid", "local", "localhost", "onion"};
  return std::ranges::any_of(kDomains,
                             [label](std::string_view domain) { return std::ranges::equal(label, domain); });
}

}  // namespace

NameTraits TraitsOf(std::span<const uint8_t> wire) {
  NameTraits traits;
  Label label;
  size_t labels = 0;
  assert(!wire.empty());
  for (size_t at = 0; wire[at] != 0; at += label.size() + 1) {
    assert(at + wire[at] + 1 < wire.size());
    label = wire.subspan(at + 1, wire[at]);
    traits.not_hostname |= !IsHostnameLabel(label);
    ++labels;
  }
  traits.single_label = labels == 1;
  traits.usable = labels > 0 && !std::ranges::all_of(label, IsDigit) && !IsLocalOnly(label);
  return traits;
}

}  // namespace scanner
