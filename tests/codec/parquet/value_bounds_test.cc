#include "codec/parquet/value_bounds.h"

#include <gtest/gtest.h>

#include <string>

namespace codec::parquet {
namespace {

struct Case {
  std::string what;
  std::string value;
  Bound lower;
  Bound upper;
};

TEST(ValueBoundsTest, AreShortAndOnTheirSideOfTheValue) {
  const std::string whole(kMaxBound, 'a');
  const std::string most(kMaxBound - 1, 'a');
  const std::string deletes(kMaxBound, '\x7F');
  const std::string e_acute = "\xC3\xA9";
  std::string accents;
  while (accents.size() < kMaxBound) accents += e_acute;
  const Case cases[] = {
      {"empty", "", {"", true}, {"", true}},
      {"as long as a bound", whole, {whole, true}, {whole, true}},
      {"one octet longer", whole + "a", {whole, false}, {most + "b", false}},
      {"the last octet has no next one",
       most + "\x7F" + "a",
       {most + "\x7F", false},
       {most.substr(1) + "b", false}},
      {"no octet has one", deletes + "a", {deletes, false}, {deletes + "a", true}},
      {"no character is cut", most + e_acute, {most, false}, {most.substr(1) + "b", false}},
      {"characters of two octets have no next one",
       accents + e_acute,
       {accents, false},
       {accents + e_acute, true}},
  };
  for (const Case& c : cases) {
    const Bound lower = LowerBound(c.value);
    const Bound upper = UpperBound(c.value);
    EXPECT_EQ(lower.value, c.lower.value) << c.what;
    EXPECT_EQ(lower.exact, c.lower.exact) << c.what;
    EXPECT_EQ(upper.value, c.upper.value) << c.what;
    EXPECT_EQ(upper.exact, c.upper.exact) << c.what;
    EXPECT_LE(lower.value, c.value) << c.what;
    EXPECT_GE(upper.value, c.value) << c.what;
  }
}

}  // namespace
}  // namespace codec::parquet
