#include "scanner/sink/address_order.h"

#include <array>
#include <numeric>
#include <utility>

namespace scanner {
namespace {

constexpr int kDigitBits = 8;
constexpr int kLowDigits = 8;  // Of AddressKey::low, as many of high, then the family.
constexpr int kDigits = 2 * kLowDigits + 1;

uint8_t Digit(const AddressKey& key, int digit) {
  if (digit < kLowDigits) return static_cast<uint8_t>(key.low >> (kDigitBits * digit));
  if (digit < 2 * kLowDigits) return static_cast<uint8_t>(key.high >> (kDigitBits * (digit - kLowDigits)));
  return key.ipv6 ? 1 : 0;
}

}  // namespace

void AddressOrder::Clear() {
  sorted_ = true;
  keys_.clear();
}

// By one digit after another, the lowest first, leaving out those in which no two keys differ.
std::span<const uint32_t> AddressOrder::Sort() {
  order_.resize(keys_.size());
  std::iota(order_.begin(), order_.end(), 0);
  if (sorted_) return order_;
  AddressKey differ;
  for (const AddressKey& key : keys_) {
    differ.ipv6 = differ.ipv6 || key.ipv6 != keys_.front().ipv6;
    differ.high |= key.high ^ keys_.front().high;
    differ.low |= key.low ^ keys_.front().low;
  }
  scratch_.resize(keys_.size());
  for (int digit = 0; digit < kDigits; ++digit) {
    if (Digit(differ, digit) == 0) continue;
    std::array<uint32_t, 1 << kDigitBits> next{};
    for (const AddressKey& key : keys_) ++next[Digit(key, digit)];
    uint32_t begin = 0;
    for (uint32_t& count : next) begin += std::exchange(count, begin);
    for (const uint32_t row : order_) scratch_[next[Digit(keys_[row], digit)]++] = row;
    order_.swap(scratch_);
  }
  return order_;
}

}  // namespace scanner
