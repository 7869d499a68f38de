// What each octet of a Parquet file is for.
#ifndef TESTS_CODEC_PARQUET_FILE_PLACES_H_
#define TESTS_CODEC_PARQUET_FILE_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace codec::parquet {

// One name an octet of `file`, which is whole and of one row group with `leaves` columns: "magic", "page",
// "index" (page indexes and bloom filters), "length" (of the footer), or "header" or "footer" and the ids of
// the Thrift fields that the octet lies in: "footer.4.1.3.5" are the values of a column chunk.
std::vector<std::string> PlacesOf(const std::vector<uint8_t>& file, size_t leaves);

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_FILE_PLACES_H_
