// Sets of numbers as sorted, disjoint, closed intervals. Number is an unsigned integer type.
#ifndef SCANNER_CORE_INTERVALS_H_
#define SCANNER_CORE_INTERVALS_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace scanner {

template <typename Number>
struct Interval {
  Number first;
  Number last;  // first <= last; both belong to the interval.

  friend bool operator==(const Interval&, const Interval&) = default;
};

// A set: sorted, and neither overlapping nor adjacent (a gap of at least one number between neighbours).
template <typename Number>
using IntervalSet = std::vector<Interval<Number>>;

// Sorts `intervals` and merges those that overlap or touch. O(n log n), in place.
template <typename Number>
void Normalize(IntervalSet<Number>& intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval<Number>& a, const Interval<Number>& b) {
    return a.first < b.first || (a.first == b.first && a.last < b.last);
  });
  size_t kept = 0;
  for (const Interval<Number>& next : intervals) {
    // The second condition is reached only where kept.last < next.first, so that last + 1 cannot wrap.
    if (kept > 0 && (next.first <= intervals[kept - 1].last || intervals[kept - 1].last + 1 == next.first)) {
      intervals[kept - 1].last = std::max(intervals[kept - 1].last, next.last);
    } else {
      intervals[kept++] = next;
    }
  }
  intervals.resize(kept);
}

// The numbers of set `a` that are not in set `b`. O(|a| + |b|).
template <typename Number>
IntervalSet<Number> Subtract(const IntervalSet<Number>& a, const IntervalSet<Number>& b) {
  IntervalSet<Number> result;
  size_t cut = 0;
  for (Interval<Number> rest : a) {
    while (cut < b.size() && b[cut].last < rest.first) ++cut;
    bool empty = false;
    for (; cut < b.size() && b[cut].first <= rest.last; ++cut) {
      if (rest.first < b[cut].first) result.push_back({rest.first, static_cast<Number>(b[cut].first - 1)});
      if (b[cut].last >= rest.last) {
        empty = true;  // b[cut] may reach into the next interval of a: it stays.
        break;
      }
      rest.first = static_cast<Number>(b[cut].last + 1);
    }
    if (!empty) result.push_back(rest);
  }
  return result;
}

// The first interval that ends at `number` or after it.
template <typename Number>
size_t FirstReaching(std::span<const Interval<Number>> set, Number number) {
  const auto found = std::partition_point(set.begin(), set.end(),
                                          [number](const Interval<Number>& i) { return i.last < number; });
  return static_cast<size_t>(found - set.begin());
}

}  // namespace scanner

#endif  // SCANNER_CORE_INTERVALS_H_
