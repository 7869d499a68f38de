// Turns the values of a column into the pages of a column chunk.
#ifndef CODEC_PARQUET_COLUMN_WRITER_H_
#define CODEC_PARQUET_COLUMN_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
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

// What the rows of one page have in a column, in order: a value each but for those that are null, or as many
// as the items of its list.
struct PageValues {
  size_t rows = 0;
  // 1 for each row that has a value or an item, else 0. It may be empty where all rows have one, or none.
  std::span<const uint8_t> present = {};
  // Of a column of lists: the items of each list that has any.
  std::span<const uint32_t> items = {};
  // One of them, as the column asks for.
  std::span<const uint32_t> codes = {};
  std::span<const int64_t> numbers = {};
  std::span<const std::string_view> texts = {};  // They must stay valid until Finish.
};

class ColumnWriter {
 public:
  // `pages` serves all columns of a file, and must outlive it.
  ColumnWriter(Field field, PageWriter& pages)
      : field_(std::move(field)),
        coded_(field_.type != Type::kBoolean && field_.packing == Packing::kDictionary),
        pages_(pages) {}

  // Of a column with Packing::kDictionary that is not Boolean: the code of a value, which pages have in its
  // place. All values of a group must have their codes before the first page is added: that shows which
  // encoding is better.
  bool coded() const { return coded_; }
  uint32_t Code(std::string_view text) {
    ++coded_values_;
    return texts_.Code(text);
  }
  uint32_t Code(int64_t number) {
    ++coded_values_;
    return numbers_.Code(number);
  }
  std::string_view TextOf(uint32_t code) const { return texts_.Text(code); }
  int64_t NumberOf(uint32_t code) const { return numbers_.numbers()[code]; }
  // Different values that have a code.
  uint32_t codes() const { return field_.type == Type::kByteArray ? texts_.size() : numbers_.size(); }

  void AddPage(const PageValues& values);
  // Appends the pages to `data`, which begins at `file_offset` of the file, and forgets them.
  WrittenColumn Finish(uint64_t file_offset, ByteBuffer& data);
  // XXH64 of every value, more than once perhaps, where the field asks for a filter; Finish leaves them.
  const std::vector<uint64_t>& hashes() const { return hashes_; }
  // Forgets everything, also the codes.
  void Clear();

 private:
  enum class Choice : uint8_t { kNotYet, kDictionary, kOwn };

  void EncodeLevels(const PageValues& values);
  void EncodeListLevels(const PageValues& values);
  // Where a list has more than one.
  void EncodeLevelsOfItems(const PageValues& values);
  void EncodeValues(const PageValues& values);
  void EncodeBooleans(std::span<const int64_t> numbers);
  void EncodeNumbers(std::span<const int64_t> numbers);
  void AddNumberBounds(std::span<const int64_t> numbers);
  // As OwnEncoding says.
  void EncodeOwnNumbers(std::span<const int64_t> numbers, ByteBuffer& out);
  void EncodeNumberCodes(std::span<const uint32_t> codes);
  // `codes`: of the first page that has any, those of numbers64_.
  Choice ChooseForNumbers(std::span<const uint32_t> codes);
  void EncodeTexts(std::span<const std::string_view> texts);
  void EncodeTextCodes(std::span<const uint32_t> codes);
  void EncodeCodes(std::span<const uint32_t> codes, ByteBuffer& out);
  PageSize AppendDictionary(ByteBuffer& data);
  // Of pages that have no dictionary.
  Encoding OwnEncoding() const;

  const Field field_;
  const bool coded_;
  PageWriter& pages_;

  // Of the chunk:
  std::vector<PageBounds> page_bounds_;
  std::vector<PageLocation> locations_;  // As if the first page began at 0.
  ByteBuffer encoded_;                   // The data pages.
  ColumnMetadata metadata_;
  Choice choice_ = Choice::kNotYet;  // Of a column with codes: made at the first of them.
  bool dictionary_used_ = false;     // By a page at least.
  bool own_used_ = false;
  int64_t rows_ = 0;
  TextDictionary texts_;
  NumberDictionary numbers_;
  uint64_t coded_values_ = 0;  // Calls of Code.
  std::vector<uint64_t> hashes_;

  // Scratch:
  DataPage page_;
  ByteBuffer octets_;
  DeltaByteArrayEncoder delta_texts_;
  std::vector<std::string_view> decoded_;
  std::vector<int64_t> numbers64_;
  std::vector<int32_t> numbers32_;
  std::vector<uint8_t> flags_;
  std::vector<uint8_t> repetition_;
};

}  // namespace codec::parquet

#endif  // CODEC_PARQUET_COLUMN_WRITER_H_
