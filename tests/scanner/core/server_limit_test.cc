// Whole sweeps of servers with limits that they do not tell, in simulated time: how long they take and how
// many queries they cost.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/scanner/core/limited_sweep.h"

namespace scanner {
namespace {

using netio::Duration;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Case {
  const char* name;
  std::vector<LimitedServer> servers;
  std::string prefix;
  double most_seconds;      // 1.2 times the names over the limits, and a second.
  double most_queries;      // A name.
  uint64_t most_wrong = 0;  // Names without an answer.
};

// Each with one thread and with two, on a machine that is quiet and on one that is busy.
void ExpectWithin(const Case& test) {
  for (const uint32_t engines : {1U, 2U}) {
    for (const milliseconds late : {milliseconds(0), milliseconds(8)}) {
      const Cost cost = Sweep(test.servers, {.engines = engines, .late = late}, test.prefix, 1);
      const std::string where = std::string(test.name) + ", " + std::to_string(engines) + " threads, up to " +
                                std::to_string(late.count()) + " ms late";
      EXPECT_LE(cost.seconds, test.most_seconds) << where;
      EXPECT_LE(cost.queries_a_name, test.most_queries) << where;
      EXPECT_LE(cost.wrong, test.most_wrong) << where;
    }
  }
}

TEST(ServerLimitTest, ALimitIsFoundSoonAndKeptWithFewLosses) {
  const Case cases[] = {
      {"10,000 a second, 10 ms deep", {{.limit = 10'000, .bucket = 100}}, "198.18.0.0/16", 8.86, 1.1},
      {"10,000 a second, 1 s deep", {{.limit = 10'000, .bucket = 10'000}}, "198.18.0.0/16", 8.86, 1.1},
      {"1,000 a second, 10 ms deep", {{.limit = 1'000, .bucket = 10}}, "198.18.0.0/20", 5.92, 1.1},
      {"1,000 a second, 1 s deep", {{.limit = 1'000, .bucket = 1'000}}, "198.18.0.0/20", 5.92, 1.1},
      {"100,000 a second, 10 ms deep", {{.limit = 100'000, .bucket = 1'000}}, "10.0.0.0/14", 4.15, 1.1},
      {"100,000 a second, 1 s deep", {{.limit = 100'000, .bucket = 100'000}}, "10.0.0.0/14", 4.15, 1.1},
      {"10,000 a second, far away",
       {{.limit = 10'000, .bucket = 100, .rtt = milliseconds(20)}},
       "198.18.0.0/16",
       8.86,
       1.1},
      {"200 a second, far away",
       {{.limit = 200, .bucket = 10, .rtt = milliseconds(20)}},
       "198.18.0.0/20",
       25.6,
       1.1},
      {"20 a second", {{.limit = 20, .bucket = 5, .rtt = milliseconds(20)}}, "198.18.0.0/22", 62.5, 1.2},
  };
  for (const Case& test : cases) ExpectWithin(test);
}

TEST(ServerLimitTest, ALimitThatChangesIsFollowed) {
  const Case cases[] = {
      {"10,000 a second, then 2,000",
       {{.limit = 10'000, .bucket = 100, .later_limit = 2'000, .changes_at = milliseconds(3'500)}},
       "198.18.0.0/16",
       1.2 * (3.5 + 30'536 / 2'000.0) + 1,
       1.1},
      {"4,000 a second, then 20,000",
       {{.limit = 4'000, .bucket = 200, .later_limit = 20'000, .changes_at = seconds(5)}},
       "198.18.0.0/16",
       1.2 * (5 + 45'536 / 20'000.0) + 1,
       1.1},
  };
  for (const Case& test : cases) ExpectWithin(test);
}

// The first engine owns the only server. Each has half of the names, and asks for them at the same speed.
TEST(ServerLimitTest, ALimitIsFollowedWhenTheFirstEngineHasEnded) {
  const Case cases[] = {
      {"10,000 a second, then 2,000",
       {{.limit = 10'000, .bucket = 100, .later_limit = 2'000, .changes_at = seconds(3)}},
       "198.18.0.0/16",
       1.2 * (3 + (10'000 + 32'768 - 30'000) / 2'000.0) + 1,
       1.1},
      {"4,000 a second, then 20,000",
       {{.limit = 4'000, .bucket = 200, .later_limit = 20'000, .changes_at = seconds(3)}},
       "198.18.0.0/15",
       1.2 * (3 + (4'000 + 65'536 - 12'000) / 20'000.0) + 1,
       1.1},
  };
  for (const Case& test : cases) {
    for (const milliseconds late : {milliseconds(0), milliseconds(8)}) {
      const Cost cost =
          Sweep(test.servers, {.engines = 2, .late = late, .first_stops = seconds(2)}, test.prefix, 1);
      const std::string where =
          std::string(test.name) + ", up to " + std::to_string(late.count()) + " ms late";
      EXPECT_LE(cost.seconds, test.most_seconds) << where;
      EXPECT_LE(cost.queries_a_name, test.most_queries) << where;
      EXPECT_EQ(cost.wrong, 0U) << where;
    }
  }
}

TEST(ServerLimitTest, TwentyServersAreAskedAsMuchAsEachBears) {
  Case test{"twenty servers", {}, "10.0.0.0/14", 0, 1.1};
  double limits = 0;
  double limit = 200;
  for (int i = 0; i < 20; ++i, limit *= 1.2742) {  // To 20,000.
    test.servers.push_back({.limit = limit, .bucket = limit / 100});
    limits += limit;
  }
  test.most_seconds = 1.2 * 262'144 / limits + 1;
  ExpectWithin(test);
}

TEST(ServerLimitTest, AQueueIsNotALoss) {
  const Case cases[] = {
      {"10,000 a second that queues",
       {{.limit = 10'000, .bucket = 100, .queues = true}},
       "198.18.0.0/16",
       8.86,
       1.01},
      {"one that often stands still for 60 ms",
       {{.limit = 500'000, .bucket = 1, .queues = true, .standstill = milliseconds(60)}},
       "198.18.0.0/15",
       1.5,
       1.01},
  };
  for (const Case& test : cases) ExpectWithin(test);
}

TEST(ServerLimitTest, APathThatLosesIsNotALimit) {
  ExpectWithin({"a path that loses 2%",
                {{.limit = 1e9, .bucket = 1e9, .rtt = milliseconds(20), .loss = 0.02}},
                "198.18.0.0/16",
                4.5,
                1.05});
}

TEST(ServerLimitTest, TheRateComesBackAfterSilence) {
  // It takes a second to see it, and two until the probe after. Those that were probes may have been asked in
  // vain.
  ExpectWithin(
      {.name = "three seconds of silence",
       .servers = {{.limit = 10'000, .bucket = 100, .dead_from = seconds(2), .dead_until = seconds(5)}},
       .prefix = "198.18.0.0/16",
       .most_seconds = 1.2 * 65'536 / 10'000.0 + 1 + 3 + 2,
       .most_queries = 1.2,
       .most_wrong = 8});
}

TEST(ServerLimitTest, AnswersThatFindNoRoomSlowTheEngineAndNotTheServer) {
  for (const Duration late : {Duration(0), Duration(milliseconds(2))}) {
    const Cost cost =
        Sweep({{.limit = 1e9, .bucket = 1e9}}, {.late = late, .receive_queue = 64}, "198.18.0.0/16", 1);
    EXPECT_EQ(cost.wrong, 0U);
    EXPECT_GT(cost.receive_drops, 0U) << "of nothing this can learn";
    EXPECT_LE(cost.receive_drops, 65'536U / 50);
    EXPECT_LE(cost.queries_a_name, 1.02) << "no more is asked again than was dropped";
    EXPECT_LE(cost.seconds, 8);
  }
}

}  // namespace
}  // namespace scanner
