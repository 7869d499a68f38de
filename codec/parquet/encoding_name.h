// The names of encodings, for errors.
#ifndef CODEC_PARQUET_ENCODING_NAME_H_
#define CODEC_PARQUET_ENCODING_NAME_H_

#include <string>

#include "absl/status/status.h"
#include "codec/parquet/metadata.h"

namespace codec::parquet {

// As parquet.thrift has it; "encoding 42" where it has none.
std::string EncodingName(Encoding encoding);

// Of values in an encoding that is not read, or that their type cannot have.
absl::Status UnreadEncoding(Encoding encoding);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_ENCODING_NAME_H_
