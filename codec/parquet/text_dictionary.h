// The different strings of a column, numbered in the order of their first appearance.
#ifndef CODEC_PARQUET_TEXT_DICTIONARY_H_
#define CODEC_PARQUET_TEXT_DICTIONARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

class TextDictionary {
 public:
  TextDictionary() { Clear(); }

  // The number of `text`, which is added when it is not there.
  uint32_t Code(std::string_view text) {
    const Ends ends = EndsOf(text);
    Recent& recent = recent_[ends.Slot()];
    if (recent.ends == ends && (text.size() <= kWhole || Text(recent.code) == text)) return recent.code;
    recent = {.ends = ends, .code = Find(text)};
    return recent.code;
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

  // The first and the last octets of a string and its length: all of one that has at most kWhole octets.
  struct Ends {
    uint64_t first = 0;
    uint64_t last = 0;
    size_t length = SIZE_MAX;

    size_t Slot() const {
      return static_cast<size_t>((first ^ last * 3 ^ length) * 0x9E3779B97F4A7C15 >> (64 - kRecentBits));
    }
    friend bool operator==(const Ends&, const Ends&) = default;
  };
  struct Recent {
    Ends ends;
    uint32_t code = 0;
  };
  static constexpr int kRecentBits = 6;
  static constexpr size_t kWhole = 16;
  static constexpr uint32_t kFree = UINT32_MAX;

  static Ends EndsOf(std::string_view text) {
    const char* const begin = text.data();
    const size_t length = text.size();
    if (length >= 8) return {Load<uint64_t>(begin), Load<uint64_t>(begin + length - 8), length};
    if (length >= 4) return {Load<uint32_t>(begin), Load<uint32_t>(begin + length - 4), length};
    if (length == 0) return {0, 0, 0};
    // One to three octets: the middle one is the last or the first where there is none.
    return {Load<uint8_t>(begin), Load<uint8_t>(begin + length / 2) | Load<uint8_t>(begin + length - 1) << 8,
            length};
  }
  template <typename Word>
  static uint64_t Load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  uint32_t Find(std::string_view text);
  void Rehash(size_t slots);

  std::array<Recent, 1 << kRecentBits> recent_;  // A few that were asked for lately.
  std::vector<uint32_t> slots_;  // Open addressing; a power of two, at most half of them used.
  std::vector<Entry> entries_;
  ByteBuffer octets_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_TEXT_DICTIONARY_H_
