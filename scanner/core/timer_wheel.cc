#include "scanner/core/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace scanner {

TimerWheel::TimerWheel(uint32_t timers) : heads_(kSlots), links_(timers) {}

int64_t TimerWheel::TickAfter(netio::Instant instant) {
  const int64_t ns = instant.time_since_epoch().count();
  return (ns + kTick.count() - 1) / kTick.count();
}

void TimerWheel::Set(uint32_t index, netio::Instant deadline) {
  Cancel(index);
  Link& link = links_[index];
  link.tick = TickAfter(deadline);
  // Until the first PopExpired tells the time, the earliest deadline stands for it.
  if (!started_) current_ = set_ == 0 ? link.tick : std::min(current_, link.tick);
  // A deadline that has passed already fires with the current tick.
  link.tick = std::max(link.tick, current_);
  link.slot = static_cast<uint32_t>(link.tick) & (kSlots - 1);
  link.previous = kNone;
  link.next = Head(link.slot);
  link.set = true;
  if (link.next != kNone) links_[link.next].previous = index;
  heads_[link.slot] = index;
  occupied_[link.slot >> 6] |= uint64_t{1} << (link.slot & 63);
  ++set_;
  // What is put before the place where PopExpired stands would be passed over.
  if (link.tick == current_) scan_ = kNone;
}

void TimerWheel::Cancel(uint32_t index) {
  Link& link = links_[index];
  if (!link.set) return;
  if (scan_ == index) scan_ = kNone;
  if (link.next != kNone) links_[link.next].previous = link.previous;
  if (link.previous != kNone) {
    links_[link.previous].next = link.next;
  } else {
    heads_[link.slot] = link.next;
    if (link.next == kNone) occupied_[link.slot >> 6] &= ~(uint64_t{1} << (link.slot & 63));
  }
  link.set = false;
  --set_;
}

uint32_t TimerWheel::PopExpired(netio::Instant now) {
  const int64_t last = now.time_since_epoch().count() / kTick.count();
  if (!started_) current_ = set_ == 0 ? last : std::min(current_, last);
  started_ = true;
  while (set_ != 0 && current_ <= last) {
    const uint32_t slot = static_cast<uint32_t>(current_) & (kSlots - 1);
    for (uint32_t index = scan_ == kNone ? Head(slot) : scan_; index != kNone;) {
      const uint32_t next = links_[index].next;
      if (links_[index].tick <= current_) {
        Cancel(index);
        scan_ = next;
        return index;
      }
      index = next;
    }
    scan_ = kNone;
    // Empty stretches of the wheel are skipped by words.
    const netio::Instant expiry = NextExpiry();
    current_ = std::min(last + 1, std::max(current_ + 1, TickAfter(expiry)));
  }
  if (set_ == 0) current_ = std::max(current_, last);
  return kNone;
}

netio::Instant TimerWheel::NextExpiry() const {
  if (set_ == 0) return netio::Instant::max();
  const uint32_t start = static_cast<uint32_t>(current_) & (kSlots - 1);
  // The slot of the current tick may hold later rounds only, but reporting it early costs one idle wake-up.
  for (uint32_t step = 0; step <= kSlots / 64; ++step) {
    const uint32_t word = ((start >> 6) + step) & (kSlots / 64 - 1);
    uint64_t bits = occupied_[word];
    if (step == 0) bits &= ~uint64_t{0} << (start & 63);
    if (bits == 0) continue;
    const uint32_t slot = word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
    const int64_t tick = current_ + ((slot - start) & (kSlots - 1));
    return netio::Instant(tick * kTick);
  }
  return netio::Instant::max();
}

}  // namespace scanner
