#include "netio/coalescing.h"

#include <gtest/gtest.h>

#include <vector>

namespace netio {
namespace {

using Policy = CoalescingPolicy;

// Counts receives of `datagrams` each until the policy changes its mind; how many that took, 0 for never.
uint32_t ReceivesUntilSwitch(Policy& policy, uint32_t datagrams) {
  const bool before = policy.wanted();
  for (uint32_t i = 1; i <= 2 * Policy::kLongestRest; ++i) {
    policy.Count(datagrams);
    if (policy.wanted() != before) return i;
  }
  return 0;
}

constexpr uint32_t kTrial = Policy::kJudged * Policy::kPatience;  // Receives of one datagram.

struct JudgementCase {
  const char* name;
  uint32_t first;   // Datagrams of the first receive that is judged.
  uint32_t others;  // Of each other one.
  bool worthwhile;
};

// The last judgement of a trial that was in vain so far.
TEST(CoalescingPolicyTest, WorthwhileFromTwoDatagramsAReceiveOn) {
  constexpr JudgementCase kCases[] = {
      {"one each", 1, 1, false},
      {"two each", 2, 2, true},
      {"one short of two each", 1, 2, false},
      {"just enough in one", 17, 1, true},
      {"just too few in one", 16, 1, false},
      {"full bursts", 64, 64, true},
  };
  for (const JudgementCase& test : kCases) {
    SCOPED_TRACE(test.name);
    Policy policy;
    for (uint32_t i = 0; i < kTrial - Policy::kJudged; ++i) policy.Count(1);
    policy.Count(test.first);
    for (uint32_t i = 2; i < Policy::kJudged; ++i) policy.Count(test.others);
    EXPECT_TRUE(policy.wanted());
    policy.Count(test.others);
    EXPECT_EQ(policy.wanted(), test.worthwhile);
  }
}

TEST(CoalescingPolicyTest, RestsDoubleUpToTheLongest) {
  Policy policy;
  std::vector<uint32_t> rests;
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(ReceivesUntilSwitch(policy, 1), kTrial);
    rests.push_back(ReceivesUntilSwitch(policy, 1));
  }
  EXPECT_EQ(rests, (std::vector<uint32_t>{1024, 2048, 4096, 8192, 16'384, 32'768, 65'536, 65'536, 65'536}));
}

TEST(CoalescingPolicyTest, OneWorthwhileJudgementShortensTheNextRest) {
  Policy policy;
  for (int i = 0; i < 4; ++i) {
    ReceivesUntilSwitch(policy, 1);
    ReceivesUntilSwitch(policy, 1);
  }
  for (uint32_t i = 0; i < Policy::kJudged; ++i) policy.Count(2);
  EXPECT_EQ(ReceivesUntilSwitch(policy, 1), kTrial);
  EXPECT_EQ(ReceivesUntilSwitch(policy, 1), Policy::kFirstRest);
}

TEST(CoalescingPolicyTest, KeptAsLongAsItIsWorthwhileNowAndThen) {
  Policy policy;
  for (int i = 0; i < 1'000; ++i) {
    for (uint32_t j = 0; j < kTrial - Policy::kJudged; ++j) policy.Count(1);
    for (uint32_t j = 0; j < Policy::kJudged; ++j) policy.Count(2);
    EXPECT_TRUE(policy.wanted());
  }
}

TEST(CoalescingPolicyTest, GivenUpIsForGood) {
  Policy policy;
  policy.GiveUp();
  EXPECT_FALSE(policy.wanted());
  EXPECT_EQ(ReceivesUntilSwitch(policy, 1), 0U);
  EXPECT_EQ(ReceivesUntilSwitch(policy, 64), 0U);
}

}  // namespace
}  // namespace netio
