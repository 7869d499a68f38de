// Texts that are kept for a while, one behind another.
#ifndef SCANNER_SINK_TEXT_ARENA_H_
#define SCANNER_SINK_TEXT_ARENA_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "scanner/sink/large_buffer.h"

namespace scanner {

class TextArena {
 public:
  // Where a text is kept.
  struct Place {
    uint32_t offset;
    uint32_t length;
  };

  // All texts together have less than 4 GiB.
  Place Keep(std::string_view text) {
    for (size_t i = 0; i < sources_known_; ++i) {
      const Source& source = sources_[i];
      if (source.text.data() == text.data() && source.text.size() == text.size()) return source.place;
    }
    octets_.Reserve(size_ + text.size());
    if (!text.empty()) std::memcpy(octets_.data() + size_, text.data(), text.size());
    const Place place{.offset = static_cast<uint32_t>(size_), .length = static_cast<uint32_t>(text.size())};
    size_ += text.size();
    if (sources_known_ < sources_.size()) sources_[sources_known_++] = {.text = text, .place = place};
    return place;
  }
  // Until then texts given to Keep stay as they are: one that is given again is not kept twice. A row has its
  // address and its names in several columns.
  void EndRow() { sources_known_ = 0; }

  // Valid until the next call of Keep.
  std::string_view At(Place place) const {
    return {reinterpret_cast<const char*>(octets_.data()) + place.offset, place.length};
  }
  size_t size() const { return size_; }
  void Clear() {
    size_ = 0;
    EndRow();
  }

 private:
  struct Source {
    std::string_view text;
    Place place;
  };

  LargeBuffer octets_;  // The first size_ of them.
  size_t size_ = 0;
  std::array<Source, 8> sources_;  // The first texts of the row.
  size_t sources_known_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_SINK_TEXT_ARENA_H_
