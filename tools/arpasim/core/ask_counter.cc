#include "tools/arpasim/core/ask_counter.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace arpasim {
namespace {

constexpr uint64_t kTimeMask = (uint64_t{1} << 24) - 1;
constexpr uint64_t kMaxCount = 0xFFFF;

uint64_t Entry(uint64_t tag, uint64_t time, uint64_t count) { return tag << 40 | time << 16 | count; }

}  // namespace

AskCounter::AskCounter(size_t sets) : entries_(sets * kWays) { assert(std::has_single_bit(sets)); }

uint32_t AskCounter::Ask(uint64_t question) {
  const uint64_t time = now_.fetch_add(1, std::memory_order_relaxed) & kTimeMask;
  const uint64_t tag = question >> 40;
  std::atomic<uint64_t>* const set = &entries_[(question % (entries_.size() / kWays)) * kWays];
  size_t oldest = 0;
  uint64_t oldest_age = 0;
  for (size_t way = 0; way < kWays; ++way) {
    const uint64_t entry = set[way].load(std::memory_order_relaxed);
    const uint64_t count = entry & kMaxCount;
    if (count > 0 && entry >> 40 == tag) {
      set[way].store(Entry(tag, time, std::min(count + 1, kMaxCount)), std::memory_order_relaxed);
      return static_cast<uint32_t>(std::min(count, kMaxCount - 1));
    }
    const uint64_t age = count == 0 ? kTimeMask + 1 : (time - (entry >> 16)) & kTimeMask;
    if (age > oldest_age) {
      oldest_age = age;
      oldest = way;
    }
  }
  set[oldest].store(Entry(tag, time, 1), std::memory_order_relaxed);
  return 0;
}

}  // namespace arpasim
