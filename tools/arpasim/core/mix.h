// How often each case occurs.
#ifndef TOOLS_ARPASIM_CORE_MIX_H_
#define TOOLS_ARPASIM_CORE_MIX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace arpasim {

struct Mix {
  std::vector<uint32_t> weights;  // One a case, 0 to 1,000,000; at least one above 0.

  static Mix Internet();  // Roughly what is out there, every case in a /16.
  static Mix Clean();     // pass, nxdomain and nodata only.
  static Mix All();       // Every case about as often.
};

// `PRESET`, `case=weight,...`, or a preset and then weights that replace its own. On an error nothing, and
// `error` says what is wrong in one line.
std::optional<Mix> ParseMix(std::string_view text, std::string& error);

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_MIX_H_
