// Receive buffers that the kernel picks from: a provided-buffer ring of io_uring.
#ifndef NETIO_BUFFER_RING_H_
#define NETIO_BUFFER_RING_H_

#include <liburing.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"

namespace netio {

// The kernel takes a buffer for each receive and names it by its id in the completion; Recycle hands those
// back that were taken. Buffers are whole, never incremental: those cut a datagram at a buffer's end. The
// memory outlives every receive that may write to it; the owner ends those first.
class BufferRing {
 public:
  // `buffers`: a power of two, at most 32,768. `ring` outlives the buffers' use, not the object.
  static absl::StatusOr<std::unique_ptr<BufferRing>> Create(io_uring* ring, uint16_t group, size_t buffers,
                                                            size_t buffer_bytes);

  BufferRing(const BufferRing&) = delete;
  BufferRing& operator=(const BufferRing&) = delete;
  ~BufferRing();

  uint16_t group() const { return group_; }
  // The buffer that a completion names: no longer the kernel's.
  uint8_t* Take(uint16_t id) {
    taken_.push_back(id);
    return buffer(id);
  }

  // Gives the kernel what was taken.
  void Recycle();

 private:
  BufferRing(uint16_t group, size_t buffers, size_t buffer_bytes);

  uint8_t* buffer(uint16_t id) { return memory_ + id * stride_; }
  size_t ring_bytes() const { return buffers_ * sizeof(io_uring_buf); }

  uint16_t group_;
  size_t buffers_;
  size_t buffer_bytes_;
  size_t stride_;                      // From one buffer to the next: whole cache lines.
  io_uring_buf_ring* ring_ = nullptr;  // Pages of their own, as the kernel asks.
  uint8_t* memory_ = nullptr;
  std::vector<uint16_t> taken_;  // At most buffers_.
};

}  // namespace netio

#endif  // NETIO_BUFFER_RING_H_
