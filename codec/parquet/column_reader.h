// Steps through one column of a file row by row: pages, levels, dictionaries and values put together.
#ifndef CODEC_PARQUET_COLUMN_READER_H_
#define CODEC_PARQUET_COLUMN_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "codec/parquet/byte_source.h"
#include "codec/parquet/decompressor.h"
#include "codec/parquet/list_items.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/number_decoder.h"
#include "codec/parquet/octet_buffer.h"
#include "codec/parquet/page_reader.h"
#include "codec/parquet/rle_decoder.h"
#include "codec/parquet/schema_reader.h"
#include "codec/parquet/text_decoder.h"

namespace codec::parquet {

// Holds a page, the chunk's dictionary and a few hundred decoded values.
class ColumnReader {
 public:
  // `source` and `decompressor` must outlive the reader.
  ColumnReader(const ByteSource& source, Decompressor& decompressor, const Leaf& leaf);
  ColumnReader(const ColumnReader&) = delete;
  ColumnReader& operator=(const ColumnReader&) = delete;

  // From now on the rows of this chunk.
  absl::Status Begin(const ColumnMetadata& chunk);

  // Moves to the next row. False when there is none or something is wrong: status() tells.
  bool Next() {
    if (leaf_.max_repetition > 0) return NextList();
    if (level_ == levels_ && !ReadLevels()) return false;
    is_null_ = definition_[level_++] != leaf_.max_definition;
    if (is_null_) return true;
    if (value_ == values_ && !ReadValues()) return false;
    ++value_;
    return true;
  }
  const absl::Status& status() const { return status_; }

  // An error unless all rows of the chunk have been stepped through.
  absl::Status CheckEnd();

  // Of the row that was moved to, as its type and shape have it; views are valid until the next move.
  bool is_null() const { return is_null_; }
  int64_t number() const { return numbers_[value_ - 1]; }
  std::string_view text() const { return texts_[value_ - 1]; }
  std::span<const std::string_view> items() const { return items_.items(); }

 private:
  static constexpr size_t kBatch = 256;

  bool HoldsText() const { return leaf_.physical == PhysicalType::kByteArray; }
  bool AtEnd() const { return level_ == levels_ && page_left_ == 0 && chunk_left_ == 0; }
  bool NextList();
  bool TakeItem();
  bool ReadLevels();
  bool ReadValues();
  absl::Status DecodeLevels(size_t count);
  absl::Status CheckLevels();
  absl::Status CheckValues();
  absl::Status DecodeValues(size_t wanted);
  absl::Status Convert(std::span<int64_t> numbers) const;
  bool LoadPage();
  absl::Status OpenPage(const Page& page);
  absl::Status OpenDictionary(const Page& page);
  absl::Status DecodeDictionary(std::span<const uint8_t> octets, size_t values);
  absl::Status OpenDataPage(const Page& page);
  absl::Status OpenLevels(const Page& page, std::span<const uint8_t>& body);
  absl::Status OpenValues(std::span<const uint8_t> body, Encoding encoding);
  bool Fail(const absl::Status& what);

  const ByteSource& source_;
  const Leaf leaf_;
  PageReader pages_;
  absl::Status status_;

  uint64_t page_offset_ = 0;  // For errors.
  uint64_t chunk_left_ = 0;   // Levels in pages that are not loaded.
  uint64_t page_left_ = 0;    // Levels of the page that are not decoded.
  PageHeader page_header_;    // Of the page that is loaded.
  int64_t page_nulls_ = 0;    // Its decoded levels that have no value,
  int64_t page_rows_ = 0;     // and those that begin a row.
  bool data_begun_ = false;   // The chunk's first data page has been loaded.

  OctetBuffer dictionary_octets_;
  std::vector<int64_t> dictionary_numbers_;
  std::vector<std::string_view> dictionary_texts_;  // Of dictionary_octets_.
  bool has_dictionary_ = false;

  RleDecoder repetition_decoder_;
  RleDecoder definition_decoder_;
  NumberDecoder number_decoder_;
  TextDecoder text_decoder_;

  std::array<uint8_t, kBatch> repetition_{};
  std::array<uint8_t, kBatch> definition_{};
  size_t level_ = 0;                     // The next one; level_ <= levels_ <= kBatch.
  size_t levels_ = 0;                    // Decoded.
  size_t present_ = 0;                   // Values of the decoded levels that are not decoded.
  std::vector<int64_t> numbers_;         // kBatch of them, or
  std::vector<std::string_view> texts_;  // kBatch of these.
  size_t value_ = 0;                     // The next one; value_ <= values_ <= kBatch.
  size_t values_ = 0;                    // Decoded.

  bool is_null_ = true;
  ListItems items_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_COLUMN_READER_H_
