// What characters a text holds.
#ifndef SCANNER_SINK_TEXT_CHECK_H_
#define SCANNER_SINK_TEXT_CHECK_H_

#include <string_view>

namespace scanner {

struct TextTraits {
  bool ascii;    // No octet is 0x80 or above.
  bool control;  // There is an octet below 0x20, or 0x7F.
  bool space;    // There is a space.
  bool plain;    // As Record::plain has it.
};

TextTraits LookAt(std::string_view text);

// Well-formed (RFC 3629), and no character of it is one of the controls U+0080 to U+009F.
bool IsUtf8(std::string_view text);

}  // namespace scanner

#endif  // SCANNER_SINK_TEXT_CHECK_H_
