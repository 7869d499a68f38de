#include "scanner/row/row.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;

template <typename Enum>
std::vector<std::string> Words(size_t count) {
  std::vector<std::string> words;
  words.reserve(count);
  for (size_t i = 0; i < count; ++i) words.emplace_back(ToString(static_cast<Enum>(i)));
  return words;
}

TEST(RowWords, Verdicts) {
  EXPECT_THAT(Words<Verdict>(kVerdicts), ElementsAre("pass", "fail", "temperror", "permerror", "none"));
}

TEST(RowWords, Reasons) {
  EXPECT_THAT(
      Words<Reason>(kReasons),
      ElementsAre("confirmed", "forward_mismatch", "forward_missing", "unusable_name", "no_ptr",
                  "ptr_timeout", "ptr_servfail", "ptr_refused", "ptr_lame", "ptr_error", "forward_timeout",
                  "forward_servfail", "forward_refused", "forward_lame", "forward_error", "none"));
}

TEST(RowWords, Evidences) {
  EXPECT_THAT(Words<Evidence>(kEvidences), ElementsAre("query", "nxdomain_cut", "nsec", "axfr", "walk"));
}

TEST(RowWords, FlagsAreThoseOfTheSpecInAlphabeticalOrder) {
  const std::vector<std::string> flags = Words<Flag>(kFlags);
  EXPECT_TRUE(std::is_sorted(flags.begin(), flags.end()));
  EXPECT_THAT(flags, testing::UnorderedElementsAre("multiple_names", "names_truncated", "multiple_addresses",
                                                   "ptr_alias", "target_alias", "generic", "dynamic",
                                                   "target_is_apex", "target_is_www", "single_label",
                                                   "not_hostname", "special_use_address", "wildcard",
                                                   "foreign_name", "resolvers_disagree", "tcp"));
}

TEST(RowWords, Statuses) {
  const std::pair<unsigned, std::string_view> cases[] = {
      {0, "NOERROR"},    {1, "FORMERR"},        {2, "SERVFAIL"}, {3, "NXDOMAIN"},     {4, "NOTIMP"},
      {5, "REFUSED"},    {6, "YXDOMAIN"},       {7, "YXRRSET"},  {8, "NXRRSET"},      {9, "NOTAUTH"},
      {10, "NOTZONE"},   {11, "DSOTYPENI"},     {12, "RCODE12"}, {15, "RCODE15"},     {16, "BADVERS"},
      {17, "BADKEY"},    {18, "BADTIME"},       {19, "BADMODE"}, {20, "BADNAME"},     {21, "BADALG"},
      {22, "BADTRUNC"},  {23, "BADCOOKIE"},     {24, "RCODE24"}, {4095, "RCODE4095"}, {4096, "NODATA"},
      {4097, "TIMEOUT"}, {4098, "UNREACHABLE"}, {4099, "LAME"},  {4100, "TRUNCATED"}, {4101, "MALFORMED"},
      {4102, "LOOP"},
  };
  for (const auto& [number, word] : cases) {
    std::array<char, 16> scratch;
    EXPECT_EQ(ToString(static_cast<Status>(number), scratch), word);
  }
}

}  // namespace
}  // namespace scanner
