// The different strings of a column, numbered in the order of their first appearance.
#ifndef CODEC_PARQUET_TEXT_DICTIONARY_H_
#define CODEC_PARQUET_TEXT_DICTIONARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

class TextDictionary {
 public:
  TextDictionary() { Clear(); }

  // The number of `text`, which is added when it is not there.
  uint32_t Code(std::string_view text) {
    uint32_t& recent = recent_[RecentSlot(text)];
    if (recent < entries_.size() && Text(recent) == text) return recent;
    recent = Find(text);
    return recent;
  }
  std::string_view Text(uint32_t code) const {
    const Entry& entry = entries_[code];
    return {reinterpret_cast<const char*>(octets_.data()) + entry.offset, entry.length};
  }
  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  void Clear();

 private:
  struct Entry {
    uint32_t offset;  // In octets_.
    uint32_t length;
    uint64_t hash;
  };

 public:
  // Memory that a string takes beside its octets.
  static constexpr uint32_t kEntryBytes = sizeof(Entry) + 2 * sizeof(uint32_t);

 private:
  static constexpr size_t kRecent = 256;
  static constexpr uint32_t kFree = UINT32_MAX;

  // Cheap, and of a few octets only: what it mistakes, Find tells apart.
  static size_t RecentSlot(std::string_view text);
  uint32_t Find(std::string_view text);
  void Rehash(size_t slots);

  std::array<uint32_t, kRecent> recent_;  // Numbers, perhaps of entries that are not there.
  std::vector<uint32_t> slots_;           // Open addressing; a power of two, at most half of them used.
  std::vector<Entry> entries_;
  ByteBuffer octets_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_TEXT_DICTIONARY_H_
