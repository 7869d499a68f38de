// The compressions of Parquet's Compression.md that are read: zstd, snappy and none.
#ifndef CODEC_PARQUET_DECOMPRESSOR_H_
#define CODEC_PARQUET_DECOMPRESSOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/octet_buffer.h"

struct ZSTD_DCtx_s;

namespace codec::parquet {

class Decompressor {
 public:
  static constexpr size_t kMaxOctets = size_t{256} << 20;

  // An error that names the codec and says what to do unless it is one of those that are read.
  static absl::Status Check(Codec codec);

  // `in` as it was before it was compressed by a codec that is read: `size` octets exactly, at most
  // kMaxOctets. They are in `out`, or are `in` itself where it is not compressed. Memory is asked for only
  // when `in` can hold that much.
  absl::StatusOr<std::span<const uint8_t>> Decompress(Codec codec, std::span<const uint8_t> in, size_t size,
                                                      OctetBuffer& out);

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  absl::Status DecompressZstd(std::span<const uint8_t> in, size_t size, OctetBuffer& out);

  std::unique_ptr<ZSTD_DCtx_s, FreeContext> zstd_;  // Made when it is first needed.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DECOMPRESSOR_H_
