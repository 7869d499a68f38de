// Finds the columns that can be read in the schema of a file that anybody may have written.
#ifndef CODEC_PARQUET_SCHEMA_READER_H_
#define CODEC_PARQUET_SCHEMA_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

// What is done to a number as it is stored.
enum class Conversion : uint8_t {
  kNone,
  kUnsigned32,    // Stored as if it were signed.
  kUnsigned64,    // The same; numbers of 2^63 and more are errors.
  kMilliseconds,  // To microseconds, as the next one.
  kNanoseconds,
};

// A column that can be read.
struct Leaf {
  Field field;
  size_t index = 0;  // Of its chunk in a row group.
  PhysicalType physical = PhysicalType::kByteArray;
  Conversion conversion = Conversion::kNone;
  // Levels as in "Nested Encoding" of the format: 0 or 1 and, of lists, up to 3.
  uint8_t max_definition = 0;
  uint8_t max_repetition = 0;
  uint8_t item_definition = 0;  // Of lists: from this one on there is an item, which may be null.
};

struct UnusableColumn {
  std::string name;
  std::string why;  // "is a structure".
};

struct Leaves {
  std::vector<Leaf> usable;
  std::vector<UnusableColumn> unusable;
  size_t count = 0;  // The columns that each row group has.
};

// `schema` is depth first, the root before all. An error when it is no tree.
//
// A list is what LogicalTypes.md and its rules for older files take for one, and may be null or have items
// that may be null. Times without a zone are taken for UTC.
absl::StatusOr<Leaves> ReadSchema(std::span<const SchemaElement> schema);

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_SCHEMA_READER_H_
