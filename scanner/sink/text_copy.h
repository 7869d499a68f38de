// Copies of texts that are mostly short: a few moves, where memcpy is a call.
#ifndef SCANNER_SINK_TEXT_COPY_H_
#define SCANNER_SINK_TEXT_COPY_H_

#include <cstddef>
#include <cstring>
#include <string_view>

namespace scanner {

// Copies the first and the last kOctets of `text`, which has kOctets to twice as many.
template <size_t kOctets>
void CopyEnds(std::string_view text, char* out) {
  struct Piece {
    char octets[kOctets];
  };
  const char* const begin = text.data();
  Piece first;
  Piece last;
  std::memcpy(&first, begin, kOctets);
  std::memcpy(&last, begin + text.size() - kOctets, kOctets);
  std::memcpy(out, &first, kOctets);
  std::memcpy(out + text.size() - kOctets, &last, kOctets);
}

// Out of line, so that CopyText itself calls nothing.
[[gnu::noinline]] inline char* CopyLongText(std::string_view text, char* out) {
  return static_cast<char*>(std::memcpy(out, text.data(), text.size())) + text.size();
}

// Returns the end. Inlined, since a row is made of little else. Reads and writes text.size() octets, no more.
[[gnu::always_inline]] inline char* CopyText(std::string_view text, char* out) {
  if (text.size() > 64) return CopyLongText(text, out);
  if (text.size() >= 32) {
    CopyEnds<32>(text, out);
  } else if (text.size() >= 16) {
    CopyEnds<16>(text, out);
  } else if (text.size() >= 8) {
    CopyEnds<8>(text, out);
  } else if (text.size() >= 4) {
    CopyEnds<4>(text, out);
  } else if (text.size() >= 2) {
    CopyEnds<2>(text, out);
  } else if (text.size() == 1) {
    *out = text[0];
  }
  return out + text.size();
}

}  // namespace scanner

#endif  // SCANNER_SINK_TEXT_COPY_H_
