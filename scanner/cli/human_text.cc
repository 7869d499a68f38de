#include "scanner/cli/human_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace scanner {

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  double tenths = std::round(1000.0 * static_cast<double>(part) / static_cast<double>(whole));
  if (part != 0) tenths = std::max(tenths, 1.0);
  if (part < whole) tenths = std::min(tenths, 999.0);
  std::array<char, 16> text;
  const int length = std::snprintf(text.data(), text.size(), "%.1f%%", tenths / 10);
  return {text.data(), static_cast<size_t>(length)};
}

std::string Elapsed(netio::Duration time) {
  std::array<char, 32> text;
  const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  int length = 0;
  if (seconds < 60) {
    const int64_t tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
    length = std::snprintf(text.data(), text.size(), "%lld.%lld s", static_cast<long long>(tenths / 10),
                           static_cast<long long>(tenths % 10));
  } else if (seconds < 3600) {
    length = std::snprintf(text.data(), text.size(), "%lld:%02lld", static_cast<long long>(seconds / 60),
                           static_cast<long long>(seconds % 60));
  } else {
    length =
        std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", static_cast<long long>(seconds / 3600),
                      static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
  }
  return {text.data(), static_cast<size_t>(length)};
}

}  // namespace scanner
