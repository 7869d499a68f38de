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
#include <vector>

namespace scanner {

class BlobPool {
 public:
  static constexpr size_t kChunkOctets = 60;

  // Names a stored string; its length is kept by the owner.
  enum class Ref : uint32_t { kNone = 0xFFFFFFFF };

  explicit BlobPool(uint32_t chunks) : chunks_(chunks), free_(chunks) {
    for (uint32_t i = 0; i < chunks; ++i) chunks_[i].next = i + 1 < chunks ? i + 1 : kEnd;
    first_free_ = chunks == 0 ? kEnd : 0;
  }

  uint32_t capacity() const { return static_cast<uint32_t>(chunks_.size()); }
  uint32_t free() const { return free_; }

  static constexpr uint32_t ChunksFor(size_t octets) {
    return octets == 0 ? 1 : static_cast<uint32_t>((octets + kChunkOctets - 1) / kChunkOctets);
  }

  // Nothing when there is no room.
  std::optional<Ref> Store(std::span<const uint8_t> octets) {
    const uint32_t needed = ChunksFor(octets.size());
    if (needed > free_) return std::nullopt;
    const uint32_t first = first_free_;
    uint32_t last = first;
    for (uint32_t i = 0; i < needed; ++i) {
      if (i != 0) last = chunks_[last].next;
      const auto part =
          octets.subspan(i * kChunkOctets, std::min(kChunkOctets, octets.size() - i * kChunkOctets));
      if (!part.empty()) std::memcpy(chunks_[last].octets, part.data(), part.size());
    }
    first_free_ = chunks_[last].next;
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
    chunks_[last].next = first_free_;
    first_free_ = static_cast<uint32_t>(ref);
    free_ += count;
  }

 private:
  static constexpr uint32_t kEnd = 0xFFFFFFFF;
  struct alignas(64) Chunk {
    uint32_t next;
    uint8_t octets[kChunkOctets];
  };
  static_assert(sizeof(Chunk) == 64, "one cache line");

  std::vector<Chunk> chunks_;
  uint32_t first_free_;
  uint32_t free_;  // 0 <= free_ <= chunks_.size().
};

}  // namespace scanner

#endif  // SCANNER_CORE_BLOB_POOL_H_
