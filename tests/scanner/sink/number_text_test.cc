#include "scanner/sink/number_text.h"

#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace scanner {
namespace {

std::string Written(int64_t number) {
  std::array<char, kMaxNumberText> text;
  return {text.data(), WriteNumber(number, text.data())};
}

TEST(NumberText, OneMoreDigitAtEveryPowerOfTen) {
  int64_t power = 1;
  for (int digits = 1; digits <= 19; ++digits) {
    for (const int64_t number : {power - 1, power, power + 1, power / 3, -power, 1 - power}) {
      EXPECT_EQ(Written(number), std::to_string(number));
    }
    if (digits < 19) power *= 10;
  }
}

TEST(NumberText, WhereThirtyTwoBitsEnd) {
  constexpr int64_t kLast = std::numeric_limits<uint32_t>::max();
  for (const int64_t number :
       {kLast, kLast + 1, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    EXPECT_EQ(Written(number), std::to_string(number));
  }
}

TEST(NumberText, EveryGroupOfFourDigitsInEveryPlace) {
  for (int64_t group = 0; group < 10'000; ++group) {
    ASSERT_EQ(Written(group), std::to_string(group));
    const int64_t middle = 12 * 100'000'000 + group * 10'000 + 7;
    ASSERT_EQ(Written(middle), std::to_string(middle));
    const int64_t last = 12 * 100'000'000 + 7 * 10'000 + group;
    ASSERT_EQ(Written(last), std::to_string(last));
  }
}

TEST(BooleanText, IsAWord) {
  std::array<char, 5> text;
  EXPECT_EQ(std::string(text.data(), WriteBoolean(1, text.data())), "true");
  EXPECT_EQ(std::string(text.data(), WriteBoolean(0, text.data())), "false");
}

}  // namespace
}  // namespace scanner
