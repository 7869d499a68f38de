#include "tools/arpasim/core/mix.h"

#include <gtest/gtest.h>

#include "tools/arpasim/core/cases.h"
#include "tools/arpasim/core/model.h"

namespace arpasim {
namespace {

TEST(Mix, ReadsPresetsAndWeights) {
  std::string error;
  EXPECT_EQ(ParseMix("internet", error)->weights, Mix::Internet().weights);
  const auto own = ParseMix("pass=70,nxdomain=15", error);
  ASSERT_TRUE(own);
  for (size_t i = 0; i < Cases().size(); ++i) {
    const uint32_t expected = i == FindCase("pass") ? 70 : i == FindCase("nxdomain") ? 15 : 0;
    EXPECT_EQ(own->weights[i], expected);
  }
  const auto changed = ParseMix("clean,pass=1000000", error);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->weights[FindCase("pass")], 1'000'000);
  EXPECT_EQ(changed->weights[FindCase("nodata")], 5);
}

struct BadRow {
  const char* text;
  const char* named;
};

TEST(Mix, NamesWhatItCannotRead) {
  const BadRow rows[] = {{"", "''"},
                         {"pass", "'pass'"},
                         {"nope=3", "'nope'"},
                         {"pass=1000001", "'pass=1000001'"},
                         {"pass=-1", "'pass=-1'"},
                         {"pass=", "'pass='"},
                         {"pass=3,internet", "'internet'"},
                         {"pass=0", "every weight is 0"}};
  for (const BadRow& row : rows) {
    std::string error;
    EXPECT_FALSE(ParseMix(row.text, error)) << row.text;
    EXPECT_NE(error.find(row.named), std::string::npos) << row.text << ": " << error;
  }
}

TEST(Mix, EachWeightIsHeeded) {
  std::string error;
  for (const CaseSpec& spec : Cases()) {
    const Model model(3, *ParseMix(std::string(spec.word) + "=1", error));
    for (Address address{.low = 0x0B000000}; address.low < 0x0B000200; ++address.low) {
      ASSERT_EQ(model.SpecOf(address).word, spec.word);
    }
  }
  const Model rare(3, *ParseMix("pass=1000000,silent=1", error));
  int silent = 0;
  for (Address address{.low = 0}; address.low < 0x10000; ++address.low) {
    silent += rare.SpecOf(address).word == "silent";
  }
  EXPECT_GT(silent, 0);
  EXPECT_LT(silent, 100);
}

}  // namespace
}  // namespace arpasim
