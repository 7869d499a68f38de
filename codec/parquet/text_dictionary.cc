#include "codec/parquet/text_dictionary.h"

#include <xxhash.h>

namespace codec::parquet {
namespace {

constexpr size_t kFewestSlots = 64;

}  // namespace

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
  recent_.fill({});
  slots_.assign(kFewestSlots, kFree);
  entries_.clear();
  octets_.Clear();
}

}  // namespace codec::parquet
