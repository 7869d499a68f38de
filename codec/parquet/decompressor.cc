#include "codec/parquet/decompressor.h"

#include <snappy.h>
#include <zstd.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace codec::parquet {
namespace {

// A zstd block of 128 KiB takes four octets at the least (RFC 8878, section 3.1.1.2), 64 octets of snappy
// two.
constexpr size_t kMostFromOneOctetOfZstd = 32 << 10;
constexpr size_t kMostFromOneOctetOfSnappy = 32;

std::string CodecName(Codec codec) {
  switch (static_cast<int32_t>(codec)) {
    case 2:
      return "gzip";
    case 3:
      return "lzo";
    case 4:
      return "brotli";
    case 5:
    case 7:
      return "lz4";
    default:
      return absl::StrCat("codec ", static_cast<int32_t>(codec));
  }
}

absl::Status DecompressSnappy(std::span<const uint8_t> in, size_t size, OctetBuffer& out) {
  const auto* const octets = reinterpret_cast<const char*>(in.data());
  size_t told = 0;
  if (!snappy::GetUncompressedLength(octets, in.size(), &told) || told != size) {
    return absl::DataLossError(
        "what is compressed with snappy has another length than its page header tells");
  }
  if (size / kMostFromOneOctetOfSnappy > in.size()) {
    return absl::DataLossError("the page header tells of more than snappy can make of this");
  }
  out.Reserve(size, 0);
  if (!snappy::RawUncompress(octets, in.size(), reinterpret_cast<char*>(out.data()))) {
    return absl::DataLossError("what is compressed with snappy is damaged");
  }
  return absl::OkStatus();
}

}  // namespace

void Decompressor::FreeContext::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

absl::Status Decompressor::Check(Codec codec) {
  if (codec == Codec::kUncompressed || codec == Codec::kSnappy || codec == Codec::kZstd) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(absl::StrCat("compressed with ", CodecName(codec),
                                               ", which is not read here: write the file again with zstd, "
                                               "snappy or no compression"));
}

absl::Status Decompressor::DecompressZstd(std::span<const uint8_t> in, size_t size, OctetBuffer& out) {
  if (size / kMostFromOneOctetOfZstd > in.size()) {
    return absl::DataLossError("the page header tells of more than zstd can make of this");
  }
  if (zstd_ == nullptr) zstd_.reset(ZSTD_createDCtx());
  if (zstd_ == nullptr) return absl::ResourceExhaustedError("no memory to decompress with zstd");
  out.Reserve(size, 0);
  const size_t made = ZSTD_decompressDCtx(zstd_.get(), out.data(), size, in.data(), in.size());
  if (ZSTD_isError(made) != 0) {
    return absl::DataLossError(
        absl::StrCat("what is compressed with zstd is damaged (", ZSTD_getErrorName(made), ")"));
  }
  if (made != size) {
    return absl::DataLossError("what is compressed with zstd is shorter than its page header tells");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::span<const uint8_t>> Decompressor::Decompress(Codec codec, std::span<const uint8_t> in,
                                                                  size_t size, OctetBuffer& out) {
  if (codec == Codec::kUncompressed) {
    if (in.size() != size) {
      return absl::DataLossError("the page header tells two lengths of what is not compressed");
    }
    return in;
  }
  // Some writers compress nothing at all to nothing at all.
  if (in.empty() && size == 0) return in;
  if (size > kMaxOctets) return absl::DataLossError("the page has more than 256 MiB");
  absl::Status done = Check(codec);
  if (done.ok()) {
    done = codec == Codec::kSnappy ? DecompressSnappy(in, size, out) : DecompressZstd(in, size, out);
  }
  if (!done.ok()) return done;
  return std::span<const uint8_t>(out.data(), size);
}

}  // namespace codec::parquet
