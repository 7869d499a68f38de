#include "codec/dns/name.h"

#include <cassert>
#include <cstring>

#include "codec/dns/short_octets.h"

namespace codec::dns {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr size_t kWord = sizeof(uint64_t);

uint64_t LoadWord(const uint8_t* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, kWord);
  return word;
}

// Eight octets with their ASCII capitals made small. Length octets are at most 63 and so never letters.
uint64_t LowerWord(uint64_t word) {
  const uint64_t low_bits = word & (kOnes * 0x7F);
  const uint64_t from_a = low_bits + kOnes * (0x80 - 'A');
  const uint64_t past_z = low_bits + kOnes * (0x7F - 'Z');
  const uint64_t capitals = from_a & ~past_z & ~word & (kOnes * 0x80);
  return word | capitals >> 2;
}

uint8_t ToLower(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<uint8_t>(octet | 0x20) : octet;
}

// Where in `name` its suffix of `octets` begins, if that is at a label.
std::optional<size_t> SuffixOffset(NameView name, size_t octets) {
  size_t at = 0;
  while (name.size() - at > octets) at += 1 + size_t{name[at]};
  if (name.size() - at != octets) return std::nullopt;
  return at;
}

}  // namespace

void Name::Assign(NameView name) {
  assert(!name.empty() && name.size() <= kMaxNameOctets);
  CopyShort(octets.data(), name.data(), name.size());
  length = static_cast<uint8_t>(name.size());
}

bool EqualNames(NameView a, NameView b) {
  if (a.size() != b.size()) return false;
  const auto same_word = [a, b](size_t at) {
    return LowerWord(LoadWord(a.data() + at)) == LowerWord(LoadWord(b.data() + at));
  };
  if (a.size() < kWord) {
    for (size_t at = 0; at < a.size(); ++at) {
      if (ToLower(a[at]) != ToLower(b[at])) return false;
    }
    return true;
  }
  for (size_t at = 0; at + kWord < a.size(); at += kWord) {
    if (!same_word(at)) return false;
  }
  return same_word(a.size() - kWord);  // May overlap the one before.
}

void LowerCase(Name& name) {
  uint8_t* const octets = name.octets.data();
  const auto lower_word = [octets](size_t at) {
    const uint64_t word = LowerWord(LoadWord(octets + at));
    std::memcpy(octets + at, &word, kWord);
  };
  if (name.length < kWord) {
    for (size_t at = 0; at < name.length; ++at) octets[at] = ToLower(octets[at]);
    return;
  }
  for (size_t at = 0; at + kWord < name.length; at += kWord) lower_word(at);
  lower_word(name.length - kWord);  // May overlap the one before.
}

bool IsSubdomain(NameView name, NameView ancestor) {
  if (name.size() < ancestor.size()) return false;
  const std::optional<size_t> at = SuffixOffset(name, ancestor.size());
  return at.has_value() && EqualNames(name.subspan(*at), ancestor);
}

std::optional<Name> SubstituteSuffix(NameView name, NameView owner, NameView target) {
  if (name.size() <= owner.size() || !IsSubdomain(name, owner)) return std::nullopt;
  const size_t prefix = name.size() - owner.size();
  if (prefix + target.size() > kMaxNameOctets) return std::nullopt;
  Name out;
  std::memcpy(out.octets.data(), name.data(), prefix);
  std::memcpy(out.octets.data() + prefix, target.data(), target.size());
  out.length = static_cast<uint8_t>(prefix + target.size());
  return out;
}

}  // namespace codec::dns
