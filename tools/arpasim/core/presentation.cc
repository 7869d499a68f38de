#include "tools/arpasim/core/presentation.h"

#include <algorithm>

namespace arpasim {
namespace {

bool IsLetterOrDigit(uint8_t octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') || (octet >= '0' && octet <= '9');
}

}  // namespace

std::string Presentation(NameView name) {
  if (name.size() == 1) return ".";
  std::string text;
  for (size_t at = 0; name[at] != 0; at += 1U + name[at]) {
    if (at > 0) text += '.';
    for (const uint8_t octet : name.subspan(at + 1, name[at])) {
      const bool hyphen = octet == '-' && !text.empty();
      if (IsLetterOrDigit(octet) || octet == '_' || octet == '/' || hyphen) {
        text += static_cast<char>(octet);
        continue;
      }
      text += '\\';
      for (const int unit : {100, 10, 1}) text += static_cast<char>('0' + octet / unit % 10);
    }
  }
  return text;
}

bool IsHostnameLabel(std::span<const uint8_t> label) {
  return label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](uint8_t octet) { return IsLetterOrDigit(octet) || octet == '-'; });
}

}  // namespace arpasim
