// The structures of a Parquet file's metadata, as far as they are written or read here: parquet.thrift of the
// Parquet format, version 2.10. Numbers are those of the Thrift enumerations. Nothing is checked: a reader
// checks what it uses.
#ifndef CODEC_PARQUET_METADATA_H_
#define CODEC_PARQUET_METADATA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace codec::parquet {

enum class PhysicalType : int32_t {
  kBoolean = 0,
  kInt32 = 1,
  kInt64 = 2,
  kInt96 = 3,
  kFloat = 4,
  kDouble = 5,
  kByteArray = 6,
  kFixedLengthByteArray = 7,
};

enum class Repetition : int32_t { kRequired = 0, kOptional = 1, kRepeated = 2 };

enum class ConvertedType : int32_t {
  kUtf8 = 0,
  kList = 3,
  kTimestampMillis = 9,
  kTimestampMicros = 10,
};

enum class Encoding : int32_t {
  kPlain = 0,
  kPlainDictionary = 2,
  kRle = 3,
  kBitPacked = 4,
  kDeltaBinaryPacked = 5,
  kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7,
  kRleDictionary = 8,
};

enum class Codec : int32_t { kUncompressed = 0, kSnappy = 1, kGzip = 2, kZstd = 6 };

enum class PageType : int32_t { kData = 0, kIndex = 1, kDictionary = 2, kDataV2 = 3 };

enum class BoundaryOrder : int32_t { kUnordered = 0, kAscending = 1, kDescending = 2 };

enum class TimeUnit : uint8_t { kMillis, kMicros, kNanos };

// The one member of the union LogicalType that is set, where it is one of those that matter here.
struct LogicalType {
  enum class Kind : uint8_t { kNone, kString, kList, kTimestamp, kOther };
  Kind kind = Kind::kNone;
  TimeUnit unit = TimeUnit::kMicros;  // Of kTimestamp, as the next one.
  bool utc = true;
};

struct SchemaElement {
  std::string name;
  std::optional<PhysicalType> type;  // Nothing: a group.
  std::optional<Repetition> repetition;
  std::optional<int32_t> children;
  std::optional<int32_t> converted_type;
  LogicalType logical;
};

struct Statistics {
  std::optional<std::string> min_value;  // As PLAIN without a length.
  std::optional<std::string> max_value;
  std::optional<int64_t> null_count;
  bool min_is_exact = true;
  bool max_is_exact = true;
};

struct ColumnMetadata {
  PhysicalType type = PhysicalType::kByteArray;
  std::vector<Encoding> encodings;
  std::vector<std::string> path;
  Codec codec = Codec::kZstd;
  int64_t values = 0;  // With nulls and, for lists, their levels.
  int64_t uncompressed_bytes = 0;
  int64_t compressed_bytes = 0;
  int64_t data_page_offset = 0;
  std::optional<int64_t> dictionary_page_offset;
  Statistics statistics;
  std::optional<int64_t> bloom_filter_offset;
  std::optional<int32_t> bloom_filter_length;
};

struct ColumnChunk {
  ColumnMetadata metadata;
  std::optional<int64_t> offset_index_offset;
  std::optional<int32_t> offset_index_length;
  std::optional<int64_t> column_index_offset;
  std::optional<int32_t> column_index_length;
};

struct RowGroup {
  std::vector<ColumnChunk> columns;
  int64_t uncompressed_bytes = 0;
  int64_t compressed_bytes = 0;
  int64_t rows = 0;
  int64_t file_offset = 0;
};

struct KeyValue {
  std::string key;
  std::string value;
};

struct PageHeader {
  PageType type = PageType::kDataV2;
  int32_t uncompressed_size = 0;
  int32_t compressed_size = 0;
  std::optional<uint32_t> crc;  // CRC-32 of the page as it is in the file.
  // Of data and dictionary pages.
  int32_t values = 0;
  Encoding encoding = Encoding::kPlain;
  // Of data pages of version 1.
  Encoding definition_encoding = Encoding::kRle;
  Encoding repetition_encoding = Encoding::kRle;
  // Of data pages of version 2.
  int32_t nulls = 0;
  int32_t rows = 0;
  int32_t definition_bytes = 0;
  int32_t repetition_bytes = 0;
  bool compressed = true;
};

struct ColumnIndex {
  std::vector<bool> null_pages;
  std::vector<std::string> min_values;
  std::vector<std::string> max_values;
  BoundaryOrder order = BoundaryOrder::kUnordered;
  std::vector<int64_t> null_counts;
};

struct PageLocation {
  int64_t offset = 0;
  int32_t compressed_size = 0;  // With the page's header.
  int64_t first_row = 0;        // In the row group.
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_METADATA_H_
