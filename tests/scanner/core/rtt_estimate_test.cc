#include "scanner/core/rtt_estimate.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using netio::Duration;
using std::chrono::milliseconds;

TEST(RttEstimateTest, WaitsASecondForAServerThatIsNotKnown) {
  const RttEstimate estimate;
  EXPECT_EQ(estimate.smoothed(), Duration(0));
  EXPECT_EQ(estimate.Patience(0), milliseconds(1000));
  EXPECT_EQ(estimate.Patience(1), milliseconds(2000));
  EXPECT_EQ(estimate.Patience(2), milliseconds(4000));
  EXPECT_EQ(estimate.Patience(3), RttEstimate::kMaxPatience);
}

TEST(RttEstimateTest, FollowsRfc6298) {
  RttEstimate estimate;
  estimate.Add(milliseconds(400));
  EXPECT_EQ(estimate.smoothed(), milliseconds(400));
  EXPECT_EQ(estimate.Patience(0), milliseconds(400 + 4 * 200));
  // RTTVAR = 3/4 * 200 + 1/4 * |400 - 800| = 250, SRTT = 7/8 * 400 + 1/8 * 800 = 450.
  estimate.Add(milliseconds(800));
  EXPECT_EQ(estimate.smoothed(), milliseconds(450));
  EXPECT_EQ(estimate.Patience(0), milliseconds(450 + 4 * 250));
  // The same below: RTTVAR = 3/4 * 250 + 1/4 * 350 = 275, SRTT = 7/8 * 450 + 1/8 * 100 = 406.25.
  estimate.Add(milliseconds(100));
  EXPECT_EQ(estimate.smoothed(), std::chrono::microseconds(406'250));
  EXPECT_EQ(estimate.Patience(0), std::chrono::microseconds(406'250) + 4 * milliseconds(275));
}

TEST(RttEstimateTest, PatienceStaysBetweenItsLimits) {
  const struct {
    const char* name;
    Duration rtt;
    uint32_t earlier;
    Duration patience;
  } cases[] = {
      {"no time at all", Duration(0), 0, RttEstimate::kMinPatience},
      {"a nanosecond", Duration(1), 0, RttEstimate::kMinPatience},
      {"just below the least", std::chrono::microseconds(66'666), 0, RttEstimate::kMinPatience},
      {"just above the least", milliseconds(67), 0, milliseconds(201)},
      {"just below the most", milliseconds(1666), 0, milliseconds(4998)},
      {"just above the most", milliseconds(1667), 0, RttEstimate::kMaxPatience},
      {"an hour", std::chrono::hours(1), 0, RttEstimate::kMaxPatience},
      {"doubled", Duration(1), 1, milliseconds(400)},
      {"doubled four times", Duration(1), 4, milliseconds(3200)},
      {"doubled five times is beyond", Duration(1), 5, RttEstimate::kMaxPatience},
      {"doubled beyond any shift", Duration(1), 255, RttEstimate::kMaxPatience},
  };
  for (const auto& test : cases) {
    RttEstimate estimate;
    estimate.Add(test.rtt);
    EXPECT_EQ(estimate.Patience(test.earlier), test.patience) << test.name;
  }
}

TEST(RttEstimateTest, SettlesOnWhatItSees) {
  RttEstimate estimate;
  estimate.Add(std::chrono::seconds(3));
  for (int i = 0; i < 200; ++i) estimate.Add(milliseconds(100));
  EXPECT_NEAR(static_cast<double>(estimate.smoothed().count()), 1e8, 1e3);
  EXPECT_EQ(estimate.Patience(0), RttEstimate::kMinPatience);
}

TEST(RttEstimateTest, ManyInstantAnswersAreNotForgotten) {
  RttEstimate estimate;
  for (int i = 0; i < 1000; ++i) estimate.Add(Duration(0));
  EXPECT_GT(estimate.smoothed(), Duration(0)) << "zero would mean that nothing was measured";
}

}  // namespace
}  // namespace scanner
