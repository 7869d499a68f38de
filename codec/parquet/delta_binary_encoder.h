// DELTA_BINARY_PACKED: https://parquet.apache.org/docs/file-format/data-pages/encodings/
#ifndef CODEC_PARQUET_DELTA_BINARY_ENCODER_H_
#define CODEC_PARQUET_DELTA_BINARY_ENCODER_H_

#include <cstdint>
#include <span>

#include "codec/parquet/byte_buffer.h"

namespace codec::parquet {

// Appends `values`, also none. Differences wrap around in the width of the number, as readers add them.
void EncodeDeltaBinary(std::span<const int32_t> values, ByteBuffer& out);
void EncodeDeltaBinary(std::span<const int64_t> values, ByteBuffer& out);

// The same with an octet for each difference where it fits: longer, but what compresses it afterwards sees
// equal differences as equal octets. For lengths, of which a few are frequent.
void EncodeDeltaLengths(std::span<const int32_t> lengths, ByteBuffer& out);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_DELTA_BINARY_ENCODER_H_
