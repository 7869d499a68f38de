// Turns the values of a column into the pages of a column chunk.
#ifndef CODEC_PARQUET_COLUMN_WRITER_H_
#define CODEC_PARQUET_COLUMN_WRITER_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/parquet/byte_buffer.h"
#include "codec/parquet/delta_byte_array_encoder.h"
#include "codec/parquet/metadata.h"
#include "codec/parquet/number_dictionary.h"
#include "codec/parquet/page_bounds.h"
#include "codec/parquet/page_writer.h"
#include "codec/parquet/schema.h"
#include "codec/parquet/text_dictionary.h"

namespace codec::parquet {

// A column chunk, all but its bloom filter and where its index is.
struct WrittenColumn {
  ColumnMetadata metadata;
  ColumnIndex index;
  std::vector<PageLocation> pages;
};

// Values come row by row, of the kind that the field asks for; a page ends when its owner says so.
class ColumnWriter {
 public:
  // `pages` serves all columns of a file, and must outlive it.
  ColumnWriter(Field field, PageWriter& pages)
      : field_(std::move(field)),
        coded_(field_.type == Type::kByteArray && field_.packing == Packing::kDictionary),
        pages_(pages) {}

  // Of a column of strings with Packing::kDictionary: the number of a value, to be appended afterwards. Which
  // encoding is better is seen best when all values of the group have their number before the first is
  // appended.
  bool coded() const { return coded_; }
  uint32_t Code(std::string_view text) {
    ++coded_values_;
    return texts_.Code(text);
  }
  std::string_view TextOf(uint32_t code) const { return texts_.Text(code); }

  // ---- One of them a row, but for a null or an empty list ----
  void AppendNumber(int64_t number) { numbers_.push_back(number); }
  // `text` must stay valid until Finish.
  void AppendText(std::string_view text) { AppendItem(text); }
  void AppendCode(uint32_t code) { codes_.push_back(code); }
  // A list of so many items, at least one, which follow.
  void BeginList(size_t items) { lists_.push_back(static_cast<uint32_t>(items)); }
  // An item; of a dictionary AppendCode.
  void AppendItem(std::string_view text);

  // Ends the page of these rows, which say with one bit, in the same place of each, whether they have a
  // value.
  void EndPage(std::span<const uint64_t> rows, size_t bit);
  // Appends the pages to `data`, which begins at `file_offset` of the file, and forgets them.
  WrittenColumn Finish(uint64_t file_offset, ByteBuffer& data);
  // XXH64 of every value that is no null, where the field asks for a filter; Finish leaves them.
  const std::vector<uint64_t>& hashes() const { return hashes_; }
  // Forgets everything, also the numbers that Code gave.
  void Clear();

 private:
  enum class Choice : uint8_t { kNotYet, kDictionary, kDelta };

  void EncodeLevels();
  void EncodeListLevels();
  void AddDeltaText(std::string_view text);
  void EncodeNumbers();
  void EncodeBooleans();
  void EncodeDeltaNumbers(ByteBuffer& out);
  // False when delta encoding is better.
  bool EncodeNumberCodes(size_t delta_octets);
  void EncodeTextCodes();
  void EncodeTextsOfCodes();
  void EncodeCodes(uint32_t dictionary_size, ByteBuffer& out);
  PageSize AppendDictionary(ByteBuffer& data);
  // Of pages that have no dictionary.
  Encoding DeltaEncoding() const;

  const Field field_;
  const bool coded_;
  PageWriter& pages_;

  // Of the page that is open:
  std::vector<uint32_t> lists_;   // The items of those that are not empty.
  std::vector<int64_t> numbers_;  // Without nulls.
  std::vector<uint32_t> codes_;   // The same.
  DeltaByteArrayEncoder delta_texts_;
  PageBounds bounds_;

  // Of the chunk:
  std::vector<PageBounds> page_bounds_;
  std::vector<PageLocation> locations_;  // As if the first page began at 0.
  ByteBuffer encoded_;                   // The data pages.
  ColumnMetadata metadata_;
  Choice choice_ = Choice::kNotYet;  // kDictionary can become kDelta.
  bool dictionary_used_ = false;     // By a page at least.
  bool delta_used_ = false;
  int64_t rows_ = 0;  // Of the pages that ended.
  TextDictionary texts_;
  uint64_t coded_values_ = 0;  // Calls of Code.
  NumberDictionary number_codes_;
  std::vector<uint64_t> hashes_;

  // Scratch:
  DataPage page_;
  ByteBuffer octets_;
  std::vector<int32_t> numbers32_;
  std::vector<uint8_t> flags_;
  std::vector<uint8_t> present_;  // Of each row.
  std::vector<uint8_t> repetition_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_COLUMN_WRITER_H_
