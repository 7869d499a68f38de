#include "codec/parquet/text_dictionary.h"

#include <xxhash.h>

#include <cstring>

namespace codec::parquet {
namespace {

constexpr size_t kFewestSlots = 64;

template <typename Word>
uint64_t Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

}  // namespace

size_t TextDictionary::RecentSlot(std::string_view text) {
  constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  const size_t length = text.size();
  uint64_t ends = 0;
  if (length >= 8) {
    ends = Load<uint64_t>(text.data()) ^ Load<uint64_t>(text.data() + length - 8) * 3;
  } else if (length >= 4) {
    ends = Load<uint32_t>(text.data()) ^ Load<uint32_t>(text.data() + length - 4) << 32;
  } else if (length > 0) {
    ends = Load<uint8_t>(text.data()) | Load<uint8_t>(text.data() + length - 1) << 8;
  }
  static_assert(kRecent == 256);
  return (ends + length) * kMultiplier >> 56;
}

uint32_t TextDictionary::Find(std::string_view text) {
  const uint64_t hash = XXH3_64bits(text.data(), text.size());
  for (size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    const uint32_t code = slots_[slot];
    if (code == kFree) {
      slots_[slot] = size();
      break;
    }
    if (entries_[code].hash == hash && Text(code) == text) return code;
  }
  const uint32_t code = size();
  entries_.push_back({.offset = static_cast<uint32_t>(octets_.size()),
                      .length = static_cast<uint32_t>(text.size()),
                      .hash = hash});
  octets_.Append(text);
  if (2 * entries_.size() > slots_.size()) Rehash(2 * slots_.size());
  return code;
}

void TextDictionary::Rehash(size_t slots) {
  slots_.assign(slots, kFree);
  for (uint32_t code = 0; code < size(); ++code) {
    size_t slot = entries_[code].hash & (slots - 1);
    while (slots_[slot] != kFree) slot = (slot + 1) & (slots - 1);
    slots_[slot] = code;
  }
}

void TextDictionary::Clear() {
  recent_.fill(kFree);
  slots_.assign(kFewestSlots, kFree);
  entries_.clear();
  octets_.Clear();
}

}  // namespace codec::parquet
