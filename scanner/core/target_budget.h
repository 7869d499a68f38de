// How many targets may still be claimed: --max-targets, shared by all engines.
#ifndef SCANNER_CORE_TARGET_BUDGET_H_
#define SCANNER_CORE_TARGET_BUDGET_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace scanner {

class TargetBudget {
 public:
  static constexpr uint64_t kUnlimited = UINT64_MAX;

  explicit TargetBudget(uint64_t targets) : left_(targets) {}

  // How many of `wanted` may be claimed.
  uint32_t Take(uint32_t wanted) {
    uint64_t left = left_.load(std::memory_order_relaxed);
    if (left == kUnlimited) return wanted;
    for (;;) {
      const auto granted = static_cast<uint32_t>(std::min<uint64_t>(left, wanted));
      if (granted == 0) return 0;
      if (left_.compare_exchange_weak(left, left - granted, std::memory_order_relaxed)) return granted;
    }
  }

  // What was taken and not claimed after all.
  void GiveBack(uint32_t unused) {
    if (unused == 0 || left_.load(std::memory_order_relaxed) == kUnlimited) return;
    left_.fetch_add(unused, std::memory_order_relaxed);
  }

  bool spent() const { return left_.load(std::memory_order_relaxed) == 0; }

 private:
  std::atomic<uint64_t> left_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_TARGET_BUDGET_H_
