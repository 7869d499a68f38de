// Whole sweeps of one server with a limit that it does not tell, in simulated time: how long they take and
// how many queries they cost.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "netio/sim_random.h"
#include "scanner/core/server_pace.h"

namespace scanner {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Server {
  double limit;   // Queries a second; the others are dropped, or wait.
  double bucket;  // Queries at once above the limit.
  Duration rtt = microseconds(60);
  bool queues = false;
  double loss = 0;         // Of everything.
  double later_limit = 0;  // From `changes_at` on; 0: the limit stays.
  Duration changes_at = Duration::zero();
  Duration standstill = Duration::zero();  // At the end of every quarter of a second.
};

// A token bucket, or a queue of up to a second.
class LimitedServer {
 public:
  explicit LimitedServer(const Server& server)
      : server_(server), limit_(server.limit), tokens_(server.bucket) {}

  void Tick(Duration since_begin, Duration step) {
    if (server_.later_limit > 0 && since_begin >= server_.changes_at) limit_ = server_.later_limit;
    tokens_ = std::min(server_.bucket, tokens_ + limit_ * Seconds(step));
  }

  // When the answer is back, after now; nothing: dropped.
  std::optional<Duration> Ask(Instant now) {
    if (server_.queues) {
      const Duration each(static_cast<int64_t>(1e9 / limit_));
      if (free_at_ > now + seconds(1)) return std::nullopt;
      constexpr Duration kTurn = milliseconds(250);
      const Duration left = kTurn - now.time_since_epoch() % kTurn;
      if (left <= server_.standstill) free_at_ = std::max(free_at_, now + left);
      free_at_ = std::max(free_at_, now) + each;
      return free_at_ - now + server_.rtt;
    }
    if (tokens_ < 1) return std::nullopt;
    tokens_ -= 1;
    return server_.rtt;
  }

 private:
  static double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

  const Server server_;
  double limit_;
  double tokens_;
  Instant free_at_{};
};

struct Cost {
  double seconds;
  double queries_a_name;
};

Cost Sweep(const Server& server, int names, uint64_t seed) {
  constexpr Duration kStep = microseconds(25);
  constexpr Duration kFirstPatience = seconds(1);
  constexpr Duration kPatience = milliseconds(200);
  ServerPace pace({.budget = {}, .max_window = 16'384});
  netio::SimRandom random(seed);
  LimitedServer limited(server);
  struct Outcome {
    Instant sent_at;
    bool lost;
  };
  std::multimap<Instant, Outcome> outcomes;
  const Instant begin(seconds(100));
  Instant now = begin;
  int unasked = names;
  int lost = 0;  // To be asked again.
  int answered = 0;
  uint64_t sent = 0;
  for (; answered < names && now - begin < seconds(300); now += kStep) {
    limited.Tick(now - begin, kStep);
    for (; !outcomes.empty() && outcomes.begin()->first <= now; outcomes.erase(outcomes.begin())) {
      const Outcome outcome = outcomes.begin()->second;
      pace.Settle();
      if (outcome.lost) {
        pace.OnLoss(now, true);
        ++lost;
      } else {
        pace.OnAnswer(now, now - outcome.sent_at, true, false);
        ++answered;
      }
    }
    while (lost + unasked > 0) {
      const uint32_t granted = pace.Take(now, static_cast<uint32_t>(std::min(16, lost + unasked)));
      if (granted == 0) break;
      for (uint32_t i = 0; i < granted; ++i) {
        --(lost > 0 ? lost : unasked);
        ++sent;
        pace.OnSent(now, true);
        const std::optional<Duration> wait = limited.Ask(now);
        const Duration patience = answered == 0 ? kFirstPatience : kPatience + 2 * server.rtt;
        const bool drop = !wait || *wait > patience || random.Chance(server.loss);
        outcomes.emplace(now + (drop ? patience : *wait), Outcome{.sent_at = now, .lost = drop});
      }
    }
    pace.Adapt(now);
  }
  EXPECT_EQ(answered, names);
  return {.seconds = std::chrono::duration<double>(now - begin).count(),
          .queries_a_name = static_cast<double>(sent) / names};
}

TEST(ServerLimitTest, ALimitIsFoundSoonAndKeptWithFewLosses) {
  const struct {
    const char* name;
    Server server;
    int names;
    double most_seconds;  // 1.2 times the names over the limit, and a second.
    double most_queries;  // A name.
  } cases[] = {
      {"10,000 a second, 10 ms deep", {.limit = 10'000, .bucket = 100}, 65'536, 8.9, 1.1},
      {"10,000 a second, 1 s deep", {.limit = 10'000, .bucket = 10'000}, 65'536, 8.9, 1.1},
      {"1,000 a second, 10 ms deep", {.limit = 1'000, .bucket = 10}, 4'096, 5.92, 1.1},
      {"1,000 a second, 1 s deep", {.limit = 1'000, .bucket = 1'000}, 4'096, 5.92, 1.1},
      {"100,000 a second, 10 ms deep", {.limit = 100'000, .bucket = 1'000}, 262'144, 4.15, 1.1},
      {"100,000 a second, 1 s deep", {.limit = 100'000, .bucket = 100'000}, 262'144, 4.15, 1.1},
      {"10,000 a second that queues", {.limit = 10'000, .bucket = 100, .queues = true}, 65'536, 8.9, 1.1},
      {"10,000 a second, far away",
       {.limit = 10'000, .bucket = 100, .rtt = milliseconds(20)},
       65'536,
       8.9,
       1.1},
      {"200 a second, far away", {.limit = 200, .bucket = 10, .rtt = milliseconds(20)}, 4'096, 25.6, 1.1},
      {"20 a second", {.limit = 20, .bucket = 5, .rtt = milliseconds(20)}, 1'024, 62.5, 1.3},
      {"a path that loses 2%",
       {.limit = 1e9, .bucket = 1e9, .rtt = milliseconds(20), .loss = 0.02},
       65'536,
       4.0,
       1.05},
      {"one that often stands still for 60 ms",
       {.limit = 500'000, .bucket = 1, .queues = true, .standstill = milliseconds(60)},
       400'000,
       1.5,
       1.01},
      {"10,000 a second, then 2,000",
       {.limit = 10'000, .bucket = 100, .later_limit = 2'000, .changes_at = milliseconds(3'500)},
       65'536,
       1.2 * (3.5 + 35'536 / 2'000.0),
       1.1},
      {"4,000 a second, then 20,000",
       {.limit = 4'000, .bucket = 40, .later_limit = 20'000, .changes_at = seconds(5)},
       65'536,
       1.2 * (5 + 45'536 / 20'000.0) + 1,
       1.1},
  };
  for (const auto& test : cases) {
    for (uint64_t seed = 1; seed <= 2; ++seed) {
      const Cost cost = Sweep(test.server, test.names, seed);
      EXPECT_LE(cost.seconds, test.most_seconds) << test.name;
      EXPECT_LE(cost.queries_a_name, test.most_queries) << test.name;
    }
  }
}

}  // namespace
}  // namespace scanner
