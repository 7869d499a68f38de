// The indices below a fixed number that are not in use. Neither it nor what is indexed is touched beyond the
// most that were ever in use at once. No allocation after construction.
#ifndef SCANNER_CORE_FREE_LIST_H_
#define SCANNER_CORE_FREE_LIST_H_

#include <cassert>
#include <cstdint>

#include "scanner/core/lazy_array.h"

namespace scanner {

class FreeList {
 public:
  // All of them are free.
  explicit FreeList(uint32_t indices) : indices_(indices), returned_(indices) {}

  uint32_t size() const { return indices_ - fresh_ + returned_count_; }
  bool empty() const { return size() == 0; }

  // The one given back last, as the likeliest to be in the cache, else the lowest never used. !empty().
  uint32_t Take() {
    if (returned_count_ != 0) return returned_[--returned_count_];
    assert(fresh_ < indices_);
    return fresh_++;
  }

  void GiveBack(uint32_t index) {
    assert(index < fresh_ && returned_count_ < fresh_);
    returned_[returned_count_++] = index;
  }

 private:
  uint32_t indices_;
  uint32_t fresh_ = 0;  // This one and those above were never taken.
  LazyArray<uint32_t> returned_;
  uint32_t returned_count_ = 0;
};

}  // namespace scanner

#endif  // SCANNER_CORE_FREE_LIST_H_
