// Text that grows at its end; once it has grown, appending is a copy and nothing else.
#ifndef SCANNER_SINK_TEXT_BUFFER_H_
#define SCANNER_SINK_TEXT_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace scanner {

class TextBuffer {
 public:
  // None of the memory is touched before text is written to it.
  explicit TextBuffer(size_t capacity)
      : text_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}

  size_t size() const { return size_; }
  std::string_view view() const { return {text_.get(), size_}; }
  std::span<const uint8_t> bytes() const { return {reinterpret_cast<const uint8_t*>(text_.get()), size_}; }
  void Clear() { size_ = 0; }
  // Forgets what was appended since size() was `size`.
  void ShrinkTo(size_t size) { size_ = size; }

  // Where up to `room` characters may be written; Commit says up to where they were.
  char* Room(size_t room) {
    if (capacity_ - size_ < room) Grow(room);
    return text_.get() + size_;
  }
  // The same for a place further on, up to which everything is written already.
  char* RoomAt(char* at, size_t room) {
    if (static_cast<size_t>(text_.get() + capacity_ - at) >= room) [[likely]] {
      return at;
    }
    return MoveAt(at, room);
  }
  void Commit(const char* end) { size_ = SizeAt(end); }
  // What size() would be after Commit.
  size_t SizeAt(const char* end) const { return static_cast<size_t>(end - text_.get()); }

  void Append(std::string_view text) {
    std::memcpy(Room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void Append(char c) {
    *Room(1) = c;
    ++size_;
  }

 private:
  // Out of line, so that appending is inlined.
  [[gnu::noinline]] char* MoveAt(const char* at, size_t room) {
    Commit(at);
    return Room(room);
  }
  [[gnu::noinline]] void Grow(size_t room) {
    capacity_ = std::max(2 * capacity_, size_ + room);
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(capacity_);
    std::memcpy(larger.get(), text_.get(), size_);
    text_ = std::move(larger);
  }

  std::unique_ptr<char[]> text_;
  size_t capacity_;
  size_t size_ = 0;  // size_ <= capacity_
};

}  // namespace scanner

#endif  // SCANNER_SINK_TEXT_BUFFER_H_
