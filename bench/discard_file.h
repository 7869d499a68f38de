// A file that forgets what it is given.
#ifndef BENCH_DISCARD_FILE_H_
#define BENCH_DISCARD_FILE_H_

#include <cstdint>
#include <span>

#include "netio/storage.h"

namespace bench {

class DiscardFile final : public netio::StorageFile {
 public:
  absl::Status Append(std::span<const uint8_t> bytes) override {
    size_ += bytes.size();
    return absl::OkStatus();
  }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::Status Truncate(uint64_t size) override {
    size_ = size;
    return absl::OkStatus();
  }
  absl::StatusOr<uint64_t> Size() const override { return size_; }
  absl::StatusOr<size_t> ReadAt(uint64_t /*offset*/, std::span<uint8_t> /*out*/) const override { return 0; }

 private:
  uint64_t size_ = 0;
};

}  // namespace bench

#endif  // BENCH_DISCARD_FILE_H_
