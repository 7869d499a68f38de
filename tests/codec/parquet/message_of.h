// What an error says, as a type that tests can compare with text.
#ifndef TESTS_CODEC_PARQUET_MESSAGE_OF_H_
#define TESTS_CODEC_PARQUET_MESSAGE_OF_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace codec::parquet {

// Nothing when it is no error.
inline std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

template <typename T>
std::string MessageOf(const absl::StatusOr<T>& result) {
  return MessageOf(result.status());
}

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_MESSAGE_OF_H_
