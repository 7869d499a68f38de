#include "scanner/core/blocks.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace scanner {

void TargetBitmap::SetRange(uint8_t first, uint8_t last) {
  assert(first <= last);
  for (unsigned word = first / 64U; word <= last / 64U; ++word) {
    const unsigned low = word == first / 64U ? first % 64U : 0;
    const unsigned high = word == last / 64U ? last % 64U : 63;
    words[word] |= ~uint64_t{0} << low & ~uint64_t{0} >> (63 - high);
  }
}

template <typename Number>
FamilyBlocks<Number>::FamilyBlocks(std::span<const Interval<Number>> targets) : targets_(targets) {
  Number next_block = 0;  // After those that have been counted; of no meaning before the first stretch.
  for (const Interval<Number>& interval : targets_) {
    Number first = interval.first / kBlockAddresses;
    const Number last = interval.last / kBlockAddresses;
    // Neighbours may share a block, and a run.
    if (!stretches_.empty() && first < next_block) first = next_block;
    if (first > last) continue;
    if (stretches_.empty() || first != next_block) {
      const bool shares_run = !stretches_.empty() && first / kRunBlocks == (next_block - 1) / kRunBlocks;
      stretches_.push_back(
          {.first_block = first, .first_index = blocks_, .first_run = shares_run ? runs_ - 1 : runs_});
    }
    const Stretch& stretch = stretches_.back();
    blocks_ += static_cast<uint64_t>(last - first) + 1;
    runs_ =
        stretch.first_run + static_cast<uint64_t>(last / kRunBlocks - stretch.first_block / kRunBlocks) + 1;
    next_block = last + 1;
  }
}

template <typename Number>
const typename FamilyBlocks<Number>::Stretch& FamilyBlocks<Number>::StretchOf(uint64_t index) const {
  assert(index < blocks_);
  const auto after = std::partition_point(stretches_.begin(), stretches_.end(),
                                          [index](const Stretch& s) { return s.first_index <= index; });
  return *std::prev(after);
}

template <typename Number>
Number FamilyBlocks<Number>::Base(uint64_t index) const {
  const Stretch& stretch = StretchOf(index);
  return (stretch.first_block + static_cast<Number>(index - stretch.first_index)) * kBlockAddresses;
}

template <typename Number>
uint64_t FamilyBlocks<Number>::Run(uint64_t index) const {
  const Stretch& stretch = StretchOf(index);
  const Number block = stretch.first_block + static_cast<Number>(index - stretch.first_index);
  return stretch.first_run + static_cast<uint64_t>(block / kRunBlocks - stretch.first_block / kRunBlocks);
}

template <typename Number>
TargetBitmap FamilyBlocks<Number>::Bitmap(Number base) const {
  TargetBitmap bitmap;
  const Number end = base + (kBlockAddresses - 1);
  for (size_t i = FirstReaching<Number>(targets_, base); i < targets_.size() && targets_[i].first <= end;
       ++i) {
    bitmap.SetRange(static_cast<uint8_t>(std::max(targets_[i].first, base) - base),
                    static_cast<uint8_t>(std::min(targets_[i].last, end) - base));
  }
  return bitmap;
}

template class FamilyBlocks<uint32_t>;
template class FamilyBlocks<Uint128>;

BlockSet::BlockSet(TargetSet targets)
    : targets_(std::move(targets)), v4_(targets_.v4()), v6_(targets_.v6()) {}

IpAddress BlockSet::Base(uint64_t index) const {
  if (index < v4_.blocks()) return IpAddress::FromV4(v4_.Base(index));
  return IpAddress::FromV6(v6_.Base(index - v4_.blocks()));
}

TargetBitmap BlockSet::Bitmap(uint64_t index) const {
  if (index < v4_.blocks()) return v4_.Bitmap(v4_.Base(index));
  return v6_.Bitmap(v6_.Base(index - v4_.blocks()));
}

uint64_t BlockSet::Run(uint64_t index) const {
  if (index < v4_.blocks()) return v4_.Run(index);
  return v4_.runs() + v6_.Run(index - v4_.blocks());
}

}  // namespace scanner
