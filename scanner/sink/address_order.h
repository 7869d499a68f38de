// The order of rows by address: numeric, IPv4 first; rows of one address stay as they came.
#ifndef SCANNER_SINK_ADDRESS_ORDER_H_
#define SCANNER_SINK_ADDRESS_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scanner/sink/record.h"

namespace scanner {

class AddressOrder {
 public:
  // The key of the next row.
  void Add(const AddressKey& key) {
    sorted_ = sorted_ && (keys_.empty() || keys_.back() <= key);
    keys_.push_back(key);
  }
  size_t rows() const { return keys_.size(); }
  const AddressKey& key(size_t row) const { return keys_[row]; }
  void Clear();

  // The rows in order; valid until the next call of anything.
  std::span<const uint32_t> Sort();

 private:
  bool sorted_ = true;
  std::vector<AddressKey> keys_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> scratch_;
};

}  // namespace scanner

#endif  // SCANNER_SINK_ADDRESS_ORDER_H_
