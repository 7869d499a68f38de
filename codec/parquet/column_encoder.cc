#include "codec/parquet/column_encoder.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "codec/parquet/delta_binary_encoder.h"
#include "codec/parquet/metadata_writer.h"
#include "codec/parquet/rle_encoder.h"

namespace codec::parquet {
namespace {

// A dictionary whose values occur less often, on average, is larger than what it saves.
constexpr size_t kFewestUses = 4;

bool PaysOff(const ColumnBuffer& column) {
  return column.coded() && column.values() > 0 &&
         column.values() >= kFewestUses * size_t{column.dictionary().size()};
}

Encoding EncodingOf(Type type, bool dictionary) {
  switch (type) {
    case Type::kBoolean:
      return Encoding::kRle;
    case Type::kInt32:
    case Type::kInt64:
      return Encoding::kDeltaBinaryPacked;
    case Type::kByteArray:
      return dictionary ? Encoding::kRleDictionary : Encoding::kDeltaByteArray;
  }
  return Encoding::kPlain;
}

}  // namespace

EncodedColumn ColumnEncoder::Encode(const Field& field, const ColumnBuffer& column, Rows order,
                                    uint64_t file_offset, ByteBuffer& data) {
  EncodedColumn out;
  ColumnMetadata& metadata = out.metadata;
  metadata.type = PhysicalTypeOf(field.type);
  metadata.path = PathOf(field);
  metadata.codec = Codec::kZstd;
  use_dictionary_ = PaysOff(column);
  page_.encoding = EncodingOf(field.type, use_dictionary_);
  if (use_dictionary_) {
    metadata.encodings.push_back(Encoding::kPlain);
    EncodeDictionary(column.dictionary(), file_offset, data, metadata);
  }
  metadata.encodings.push_back(page_.encoding);
  if (page_.encoding != Encoding::kRle) metadata.encodings.push_back(Encoding::kRle);  // Of levels.
  metadata.data_page_offset = static_cast<int64_t>(file_offset + data.size());

  std::vector<PageBounds> pages;
  PageBounds chunk;
  for (size_t row = 0; row < order.size(); row += page_rows_) {
    PageBounds& bounds = pages.emplace_back();
    EncodePage(field, column, order.subspan(row, std::min(page_rows_, order.size() - row)), bounds);
    chunk.Add(bounds);
    metadata.values += page_.levels;
    const uint64_t offset = file_offset + data.size();
    const PageSize size = writer_.Append(page_, data);
    metadata.uncompressed_bytes += size.uncompressed;
    metadata.compressed_bytes += size.in_file;
    out.pages.push_back({.offset = static_cast<int64_t>(offset),
                         .compressed_size = static_cast<int32_t>(size.in_file),
                         .first_row = static_cast<int64_t>(row)});
  }
  metadata.statistics = ToStatistics(chunk, field.type);
  out.index = ToColumnIndex(pages, field.type);
  return out;
}

void ColumnEncoder::EncodeDictionary(const TextDictionary& dictionary, uint64_t file_offset, ByteBuffer& data,
                                     ColumnMetadata& metadata) {
  ByteBuffer plain;
  for (uint32_t code = 0; code < dictionary.size(); ++code) {
    const std::string_view text = dictionary.Text(code);
    plain.AppendU32(static_cast<uint32_t>(text.size()));
    plain.Append(text);
  }
  metadata.dictionary_page_offset = static_cast<int64_t>(file_offset + data.size());
  const PageSize size =
      writer_.AppendDictionary(static_cast<int32_t>(dictionary.size()), plain.bytes(), data);
  metadata.uncompressed_bytes += size.uncompressed;
  metadata.compressed_bytes += size.in_file;
}

void ColumnEncoder::EncodePage(const Field& field, const ColumnBuffer& column, Rows rows,
                               PageBounds& bounds) {
  page_.Clear();
  page_.rows = static_cast<int32_t>(rows.size());
  if (field.shape == Shape::kList) {
    EncodeListLevels(column, rows);
  } else {
    EncodeNulls(column, rows);
    if (field.shape == Shape::kRequired) page_.definition.Clear();
  }
  bounds.nulls = page_.nulls;
  if (field.type != Type::kByteArray) {
    EncodeNumbers(column, field.type, bounds.numbers);
  } else if (use_dictionary_) {
    EncodeCodes(column, bounds.texts);
  } else {
    EncodeTexts(column, bounds.texts);
  }
}

void ColumnEncoder::EncodeListLevels(const ColumnBuffer& column, Rows rows) {
  defined_.clear();
  definition_.clear();
  repetition_.clear();
  for (const uint32_t row : rows) {
    const size_t begin = column.Begin(row);
    const size_t end = column.End(row);
    repetition_.push_back(0);
    definition_.push_back(begin != end);
    for (size_t item = begin; item < end; ++item) {
      defined_.push_back(static_cast<uint32_t>(item));
      if (item == begin) continue;
      repetition_.push_back(1);
      definition_.push_back(1);
    }
  }
  page_.levels = static_cast<int32_t>(definition_.size());
  page_.nulls = page_.levels - static_cast<int32_t>(defined_.size());
  EncodeRleBits(repetition_, page_.repetition);
  EncodeRleBits(definition_, page_.definition);
}

void ColumnEncoder::EncodeNulls(const ColumnBuffer& column, Rows rows) {
  page_.levels = page_.rows;
  if (column.nulls() == 0) {
    defined_.assign(rows.begin(), rows.end());
    page_.nulls = 0;
    EncodeRun(rows.size(), 1, 1, page_.definition);
    return;
  }
  defined_.clear();
  definition_.clear();
  if (column.nulls() == column.rows()) {
    page_.nulls = page_.rows;
    EncodeRun(rows.size(), 0, 1, page_.definition);
    return;
  }
  for (const uint32_t row : rows) {
    const bool null = column.IsNull(row);
    definition_.push_back(!null);
    if (!null) defined_.push_back(row);
  }
  page_.nulls = page_.levels - static_cast<int32_t>(defined_.size());
  EncodeRleBits(definition_, page_.definition);
}

void ColumnEncoder::EncodeNumbers(const ColumnBuffer& column, Type type, Bounds<int64_t>& bounds) {
  numbers64_.clear();
  for (const uint32_t row : defined_) numbers64_.push_back(column.Number(row));
  if (!numbers64_.empty()) {
    const auto [lowest, highest] = std::ranges::minmax(numbers64_);
    bounds.Add(lowest);
    bounds.Add(highest);
  }
  if (type == Type::kInt64) {
    EncodeDeltaBinary(numbers64_, page_.values);
  } else if (type == Type::kInt32) {
    numbers32_.clear();
    for (const int64_t number : numbers64_) numbers32_.push_back(static_cast<int32_t>(number));
    EncodeDeltaBinary(numbers32_, page_.values);
  } else {
    assert(type == Type::kBoolean);
    definition_.clear();
    for (const int64_t number : numbers64_) definition_.push_back(number != 0);
    ByteBuffer bits;
    EncodeRleBits(definition_, bits);
    page_.values.AppendU32(static_cast<uint32_t>(bits.size()));
    page_.values.Append(bits.bytes());
  }
}

void ColumnEncoder::EncodeTexts(const ColumnBuffer& column, Bounds<std::string_view>& bounds) {
  for (const uint32_t index : defined_) {
    const std::string_view text = column.Text(index);
    bounds.Add(text, texts_.Add(text));
  }
  texts_.Finish(page_.values);
}

void ColumnEncoder::EncodeCodes(const ColumnBuffer& column, Bounds<std::string_view>& bounds) {
  const TextDictionary& dictionary = column.dictionary();
  codes_.clear();
  used_.assign(dictionary.size(), 0);
  for (const uint32_t index : defined_) {
    const uint32_t code = column.Code(index);
    codes_.push_back(code);
    used_[code] = 1;
  }
  for (uint32_t code = 0; code < dictionary.size(); ++code) {
    if (used_[code] != 0) bounds.Add(dictionary.Text(code));
  }
  const int width = std::bit_width(dictionary.size() - 1);
  page_.values.AppendByte(static_cast<uint8_t>(width));
  EncodeRle(codes_, width, page_.values);
}

}  // namespace codec::parquet
