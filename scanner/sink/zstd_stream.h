// Zstandard (RFC 8878) in front of a file.
#ifndef SCANNER_SINK_ZSTD_STREAM_H_
#define SCANNER_SINK_ZSTD_STREAM_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "scanner/sink/byte_stream.h"

struct ZSTD_CCtx_s;

namespace scanner {

// A frame ends at Checkpoint and nowhere else. Frames behind one another are one text for every reader.
class ZstdStream final : public ByteStream {
 public:
  static constexpr int kDefaultLevel = 3;

  explicit ZstdStream(netio::StorageFile& file, int level = kDefaultLevel);
  ~ZstdStream() override;
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  absl::Status Append(std::span<const uint8_t> bytes) override;
  absl::Status Checkpoint() override;

 private:
  absl::Status Compress(std::span<const uint8_t> bytes, bool end);

  netio::StorageFile& file_;
  ZSTD_CCtx_s* const context_;
  std::vector<uint8_t> compressed_;
  bool open_ = true;  // A frame has begun; the first has, so that an empty text is a frame too.
};

}  // namespace scanner

#endif  // SCANNER_SINK_ZSTD_STREAM_H_
