// The different numbers of a column, numbered in the order of their first appearance.
#ifndef CODEC_PARQUET_NUMBER_DICTIONARY_H_
#define CODEC_PARQUET_NUMBER_DICTIONARY_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace codec::parquet {

class NumberDictionary {
 public:
  NumberDictionary() { Clear(); }

  // The index of `number`, which is added when it is not there.
  uint32_t Code(int64_t number) {
    if (number == last_ && !numbers_.empty()) return last_code_;
    last_ = number;
    return last_code_ = Find(number);
  }
  std::span<const int64_t> numbers() const { return numbers_; }
  uint32_t size() const { return static_cast<uint32_t>(numbers_.size()); }
  void Clear();

 private:
  static constexpr uint32_t kFree = UINT32_MAX;
  struct Slot {
    int64_t number = 0;
    uint32_t code = kFree;
  };

  uint32_t Find(int64_t number) {
    for (size_t slot = SlotOf(number);; slot = (slot + 1) & (slots_.size() - 1)) {
      const Slot& found = slots_[slot];
      if (found.code == kFree) return Add(number, slot);
      if (found.number == number) return found.code;
    }
  }
  // The upper bits of a product depend on all bits of the number.
  size_t SlotOf(int64_t number) const {
    return static_cast<size_t>(static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15 >>
                               (64 - std::countr_zero(slots_.size())));
  }
  uint32_t Add(int64_t number, size_t slot);

  std::vector<Slot> slots_;  // Open addressing; a power of two, at most half of them used.
  std::vector<int64_t> numbers_;
  int64_t last_ = 0;  // What Code was asked for last, if there are numbers.
  uint32_t last_code_ = 0;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_NUMBER_DICTIONARY_H_
