#include "scanner/sink/zstd_stream.h"

#include <zstd.h>

#include <cassert>
#include <string>

namespace scanner {

ZstdStream::ZstdStream(netio::StorageFile& file, int level)
    : file_(file), context_(ZSTD_createCCtx()), compressed_(ZSTD_CStreamOutSize()) {
  assert(context_ != nullptr);
  ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
  // A reader learns of a damaged file from the checksum.
  ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
}

ZstdStream::~ZstdStream() { ZSTD_freeCCtx(context_); }

absl::Status ZstdStream::Append(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return absl::OkStatus();
  open_ = true;
  return Compress(bytes, /*end=*/false);
}

absl::Status ZstdStream::Checkpoint() {
  if (!open_) return absl::OkStatus();
  open_ = false;
  return Compress({}, /*end=*/true);
}

absl::Status ZstdStream::Compress(std::span<const uint8_t> bytes, bool end) {
  ZSTD_inBuffer in{.src = bytes.data(), .size = bytes.size(), .pos = 0};
  for (bool done = false; !done;) {
    ZSTD_outBuffer out{.dst = compressed_.data(), .size = compressed_.size(), .pos = 0};
    const size_t left = ZSTD_compressStream2(context_, &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0) return absl::InternalError(std::string("zstd: ") + ZSTD_getErrorName(left));
    if (out.pos != 0) {
      if (absl::Status status = file_.Append(std::span(compressed_).first(out.pos)); !status.ok())
        return status;
    }
    done = end ? left == 0 : in.pos == in.size;
  }
  return absl::OkStatus();
}

}  // namespace scanner
