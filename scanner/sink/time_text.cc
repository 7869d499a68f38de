#include "scanner/sink/time_text.h"

#include <algorithm>
#include <chrono>

namespace scanner {
namespace {

char* WriteDigits(unsigned value, int digits, char* out) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + digits;
}

}  // namespace

char* TimeText::Write(int64_t microseconds, char* out) {
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
  out = std::copy(text_.begin(), text_.end(), out);
  out = WriteDigits(static_cast<unsigned>((time - second).count()), 6, out);
  *out++ = 'Z';
  return out;
}

}  // namespace scanner
