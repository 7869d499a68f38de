// How often each question was asked, for the questions of late: a bounded table that threads share.
#ifndef TOOLS_ARPASIM_CORE_ASK_COUNTER_H_
#define TOOLS_ARPASIM_CORE_ASK_COUNTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace arpasim {

class AskCounter {
 public:
  // 4 MiB. A question is forgotten when four others of its set were asked more recently.
  static constexpr size_t kSets = size_t{1} << 17;
  static constexpr size_t kWays = 4;

  explicit AskCounter(size_t sets = kSets);

  // Counts an ask of that question; returns how often it was asked before, at most 65,534. Two threads that
  // ask the same at the same instant may count as one.
  uint32_t Ask(uint64_t question);

 private:
  // 0 is empty; else 24 bits of tag, 24 bits of time, 16 bits of count.
  std::vector<std::atomic<uint64_t>> entries_;
  std::atomic<uint64_t> now_{0};  // In asks.
};

}  // namespace arpasim

#endif  // TOOLS_ARPASIM_CORE_ASK_COUNTER_H_
