#include "netio/buffer_ring.h"

#include <sys/mman.h>

#include <cerrno>
#include <numeric>

#include "netio/system_error.h"

namespace netio {
namespace {

constexpr size_t kCacheLine = 64;

// Nothing on failure.
void* MapPages(size_t bytes) {
  void* const pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? nullptr : pages;
}

}  // namespace

BufferRing::BufferRing(uint16_t group, size_t buffers, size_t buffer_bytes)
    : group_(group),
      buffers_(buffers),
      buffer_bytes_(buffer_bytes),
      stride_((buffer_bytes + kCacheLine - 1) / kCacheLine * kCacheLine) {}

absl::StatusOr<std::unique_ptr<BufferRing>> BufferRing::Create(io_uring* ring, uint16_t group, size_t buffers,
                                                               size_t buffer_bytes) {
  std::unique_ptr<BufferRing> made(new BufferRing(group, buffers, buffer_bytes));
  made->ring_ = static_cast<io_uring_buf_ring*>(MapPages(made->ring_bytes()));
  made->memory_ = static_cast<uint8_t*>(MapPages(buffers * made->stride_));
  if (made->ring_ == nullptr || made->memory_ == nullptr) return SystemError("no memory for receive buffers");
  io_uring_buf_ring_init(made->ring_);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<uintptr_t>(made->ring_);
  registration.ring_entries = static_cast<uint32_t>(buffers);
  registration.bgid = group;
  const int error = -io_uring_register_buf_ring(ring, &registration, 0);
  if (error != 0) return SystemError("io_uring takes no receive buffers", error);
  made->taken_.resize(buffers);
  std::iota(made->taken_.begin(), made->taken_.end(), uint16_t{0});
  made->Recycle();
  return made;
}

BufferRing::~BufferRing() {
  if (ring_ != nullptr) munmap(ring_, ring_bytes());
  if (memory_ != nullptr) munmap(memory_, buffers_ * stride_);
}

void BufferRing::Recycle() {
  if (taken_.empty()) return;
  const int mask = io_uring_buf_ring_mask(static_cast<uint32_t>(buffers_));
  int offset = 0;
  for (const uint16_t id : taken_) {
    io_uring_buf_ring_add(ring_, buffer(id), static_cast<unsigned>(buffer_bytes_), id, mask, offset++);
  }
  io_uring_buf_ring_advance(ring_, offset);
  taken_.clear();
}

}  // namespace netio
