// Zstandard (RFC 8878) in front of an input.
#ifndef SCANNER_SINK_ZSTD_INPUT_H_
#define SCANNER_SINK_ZSTD_INPUT_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/sink/byte_input.h"

struct ZSTD_DCtx_s;

namespace scanner {

// Whether this is how a frame begins, one that is to be skipped included.
bool BeginsAsZstd(std::string_view head);

// The contents of the frames behind one another. A frame that does not end, or is damaged, is an error that
// names the file and the octet.
class ZstdInput final : public ByteInput {
 public:
  ZstdInput(std::string name, std::unique_ptr<ByteInput> input);
  ~ZstdInput() override;
  ZstdInput(const ZstdInput&) = delete;
  ZstdInput& operator=(const ZstdInput&) = delete;

  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override;

 private:
  absl::Status Refill();
  absl::Status Wrong(std::string_view what) const;

  const std::string name_;
  std::unique_ptr<ByteInput> input_;
  ZSTD_DCtx_s* const context_;
  std::vector<uint8_t> compressed_;
  size_t taken_ = 0;  // taken_ <= filled_ <= compressed_.size()
  size_t filled_ = 0;
  uint64_t offset_ = 0;    // In the file, of compressed_[0].
  bool in_frame_ = false;  // A frame has begun and not ended.
  bool at_end_ = false;
};

}  // namespace scanner

#endif  // SCANNER_SINK_ZSTD_INPUT_H_
