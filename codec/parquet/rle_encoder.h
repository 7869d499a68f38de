// The hybrid of runs and bit-packed numbers (RLE): levels, indices of a dictionary, Booleans.
// https://parquet.apache.org/docs/file-format/data-pages/encodings/
#ifndef CODEC_PARQUET_RLE_ENCODER_H_
#define CODEC_PARQUET_RLE_ENCODER_H_

#include <cstdint>
#include <span>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

// Appends `values`, each below 2^width; without a length in front. `width` <= 32.
void EncodeRle(std::span<const uint32_t> values, int width, ByteBuffer& out);
// The same of width 1.
void EncodeRleBits(std::span<const uint8_t> values, ByteBuffer& out);
// The same for `count` times one value.
void EncodeRun(uint64_t count, uint32_t value, int width, ByteBuffer& out);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_RLE_ENCODER_H_
