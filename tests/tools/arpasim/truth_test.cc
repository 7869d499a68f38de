#include "tools/arpasim/core/truth.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/tools/arpasim/small_sweep.h"
#include "tools/arpasim/core/cases.h"
#include "tools/arpasim/core/truth_csv.h"

namespace arpasim {
namespace {

struct Sweep {
  const char* prefix;
  uint64_t seed;
  EdnsManner edns;
  bool authoritative;
};

void PrintTo(const Sweep& sweep, std::ostream* out) { *out << sweep.prefix << ", seed " << sweep.seed; }

class TruthOfSweep : public testing::TestWithParam<Sweep> {};

TEST_P(TruthOfSweep, IsWhatTheAnswersSay) {
  const Sweep& sweep = GetParam();
  const ServerOptions server{.edns = sweep.edns, .authoritative = sweep.authoritative};
  Responder responder({.seed = sweep.seed, .mix = Mix::All(), .server = server});
  SmallSweep small(responder, sweep.edns == EdnsManner::kSupported);
  const Prefix prefix = *ParsePrefix(sweep.prefix);
  std::map<std::string_view, int> differences;
  for (Address address = prefix.first; address <= prefix.last(); ++address.low) {
    const TruthRow truth = TruthOf(responder.model(), {.server = server}, address);
    const std::string difference = Difference(truth, small.Observe(address));
    const std::string_view word = responder.model().SpecOf(address).word;
    if (!difference.empty() && ++differences[word] == 1) ADD_FAILURE() << word << "\n" << difference;
  }
}

INSTANTIATE_TEST_SUITE_P(Prefixes, TruthOfSweep,
                         testing::Values(Sweep{"198.18.0.0/18", 0, EdnsManner::kSupported, true},
                                         Sweep{"203.0.112.0/20", 1, EdnsManner::kSupported, false},
                                         Sweep{"2001:db8::/115", 2, EdnsManner::kSupported, true},
                                         Sweep{"198.18.0.0/20", 3, EdnsManner::kIgnored, true},
                                         Sweep{"2001:db8::ff00:0/117", 4, EdnsManner::kIgnored, true}));

TEST(Truth, EveryCaseOccursInASlash16OfTheInternet) {
  const Model model(0, Mix::Internet());
  std::set<std::string_view> words;
  for (Address address{.low = 0xC6120000}; address.low <= 0xC612FFFF; ++address.low) {
    words.insert(model.SpecOf(address).word);
  }
  for (const CaseSpec& spec : Cases()) EXPECT_EQ(words.count(spec.word), 1) << spec.word;
}

TEST(Truth, HasEveryReasonOfTheSpec) {
  std::set<std::string_view> reasons;
  for (const CaseSpec& spec : Cases()) reasons.insert(spec.reason);
  EXPECT_EQ(reasons,
            (std::set<std::string_view>{"confirmed", "forward_mismatch", "forward_missing", "unusable_name",
                                        "no_ptr", "ptr_timeout", "ptr_servfail", "ptr_refused", "ptr_lame",
                                        "ptr_error", "forward_timeout", "forward_servfail", "forward_refused",
                                        "forward_lame", "forward_error"}));
}

TEST(Truth, AnotherSeedIsAnotherInternet) {
  const Model first(1, Mix::All());
  const Model second(2, Mix::All());
  const Model again(1, Mix::All());
  int changed = 0;
  for (Address address{.low = 0xC6120000}; address.low <= 0xC61200FF; ++address.low) {
    changed += &first.SpecOf(address) != &second.SpecOf(address);
    EXPECT_EQ(&first.SpecOf(address), &again.SpecOf(address));
  }
  EXPECT_GT(changed, 200);
}

TEST(TruthCsv, WritesTheFieldsThatWereAskedFor) {
  std::string unknown;
  const auto fields = ParseFields("ipv4,address,prefix", unknown);
  ASSERT_TRUE(fields);
  std::string text;
  AppendHeader(*fields, text);
  TruthRow row;
  for (const char* const address : {"198.18.7.9", "2001:db8::1:0:0:1"}) {
    row.address = *ParseAddress(address);
    AppendRow(row, *fields, text);
  }
  EXPECT_EQ(text,
            "ipv4,address,prefix\r\n"
            "3323070217,198.18.7.9,198.18.7.0/24\r\n"
            ",2001:db8::1:0:0:1,2001:db8::/64\r\n");
  EXPECT_FALSE(ParseFields("address,colour", unknown));
  EXPECT_EQ(unknown, "colour");
}

}  // namespace
}  // namespace arpasim
