// How many targets may still be claimed: --max-targets, shared by all engines.
#ifndef SCANNER_CORE_TARGET_BUDGET_H_
#define SCANNER_CORE_TARGET_BUDGET_H_

#include <atomic>
#include <cstdint>

namespace scanner {

class TargetBudget {
 public:
  static constexpr uint64_t kUnlimited = UINT64_MAX;

  explicit TargetBudget(uint64_t targets) : left_(targets) {}

  // Takes one; false when none is left.
  bool Take() {
    uint64_t left = left_.load(std::memory_order_relaxed);
    if (left == kUnlimited) return true;
    while (left != 0) {
      if (left_.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  bool spent() const { return left_.load(std::memory_order_relaxed) == 0; }

 private:
  std::atomic<uint64_t> left_;
};

}  // namespace scanner

#endif  // SCANNER_CORE_TARGET_BUDGET_H_
