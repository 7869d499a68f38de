#include "tools/arpasim/core/faults.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tools/arpasim/core/ask_counter.h"
#include "tools/arpasim/core/limiter.h"

namespace arpasim {
namespace {

constexpr FaultOptions kEverything = {.loss = 0.3,
                                      .corrupt = 0.2,
                                      .duplicate = 0.2,
                                      .wrong_id = 0.2,
                                      .wrong_question = 0.2,
                                      .spoof = 0.2,
                                      .delay_us = 100,
                                      .jitter_us = 50};

bool Unanswered(const Fault& fault) { return fault.query_lost || fault.answer_lost || fault.corrupt; }

TEST(Faults, ArePureFunctionsOfSeedQuestionAndAsk) {
  const Faults first(7, kEverything);
  const Faults again(7, kEverything);
  const Faults other(8, kEverything);
  int different = 0;
  for (uint64_t question = 0; question < 500; ++question) {
    for (uint32_t asked = 0; asked < 8; ++asked) {
      const Fault one = first.Of(question, asked);
      const Fault two = again.Of(question, asked);
      EXPECT_EQ(one.draw, two.draw);
      EXPECT_EQ(one.delay_us, two.delay_us);
      EXPECT_EQ(Unanswered(one), Unanswered(two));
      different += Unanswered(one) != Unanswered(other.Of(question, asked));
    }
  }
  EXPECT_GT(different, 0);
}

TEST(Faults, AtMostThreeLossesInARow) {
  const Faults faults(1, {.loss = 1, .corrupt = 1});
  size_t most = 0;
  for (uint64_t question = 0; question < 100; ++question) {
    size_t row = 0;
    for (uint32_t asked = 0; asked < 100; ++asked) {
      row = Unanswered(faults.Of(question, asked)) ? row + 1 : 0;
      most = std::max(most, row);
    }
  }
  EXPECT_EQ(most, Faults::kMaxLossesInARow);
}

struct ShareRow {
  double FaultOptions::* share;
  bool Fault::* happens;
};

TEST(Faults, HappenAsOftenAsAsked) {
  const ShareRow rows[] = {{&FaultOptions::corrupt, &Fault::corrupt},
                           {&FaultOptions::duplicate, &Fault::duplicate},
                           {&FaultOptions::wrong_id, &Fault::wrong_id},
                           {&FaultOptions::wrong_question, &Fault::wrong_question},
                           {&FaultOptions::spoof, &Fault::spoof}};
  for (const ShareRow& row : rows) {
    FaultOptions options;
    options.*row.share = 0.1;
    const Faults faults(3, options);
    int count = 0;
    for (uint64_t question = 0; question < 10'000; ++question) count += faults.Of(question, 0).*row.happens;
    EXPECT_NEAR(count, 1000, 150);
  }
  const Faults none(3, {});
  for (uint64_t question = 0; question < 1000; ++question) EXPECT_FALSE(Unanswered(none.Of(question, 0)));
}

TEST(Faults, DelayLiesWithinItsBounds) {
  const Faults faults(5, {.delay_us = 100, .jitter_us = 50});
  uint32_t least = UINT32_MAX;
  uint32_t most = 0;
  for (uint64_t question = 0; question < 1000; ++question) {
    const uint32_t delay = faults.Of(question, 0).delay_us;
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_EQ(least, 100);
  EXPECT_EQ(most, 150);
}

TEST(AskCounter, CountsEachQuestion) {
  AskCounter asks(64);
  EXPECT_EQ(asks.Ask(1), 0);
  EXPECT_EQ(asks.Ask(1), 1);
  EXPECT_EQ(asks.Ask(2), 0);
  EXPECT_EQ(asks.Ask(1), 2);
}

TEST(AskCounter, ForgetsTheOldestOfASet) {
  AskCounter asks(1);
  const auto question = [](uint64_t number) { return number << 40; };
  for (uint64_t number = 1; number <= AskCounter::kWays; ++number) asks.Ask(question(number));
  EXPECT_EQ(asks.Ask(question(1)), 1);  // Now the second is the oldest.
  EXPECT_EQ(asks.Ask(question(9)), 0);
  EXPECT_EQ(asks.Ask(question(1)), 2);
  EXPECT_EQ(asks.Ask(question(2)), 0);
}

TEST(AskCounter, CountSaturates) {
  AskCounter asks(1);
  for (int i = 0; i < 70'000; ++i) asks.Ask(1);
  EXPECT_EQ(asks.Ask(1), 65'534);
}

TEST(Limiter, LetsABurstThenTheRateThrough) {
  Limiter limiter({.per_second = 1000, .burst = 5, .mode = LimitMode::kDrop});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(limiter.Take(0).within) << i;
  EXPECT_FALSE(limiter.Take(0).within);
  EXPECT_FALSE(limiter.Take(999'999).within);
  EXPECT_TRUE(limiter.Take(1'000'000).within);
  EXPECT_FALSE(limiter.Take(1'000'000).within);
}

TEST(Limiter, QueuesUpToASecond) {
  Limiter limiter({.per_second = 10, .burst = 1, .mode = LimitMode::kQueue});
  for (int i = 0; i <= 10; ++i) EXPECT_EQ(limiter.Take(0).wait_ns, i * 100'000'000);
  EXPECT_FALSE(limiter.Take(0).within);
}

TEST(Limiter, ChangesSomeTimeAfterTheFirstQuery) {
  Limiter limiter({.per_second = 1000, .burst = 1, .later_per_second = 10, .later_ns = 5'000'000});
  constexpr int64_t kFirst = 7'000'000'000;
  for (int64_t ms = 0; ms < 5; ++ms) EXPECT_TRUE(limiter.Take(kFirst + ms * 1'000'000).within) << ms;
  EXPECT_TRUE(limiter.Take(kFirst + 5'000'000).within) << "paid for under the old limit";
  EXPECT_FALSE(limiter.Take(kFirst + 104'999'999).within);
  EXPECT_TRUE(limiter.Take(kFirst + 105'000'000).within);
}

TEST(Limiter, NoneByDefault) {
  Limiter limiter({});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.Take(0).within);
}

}  // namespace
}  // namespace arpasim
