#include "codec/parquet/number_dictionary.h"

namespace codec::parquet {
namespace {

constexpr size_t kFewestSlots = 64;

}  // namespace

void NumberDictionary::Clear() {
  slots_.assign(kFewestSlots, {});
  numbers_.clear();
}

uint32_t NumberDictionary::Add(int64_t number, size_t slot) {
  const uint32_t added = size();
  slots_[slot] = {.number = number, .code = added};
  numbers_.push_back(number);
  if (2 * numbers_.size() <= slots_.size()) return added;
  slots_.assign(2 * slots_.size(), {});
  for (uint32_t code = 0; code < size(); ++code) {
    size_t free = SlotOf(numbers_[code]);
    while (slots_[free].code != kFree) free = (free + 1) & (slots_.size() - 1);
    slots_[free] = {.number = numbers_[code], .code = code};
  }
  return added;
}

}  // namespace codec::parquet
