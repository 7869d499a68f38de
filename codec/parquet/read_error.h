// Errors of reading: one line that names the source and the octet.
#ifndef CODEC_PARQUET_READ_ERROR_H_
#define CODEC_PARQUET_READ_ERROR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "codec/parquet/byte_source.h"

namespace codec::parquet {

// "NAME: octet OFFSET: WHAT", with the code of `what`, which is an error.
absl::Status ErrorAt(const ByteSource& source, uint64_t offset, const absl::Status& what);

// A name out of a file, safe to be shown on one line: of bounded length, control octets escaped.
std::string ShownName(std::string_view name);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_READ_ERROR_H_
