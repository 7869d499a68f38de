// What a Parquet file of results can hold: flat columns and lists of strings.
// https://parquet.apache.org/docs/file-format/ and its LogicalTypes.
#ifndef CODEC_PARQUET_SCHEMA_H_
#define CODEC_PARQUET_SCHEMA_H_

#include <cstdint>
#include <string>
#include <vector>

namespace codec::parquet {

// How a value is stored.
enum class Type : uint8_t { kBoolean, kInt32, kInt64, kByteArray };

// What a value means beyond its type.
enum class Meaning : uint8_t {
  kNone,
  kString,              // Of kByteArray: UTF-8.
  kTimestampMicrosUtc,  // Of kInt64: microseconds since 1970, UTC.
};

enum class Shape : uint8_t {
  kRequired,
  kOptional,
  kList,  // A list that is never null, of items that are never null; of kByteArray only.
};

// What the writer does with the values; a reader finds out for itself.
enum class Packing : uint8_t {
  kDictionary,  // RLE_DICTIONARY while there are few different values; else as kDelta.
  kDelta,       // DELTA_BINARY_PACKED of numbers, DELTA_BYTE_ARRAY of strings.
  kPlain,       // PLAIN of numbers that are no Booleans: what compresses them sees whole octets repeat.
};

struct Field {
  std::string name;
  Type type = Type::kByteArray;
  Meaning meaning = Meaning::kNone;
  Shape shape = Shape::kOptional;
  Packing packing = Packing::kDelta;
  bool bloom_filter = false;  // Of kByteArray that is no list.
};

using Schema = std::vector<Field>;

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_SCHEMA_H_
