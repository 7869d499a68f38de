// Numbers and booleans as the text formats have them.
#ifndef SCANNER_SINK_NUMBER_TEXT_H_
#define SCANNER_SINK_NUMBER_TEXT_H_

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "scanner/sink/text_buffer.h"

namespace scanner {

inline void AppendNumber(int64_t number, TextBuffer& out) {
  constexpr size_t kMost = 20;  // `-9223372036854775808`
  char* const room = out.Room(kMost);
  out.Commit(std::to_chars(room, room + kMost, number).ptr);
}

inline void AppendBoolean(int64_t value, TextBuffer& out) { out.Append(value != 0 ? "true" : "false"); }

}  // namespace scanner

#endif  // SCANNER_SINK_NUMBER_TEXT_H_
