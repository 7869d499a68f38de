// Watches what leaves the engines and judges each packet against the budgets, to the nanosecond of the
// virtual clock: in any interval t a server sees at most rate * t + burst packets, and all servers together
// likewise.
#ifndef TESTS_SIM_BUDGET_JUDGE_H_
#define TESTS_SIM_BUDGET_JUDGE_H_

#include <algorithm>
#include <cstdint>
#include <map>

#include "netio/sim_host.h"

namespace sim {

class BudgetJudge final : public netio::SimTap {
 public:
  struct Budget {
    double packets_per_second = 0;  // 0: no limit.
    double burst = 1;
  };

  BudgetJudge(const Budget& server, const Budget& total) : server_(server), total_(total) {}

  void OnSent(netio::Instant now, uint32_t /*transport*/, const netio::Endpoint& /*from*/,
              const netio::Endpoint& to, bool /*on_stream*/, std::span<const uint8_t> /*bytes*/) override {
    ++sent_;
    Charge(buckets_[to], server_, now);
    Charge(all_, total_, now);
  }

  void OnDelivered(netio::Instant /*now*/, uint32_t /*transport*/, const netio::Event& event,
                   netio::SimOrigin origin) override {
    if (event.kind == netio::Event::Kind::kMessage && origin == netio::SimOrigin::kSpoofed) ++spoofed_;
  }

  uint64_t sent() const { return sent_; }
  uint64_t spoofed() const { return spoofed_; }
  // Packets beyond what was allowed.
  uint64_t excess() const { return excess_; }

 private:
  // A token bucket that never goes below zero is the same as the bound over every interval.
  struct Bucket {
    netio::Instant at{};
    double tokens = 0;
    bool begun = false;
  };

  void Charge(Bucket& bucket, const Budget& budget, netio::Instant now) {
    if (budget.packets_per_second == 0) return;
    if (!bucket.begun) bucket = {.at = now, .tokens = budget.burst, .begun = true};
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(budget.burst, bucket.tokens + seconds * budget.packets_per_second) - 1;
    bucket.at = now;
    constexpr double kRounding = 1e-6;
    if (bucket.tokens < -kRounding) ++excess_;
  }

  const Budget server_;
  const Budget total_;
  std::map<netio::Endpoint, Bucket> buckets_;
  Bucket all_;
  uint64_t sent_ = 0;
  uint64_t spoofed_ = 0;
  uint64_t excess_ = 0;
};

}  // namespace sim

#endif  // TESTS_SIM_BUDGET_JUDGE_H_
