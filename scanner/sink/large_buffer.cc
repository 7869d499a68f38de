#include "scanner/sink/large_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace scanner {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

}  // namespace

void LargeBuffer::Grow(size_t octets) {
  const size_t wanted = std::max(octets, capacity_ + capacity_ / 2);
  const size_t capacity = (wanted + kHugePage - 1) / kHugePage * kHugePage;
  std::unique_ptr<uint8_t, Free> larger(static_cast<uint8_t*>(std::aligned_alloc(kHugePage, capacity)));
  if (larger == nullptr) throw std::bad_alloc();
  // Where it is refused, pages stay small.
  (void)madvise(larger.get(), capacity, MADV_HUGEPAGE);
  if (capacity_ != 0) std::memcpy(larger.get(), octets_.get(), capacity_);
  octets_ = std::move(larger);
  capacity_ = capacity;
}

}  // namespace scanner
