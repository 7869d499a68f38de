// How questions are asked (SPEC section 3): scripted servers, judged by the packets that they saw.
#include "scanner/core/lookups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/scanner/core/scripted_sweep.h"

namespace scanner {
namespace {

using netio::SimReplies;
using std::chrono::milliseconds;
using std::chrono::seconds;

// ---- Silence ----

TEST(LookupsTest, RetriesSayHowOftenASilentServerIsAsked) {
  for (const uint32_t retries : {0U, 1U, 2U, 3U, 7U, 31U, 32U, 200U}) {
    ScriptedSweep sweep({.policy = {.retries = retries, .timeout = milliseconds(50)}}, Silence);
    ASSERT_TRUE(sweep.Run()) << retries;
    EXPECT_EQ(sweep.asked().size(), std::min(retries + 1, 32U)) << retries;
    EXPECT_EQ(sweep.row().reason, "ptr_timeout");
    EXPECT_EQ(sweep.row().ptr_status, "TIMEOUT");
    EXPECT_EQ(sweep.row().attempts, static_cast<int>(sweep.asked().size()));
    EXPECT_TRUE(sweep.engine().Idle());
  }
}

TEST(LookupsTest, NoTimeoutBeforeTenSeconds) {
  for (const uint32_t retries : {0U, 1U, 3U}) {
    for (const std::optional<Duration> timeout :
         {std::optional<Duration>(), std::optional<Duration>(milliseconds(100))}) {
      ScriptedSweep sweep({.policy = {.retries = retries, .timeout = timeout}}, Silence);
      ASSERT_TRUE(sweep.Run());
      const Instant first_ask = sweep.asked().front().at - milliseconds(1);
      EXPECT_GE(sweep.row().at, first_ask + seconds(10)) << retries;
    }
  }
}

TEST(LookupsTest, LateAnswersCountUntilTenSecondsHavePassed) {
  const struct {
    Duration after;
    const char* status;
  } cases[] = {
      {milliseconds(300), "NOERROR"}, {milliseconds(9'900), "NOERROR"}, {milliseconds(10'100), "TIMEOUT"}};
  for (const auto& test : cases) {
    ScriptedSweep sweep({.policy = {.retries = 1, .timeout = milliseconds(100)}},
                        [&test](const Asked& asked, SimReplies& replies) {
                          if (asked.nth == 0) replies.Send(Name(asked), test.after);
                        });
    ASSERT_TRUE(sweep.Run());
    EXPECT_EQ(sweep.row().ptr_status, test.status) << test.after.count();
    EXPECT_EQ(sweep.asked().size(), 2U);
  }
}

TEST(LookupsTest, SilenceNeverDropsEdns) {
  ScriptedSweep sweep({.servers = 2, .policy = {.retries = 6, .edns_size = 1400}}, Silence);
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.asked().size(), 7U);
  for (const Asked& asked : sweep.asked()) EXPECT_EQ(asked.udp_size, 1400);
}

TEST(LookupsTest, AnotherServerIsAskedBeforeTheSameAgain) {
  for (const uint32_t servers : {2U, 3U, 5U}) {
    ScriptedSweep sweep({.servers = servers, .policy = {.retries = 6, .timeout = milliseconds(100)}},
                        Silence);
    ASSERT_TRUE(sweep.Run());
    ASSERT_EQ(sweep.asked().size(), 7U);
    for (size_t i = 1; i < sweep.asked().size(); ++i) {
      EXPECT_NE(sweep.asked()[i].server, sweep.asked()[i - 1].server) << servers << " " << i;
    }
    std::set<uint32_t> seen;
    for (const Asked& asked : sweep.asked()) seen.insert(asked.server);
    EXPECT_EQ(seen.size(), servers);
  }
}

TEST(LookupsTest, ADeadServerAmongLiveOnesCostsNoRow) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/22"}, .servers = 2, .absent = 1},
                      [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 1024U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
  EXPECT_LT(sweep.servers().pace(ServerIndex{2}).counts().sent, 100U) << "hammered, though it is not there";
}

TEST(LookupsTest, ASilentServerAmongLiveOnesCostsNoRow) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/21"}, .servers = 3},
                      [](const Asked& asked, SimReplies& replies) {
                        if (asked.server != 1) replies.Send(Name(asked));
                      });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 2048U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NOERROR") << address;
  EXPECT_LT(sweep.AskedOf(1).size(), 200U) << "hammered, though it is silent";
}

TEST(LookupsTest, NobodyThereIsUnreachable) {
  ScriptedSweep sweep({.servers = 0, .absent = 1}, Silence);
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().ptr_status, "UNREACHABLE");
  EXPECT_EQ(sweep.row().reason, "ptr_timeout");
}

// ---- Errors ----

TEST(LookupsTest, ServfailIsNotRepeatedAtOneResolverWithinASecond) {
  const struct {
    const char* name;
    uint32_t servers;
    uint32_t silent;  // Of these, the last ones.
    uint32_t retries;
  } cases[] = {{"one", 1, 0, 3},
               {"one, many retries", 1, 0, 20},
               {"two", 2, 0, 3},
               {"three", 3, 0, 20},
               {"one fails, one is silent", 2, 1, 3}};
  for (const auto& test : cases) {
    ScriptedSweep sweep(
        {.servers = test.servers, .policy = {.retries = test.retries, .timeout = milliseconds(100)}},
        [&test](const Asked& asked, SimReplies& replies) {
          if (asked.server + test.silent < test.servers) {
            replies.Send(Rcode(asked, codec::dns::Rcode::kServfail));
          }
        });
    ASSERT_TRUE(sweep.Run()) << test.name;
    EXPECT_EQ(sweep.row().ptr_status, "SERVFAIL") << test.name;
    EXPECT_GE(sweep.asked().size(), 2U) << test.name;
    for (uint32_t server = 0; server + test.silent < test.servers; ++server) {
      const std::vector<Asked> asked = sweep.AskedOf(server);
      for (size_t i = 1; i < asked.size(); ++i) {
        EXPECT_GE(asked[i].at - asked[i - 1].at, seconds(1)) << test.name << ", server " << server;
      }
    }
  }
}

TEST(LookupsTest, OneResolverThatFailsIsMadeGoodByAnother) {
  for (const auto rcode :
       {codec::dns::Rcode::kServfail, codec::dns::Rcode::kRefused, codec::dns::Rcode{11}}) {
    ScriptedSweep sweep({.servers = 2}, [rcode](const Asked& asked, SimReplies& replies) {
      replies.Send(asked.nth == 0 ? Rcode(asked, rcode) : Name(asked));
    });
    ASSERT_TRUE(sweep.Run());
    EXPECT_EQ(sweep.row().ptr_status, "NOERROR");
    ASSERT_EQ(sweep.asked().size(), 2U);
    EXPECT_NE(sweep.asked()[0].server, sweep.asked()[1].server);
  }
}

// ---- Bounds ----

TEST(LookupsTest, NoQuestionIsAskedMoreThan32Times) {
  // A server that limits: losses and refusals cost nothing then, and still there is an end.
  netio::SimRandom random(1);
  ScriptedSweep sweep({.targets = {"198.18.0.0/22"}, .policy = {.retries = 30}},
                      [&random](const Asked& asked, SimReplies& replies) {
                        const uint64_t drawn = random.Below(10);
                        if (drawn < 2) replies.Send(Rcode(asked, codec::dns::Rcode::kRefused));
                        if (drawn == 2) replies.Send(Name(asked));
                      });
  ASSERT_TRUE(sweep.Run(std::chrono::hours(4)));
  std::map<std::string, uint32_t> asks;
  for (const Asked& asked : sweep.asked()) ++asks[asked.name];
  for (const auto& [name, times] : asks) EXPECT_LE(times, LookupPolicy::kMaxAsks) << name;
  EXPECT_EQ(sweep.rows().size(), 1024U);
}

TEST(LookupsTest, TheWindowHolds) {
  for (const uint32_t window : {1U, 2U, 33U}) {
    uint32_t most = 0;
    ScriptedSweep sweep({.targets = {"198.18.0.0/24"}, .servers = 2, .policy = {.window = window}},
                        [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
    while (!sweep.engine().Done()) {
      sweep.Turn(Instant::max());
      most = std::max(most, sweep.engine().lookups().in_flight());
    }
    EXPECT_EQ(most, window);
  }
}

TEST(LookupsTest, IdsAndPortsAreSpread) {
  ScriptedSweep sweep({.targets = {"198.18.0.0/22"}},
                      [](const Asked& asked, SimReplies& replies) { replies.Send(Name(asked)); });
  ASSERT_TRUE(sweep.Run());
  std::set<uint16_t> ids;
  std::set<uint16_t> ports;
  for (const Asked& asked : sweep.asked()) {
    ids.insert(asked.id);
    ports.insert(asked.from.port);
  }
  EXPECT_GT(ids.size(), 980U);
  EXPECT_EQ(ports.size(), 4U);
}

TEST(LookupsTest, NobodyAnswersIsToldApartFromSomebody) {
  ScriptedSweep silent({}, Silence);
  while (silent.now() < Instant(seconds(10))) {
    silent.Turn(Instant(seconds(10)));
    ASSERT_FALSE(silent.engine().lookups().NobodyAnswers(silent.now()));
  }
  ASSERT_TRUE(silent.Run());
  EXPECT_TRUE(silent.engine().lookups().NobodyAnswers(silent.now()));
  ScriptedSweep refusing({}, [](const Asked& asked, SimReplies& replies) {
    replies.Send(Rcode(asked, codec::dns::Rcode::kRefused));
  });
  ASSERT_TRUE(refusing.Run());
  EXPECT_FALSE(refusing.engine().lookups().NobodyAnswers(refusing.now() + seconds(100)));
}

}  // namespace
}  // namespace scanner
