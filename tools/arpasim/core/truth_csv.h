// Truth as text: the columns of the sweep's CSV (RFC 4180).
#ifndef TOOLS_ARPASIM_CORE_TRUTH_CSV_H_
#define TOOLS_ARPASIM_CORE_TRUTH_CSV_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/arpasim/core/truth.h"

namespace arpasim {

// Positions of columns, in the order in which they are written.
using Fields = std::vector<size_t>;

Fields AllFields();
// `a,b,c`; nothing when one is no column, whose name is then in `unknown`.
std::optional<Fields> ParseFields(std::string_view text, std::string& unknown);

// Both append a line that ends with CRLF.
void AppendHeader(const Fields& fields, std::string& out);
void AppendRow(const TruthRow& row, const Fields& fields, std::string& out);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_TRUTH_CSV_H_
