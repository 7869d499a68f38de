// Names as the sweep's output has them.
#ifndef TOOLS_ARPASIM_CORE_PRESENTATION_H_
#define TOOLS_ARPASIM_CORE_PRESENTATION_H_

#include <span>
#include <string>

#include "tools/arpasim/core/naming.h"

namespace arpasim {

// Without the final dot, `.` for the root; an octet outside `A-Z a-z 0-9 - _ /`, and a `-` at the start, as
// `\DDD`.
std::string Presentation(NameView name);

// Letters, digits and hyphens, no hyphen at either end (RFC 952, RFC 1123 section 2.1).
bool IsHostnameLabel(std::span<const uint8_t> label);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_PRESENTATION_H_
