#include "codec/parquet/delta_byte_array_encoder.h"

#include "codec/parquet/delta_binary_encoder.h"

namespace codec::parquet {

void DeltaByteArrayEncoder::Finish(ByteBuffer& out) {
  EncodeDeltaLengths(prefixes_, out);
  EncodeDeltaLengths(suffixes_, out);
  out.Append(octets_.bytes());
  prefixes_.clear();
  suffixes_.clear();
  octets_.Clear();
  last_ = {};
}

}  // namespace codec::parquet
