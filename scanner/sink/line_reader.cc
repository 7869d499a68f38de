#include "scanner/sink/line_reader.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace scanner {
namespace {

constexpr size_t kFirstBuffer = size_t{1} << 17;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

LineReader::LineReader(std::string name, std::unique_ptr<ByteInput> input)
    : name_(std::move(name)), input_(std::move(input)), buffer_(kFirstBuffer) {}

absl::Status LineReader::Wrong(std::string_view what) const {
  return absl::InvalidArgumentError((name_ + ":" + std::to_string(number_) + ": ").append(what));
}

absl::StatusOr<bool> LineReader::Fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Room for the longest line with its end.
  constexpr size_t kMost = kMaxLine + 2;
  if (end_ == buffer_.size()) {
    if (end_ == kMost) {
      ++number_;
      return Wrong("longer than " + std::to_string(kMaxLine) + " octets; a row of results is not");
    }
    buffer_.resize(std::min(2 * buffer_.size(), kMost));
  }
  const std::span<char> room = std::span(buffer_).subspan(end_);
  const absl::StatusOr<size_t> got =
      input_->Read(std::span(reinterpret_cast<uint8_t*>(room.data()), room.size()));
  if (!got.ok()) return got.status();
  end_ += *got;
  return *got != 0;
}

std::string_view LineReader::Take(size_t length, size_t with_end) {
  std::string_view line(buffer_.data() + begin_, length);
  begin_ += with_end;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (++number_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  return line;
}

absl::StatusOr<bool> LineReader::Next(std::string_view& line) {
  for (size_t searched = 0;;) {
    const char* const from = buffer_.data() + begin_ + searched;
    const size_t left = end_ - begin_ - searched;
    if (const void* const found = std::memchr(from, '\n', left)) {
      const auto length = static_cast<size_t>(static_cast<const char*>(found) - buffer_.data()) - begin_;
      line = Take(length, length + 1);
      return true;
    }
    searched += left;
    const absl::StatusOr<bool> more = Fill();
    if (!more.ok()) return more.status();
    if (*more) continue;
    if (searched == 0) return false;
    line = Take(searched, searched);
    return true;
  }
}

}  // namespace scanner
