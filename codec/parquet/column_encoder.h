// Turns the values of a column into the pages of a column chunk.
#ifndef CODEC_PARQUET_COLUMN_ENCODER_H_
#define CODEC_PARQUET_COLUMN_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/column_buffer.h"
#include "codec/parquet/delta_byte_array_encoder.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/page_bounds.h"
#include "codec/parquet/page_writer.h"
#include "codec/parquet/schema.h"

namespace codec::parquet {

// A column chunk, all but its bloom filter and where its index is.
struct EncodedColumn {
  ColumnMetadata metadata;
  ColumnIndex index;
  std::vector<PageLocation> pages;
};

// One serves all columns of a file, one after another.
class ColumnEncoder {
 public:
  // `page_rows`: at most so many rows in a page.
  ColumnEncoder(int zstd_level, size_t page_rows) : writer_(zstd_level), page_rows_(page_rows) {}

  // Appends the pages of the rows in this order. `data` begins at `file_offset` of the file.
  EncodedColumn Encode(const Field& field, const ColumnBuffer& column, std::span<const uint32_t> order,
                       uint64_t file_offset, ByteBuffer& data);

 private:
  using Rows = std::span<const uint32_t>;

  void EncodeDictionary(const TextDictionary& dictionary, uint64_t file_offset, ByteBuffer& data,
                        ColumnMetadata& metadata);
  // Fills page_ from the rows.
  void EncodePage(const Field& field, const ColumnBuffer& column, Rows rows, PageBounds& bounds);
  // Sets defined_, and the page's levels from it.
  void EncodeListLevels(const ColumnBuffer& column, Rows rows);
  void EncodeNulls(const ColumnBuffer& column, Rows rows);
  // Where all are null the values are still there as their encoding writes none of them: readers look.
  void EncodeNumbers(const ColumnBuffer& column, Type type, Bounds<int64_t>& bounds);
  void EncodeTexts(const ColumnBuffer& column, Bounds<std::string_view>& bounds);
  void EncodeCodes(const ColumnBuffer& column, Bounds<std::string_view>& bounds);

  PageWriter writer_;
  const size_t page_rows_;
  bool use_dictionary_ = false;  // Of the column at hand.
  // Of the page at hand:
  DataPage page_;
  std::vector<uint32_t> defined_;  // Those rows that are not null, or the items of the lists.
  std::vector<uint8_t> definition_;
  std::vector<uint8_t> repetition_;
  std::vector<int32_t> numbers32_;
  std::vector<int64_t> numbers64_;
  std::vector<uint32_t> codes_;
  std::vector<uint8_t> used_;  // Of each number of the dictionary: whether it occurs.
  DeltaByteArrayEncoder texts_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_COLUMN_ENCODER_H_
