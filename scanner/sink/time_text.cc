#include "scanner/sink/time_text.h"

#include <algorithm>
#include <chrono>

#include "scanner/sink/number_text.h"

namespace scanner {
namespace {

char* WriteDigits(unsigned value, int digits, char* out) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + digits;
}

// `123456Z`
void WriteFraction(uint32_t microseconds, char* out) {
  WriteDigitPair(microseconds / 10'000, out);
  WriteFourDigits(microseconds % 10'000, out + 2);
  out[6] = 'Z';
}

// Takes `digits` decimal digits off `text`; false when they are not there.
bool TakeDigits(std::string_view& text, size_t digits, unsigned& value) {
  if (text.size() < digits) return false;
  value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return false;
    value = 10 * value + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool Take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// `.123456`, or nothing.
bool TakeFraction(std::string_view& text, unsigned& microseconds) {
  microseconds = 0;
  if (!Take(text, '.')) return true;
  constexpr size_t kDigits = 6;
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kDigits || !TakeDigits(text, digits, microseconds)) return false;
  for (size_t i = digits; i < kDigits; ++i) microseconds *= 10;
  return true;
}

}  // namespace

std::optional<int64_t> ParseTime(std::string_view text) {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned microsecond = 0;
  const bool form = TakeDigits(text, 4, year) && Take(text, '-') && TakeDigits(text, 2, month) &&
                    Take(text, '-') && TakeDigits(text, 2, day) && Take(text, 'T') &&
                    TakeDigits(text, 2, hour) && Take(text, ':') && TakeDigits(text, 2, minute) &&
                    Take(text, ':') && TakeDigits(text, 2, second) && TakeFraction(text, microsecond) &&
                    Take(text, 'Z') && text.empty();
  if (!form || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_time<std::chrono::microseconds> time =
      std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
      std::chrono::seconds(second) + std::chrono::microseconds(microsecond);
  return time.time_since_epoch().count();
}

char* TimeText::WriteAnother(int64_t microseconds, char* out) {
  using std::chrono::days;
  using std::chrono::seconds;
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(microseconds)};
  const auto second = std::chrono::floor<seconds>(time);
  if (second.time_since_epoch().count() != second_) {
    second_ = second.time_since_epoch().count();
    const auto day = std::chrono::floor<days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss<seconds> clock(second - day);
    char* text = WriteDigits(static_cast<unsigned>(static_cast<int>(date.year())), 4, text_.data());
    *text++ = '-';
    text = WriteDigits(static_cast<unsigned>(date.month()), 2, text);
    *text++ = '-';
    text = WriteDigits(static_cast<unsigned>(date.day()), 2, text);
    *text++ = 'T';
    text = WriteDigits(static_cast<unsigned>(clock.hours().count()), 2, text);
    *text++ = ':';
    text = WriteDigits(static_cast<unsigned>(clock.minutes().count()), 2, text);
    *text++ = ':';
    text = WriteDigits(static_cast<unsigned>(clock.seconds().count()), 2, text);
    *text = '.';
  }
  const auto fraction = static_cast<uint32_t>((time - second).count());
  // To both places: what was just written in pieces is slow to read as a whole.
  CopyText({text_.data(), kSecondLength}, out);
  WriteFraction(fraction, out + kSecondLength);
  WriteFraction(fraction, text_.data() + kSecondLength);
  microsecond_ = microseconds;
  return out + kLength;
}

}  // namespace scanner
