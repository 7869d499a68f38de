// Bounded memory for octet strings of any length, in chunks of 64 octets: no fragmentation, no allocation
// after construction. One engine owns it.
#ifndef SCANNER_CORE_BLOB_POOL_H_
#define SCANNER_CORE_BLOB_POOL_H_

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "scanner/core/lazy_array.h"

namespace scanner {

class BlobPool {
 public:
  static constexpr size_t kChunkOctets = 60;

  // Names a stored string; its length is kept by the owner.
  enum class Ref : uint32_t { kNone = 0xFFFFFFFF };

  explicit BlobPool(uint32_t chunks) : chunks_(chunks), free_(chunks) {}

  uint32_t capacity() const { return static_cast<uint32_t>(chunks_.size()); }
  uint32_t free() const { return free_; }

  static constexpr uint32_t ChunksFor(size_t octets) {
    return octets == 0 ? 1 : static_cast<uint32_t>((octets + kChunkOctets - 1) / kChunkOctets);
  }

  // Nothing when there is no room.
  std::optional<Ref> Store(std::span<const uint8_t> octets) {
    const uint32_t needed = ChunksFor(octets.size());
    if (needed > free_) return std::nullopt;
    const uint32_t first = TakeChunk();
    uint32_t last = first;
    for (uint32_t i = 0; i < needed; ++i) {
      if (i != 0) last = chunks_[last].next = TakeChunk();
      const auto part =
          octets.subspan(i * kChunkOctets, std::min(kChunkOctets, octets.size() - i * kChunkOctets));
      if (!part.empty()) std::memcpy(chunks_[last].octets, part.data(), part.size());
    }
    chunks_[last].next = kEnd;
    free_ -= needed;
    return Ref{first};
  }

  // The string itself where it lies in one chunk, else a copy in `scratch`, which has room for it.
  std::span<const uint8_t> View(Ref ref, size_t length, std::span<uint8_t> scratch) const {
    if (length <= kChunkOctets) return {chunks_[static_cast<uint32_t>(ref)].octets, length};
    assert(scratch.size() >= length);
    size_t done = 0;
    for (uint32_t chunk = static_cast<uint32_t>(ref); done < length; chunk = chunks_[chunk].next) {
      const size_t part = std::min(kChunkOctets, length - done);
      std::memcpy(scratch.data() + done, chunks_[chunk].octets, part);
      done += part;
    }
    return scratch.first(length);
  }

  // Asks memory for the beginning of a string.
  void Prefetch(Ref ref) const { __builtin_prefetch(&chunks_[static_cast<uint32_t>(ref)]); }

  void Free(Ref ref) {
    uint32_t last = static_cast<uint32_t>(ref);
    uint32_t count = 1;
    for (; chunks_[last].next != kEnd; last = chunks_[last].next) ++count;
    chunks_[last].next = returned_;
    returned_ = static_cast<uint32_t>(ref);
    free_ += count;
  }

 private:
  static constexpr uint32_t kEnd = 0xFFFFFFFF;
  struct alignas(64) Chunk {
    uint32_t next;
    uint8_t octets[kChunkOctets];
  };
  static_assert(sizeof(Chunk) == 64, "one cache line");

  uint32_t TakeChunk() {
    if (returned_ == kEnd) return fresh_++;
    const uint32_t chunk = returned_;
    returned_ = chunks_[chunk].next;
    return chunk;
  }

  LazyArray<Chunk> chunks_;
  uint32_t returned_ = kEnd;  // Those given back, the latest first; each names the next.
  uint32_t fresh_ = 0;        // This chunk and those above were never taken.
  uint32_t free_;             // 0 <= free_ <= chunks_.size().
};

}  // namespace scanner

#endif  // SCANNER_CORE_BLOB_POOL_H_
