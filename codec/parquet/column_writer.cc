#include "codec/parquet/column_writer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <span>
#include <utility>

#include "codec/parquet/bloom_filter.h"
#include "codec/parquet/delta_binary_encoder.h"
#include "codec/parquet/metadata_writer.h"
#include "codec/parquet/rle_encoder.h"

namespace codec::parquet {
namespace {

// A dictionary whose strings occur less often, on average, is larger than what it saves.
constexpr uint64_t kFewestUses = 4;

int WidthOf(uint32_t dictionary_size) {
  return dictionary_size == 0 ? 0 : std::bit_width(dictionary_size - 1);
}

template <typename Number>
void AppendPlain(std::span<const Number> numbers, ByteBuffer& out) {
  static_assert(std::endian::native == std::endian::little, "numbers are stored as they are");
  out.Append(std::span(reinterpret_cast<const uint8_t*>(numbers.data()), numbers.size_bytes()));
}

}  // namespace

void ColumnWriter::AddPage(const PageValues& values) {
  page_.Clear();
  page_.rows = static_cast<int32_t>(values.rows);
  page_.encoding = OwnEncoding();
  page_bounds_.emplace_back();
  if (field_.shape == Shape::kList) {
    EncodeListLevels(values);
  } else {
    EncodeLevels(values);
  }
  page_bounds_.back().nulls = page_.nulls;
  EncodeValues(values);
  (page_.encoding == Encoding::kRleDictionary ? dictionary_used_ : own_used_) = true;

  const size_t offset = encoded_.size();
  const PageSize size = pages_.Append(page_, encoded_);
  metadata_.values += page_.levels;
  metadata_.uncompressed_bytes += size.uncompressed;
  locations_.push_back({.offset = static_cast<int64_t>(offset),
                        .compressed_size = static_cast<int32_t>(size.in_file),
                        .first_row = rows_});
  rows_ += page_.rows;
}

void ColumnWriter::EncodeLevels(const PageValues& values) {
  const size_t present = values.codes.size() + values.numbers.size() + values.texts.size();
  page_.levels = page_.rows;
  page_.nulls = page_.rows - static_cast<int32_t>(present);
  if (field_.shape == Shape::kRequired) return;
  if (present == 0 || present == values.rows) {
    EncodeRun(values.rows, present == 0 ? 0 : 1, 1, page_.definition);
  } else {
    EncodeRleBits(values.present, page_.definition);
  }
}

void ColumnWriter::EncodeListLevels(const PageValues& values) {
  const size_t items = values.codes.size() + values.texts.size();
  const size_t empty = values.rows - values.items.size();
  page_.levels = static_cast<int32_t>(items + empty);
  page_.nulls = static_cast<int32_t>(empty);
  if (items != values.items.size()) return EncodeLevelsOfItems(values);
  EncodeRun(values.rows, 0, 1, page_.repetition);
  if (items == 0 || empty == 0) {
    EncodeRun(values.rows, items == 0 ? 0 : 1, 1, page_.definition);
  } else {
    EncodeRleBits(values.present, page_.definition);
  }
}

void ColumnWriter::EncodeLevelsOfItems(const PageValues& values) {
  const auto levels = static_cast<size_t>(page_.levels);
  flags_.assign(levels, 1);
  repetition_.assign(levels, 1);
  size_t level = 0;
  auto list = values.items.begin();
  for (size_t row = 0; row < values.rows; ++row) {
    const bool present = values.present.empty() || values.present[row] != 0;
    repetition_[level] = 0;
    flags_[level] = present ? 1 : 0;
    level += present ? *list++ : 1;
  }
  assert(level == levels && list == values.items.end());
  EncodeRleBits(repetition_, page_.repetition);
  EncodeRleBits(flags_, page_.definition);
}

void ColumnWriter::EncodeValues(const PageValues& values) {
  if (field_.type == Type::kBoolean) {
    EncodeBooleans(values.numbers);
  } else if (field_.type == Type::kByteArray) {
    if (values.codes.empty()) {
      EncodeTexts(values.texts);
    } else {
      EncodeTextCodes(values.codes);
    }
  } else if (values.codes.empty()) {
    EncodeNumbers(values.numbers);
  } else {
    EncodeNumberCodes(values.codes);
  }
}

void ColumnWriter::EncodeBooleans(std::span<const int64_t> numbers) {
  AddNumberBounds(numbers);
  flags_.resize(numbers.size());
  std::ranges::transform(numbers, flags_.begin(),
                         [](int64_t number) { return static_cast<uint8_t>(number != 0 ? 1 : 0); });
  octets_.Clear();
  EncodeRleBits(flags_, octets_);
  page_.values.AppendU32(static_cast<uint32_t>(octets_.size()));
  page_.values.Append(octets_.bytes());
}

// Where all are null the values are still there as their encoding writes none of them: readers look.
void ColumnWriter::EncodeNumbers(std::span<const int64_t> numbers) {
  AddNumberBounds(numbers);
  EncodeOwnNumbers(numbers, page_.values);
}

void ColumnWriter::AddNumberBounds(std::span<const int64_t> numbers) {
  if (numbers.empty()) return;
  const auto [lowest, highest] = std::ranges::minmax(numbers);
  page_bounds_.back().numbers.Add(lowest);
  page_bounds_.back().numbers.Add(highest);
}

void ColumnWriter::EncodeOwnNumbers(std::span<const int64_t> numbers, ByteBuffer& out) {
  const bool plain = field_.packing == Packing::kPlain;
  if (field_.type == Type::kInt64) return plain ? AppendPlain(numbers, out) : EncodeDeltaBinary(numbers, out);
  numbers32_.resize(numbers.size());
  std::ranges::transform(numbers, numbers32_.begin(),
                         [](int64_t number) { return static_cast<int32_t>(number); });
  const std::span<const int32_t> narrow(numbers32_);
  return plain ? AppendPlain(narrow, out) : EncodeDeltaBinary(narrow, out);
}

void ColumnWriter::EncodeNumberCodes(std::span<const uint32_t> codes) {
  numbers64_.resize(codes.size());
  std::ranges::transform(codes, numbers64_.begin(), [this](uint32_t code) { return NumberOf(code); });
  if (choice_ == Choice::kNotYet) choice_ = ChooseForNumbers(codes);
  if (choice_ == Choice::kOwn) return EncodeNumbers(numbers64_);
  AddNumberBounds(numbers64_);
  EncodeCodes(codes, page_.values);
  page_.encoding = Encoding::kRleDictionary;
}

ColumnWriter::Choice ColumnWriter::ChooseForNumbers(std::span<const uint32_t> codes) {
  if (numbers_.size() == 1) return Choice::kDictionary;
  octets_.Clear();
  EncodeOwnNumbers(numbers64_, octets_);
  const size_t delta = octets_.size();
  octets_.Clear();
  EncodeCodes(codes, octets_);
  const size_t value = field_.type == Type::kInt64 ? sizeof(int64_t) : sizeof(int32_t);
  const size_t share_of_dictionary = numbers_.size() * value * codes.size() / coded_values_;
  return octets_.size() + share_of_dictionary < delta ? Choice::kDictionary : Choice::kOwn;
}

void ColumnWriter::EncodeTexts(std::span<const std::string_view> texts) {
  constexpr size_t kAhead = 8;  // They lie anywhere in memory.
  TextBounds& bounds = page_bounds_.back().texts;
  for (size_t i = 0; i < texts.size(); ++i) {
    __builtin_prefetch(texts[std::min(i + kAhead, texts.size() - 1)].data());
    const DeltaByteArrayEncoder::Step step = delta_texts_.Add(texts[i]);
    bounds.Add(texts[i], step.prefix, step.order);
  }
  delta_texts_.Finish(page_.values);
  if (field_.bloom_filter) {
    for (const std::string_view text : texts) hashes_.push_back(BloomFilter::Hash(text));
  }
}

void ColumnWriter::EncodeTextCodes(std::span<const uint32_t> codes) {
  if (choice_ == Choice::kNotYet) {
    const bool pays_off = coded_values_ >= kFewestUses * texts_.size();
    choice_ = pays_off ? Choice::kDictionary : Choice::kOwn;
  }
  if (choice_ == Choice::kOwn) {
    decoded_.resize(codes.size());
    std::ranges::transform(codes, decoded_.begin(), [this](uint32_t code) { return TextOf(code); });
    return EncodeTexts(decoded_);
  }
  flags_.assign(texts_.size(), 0);
  for (const uint32_t code : codes) flags_[code] = 1;
  for (uint32_t code = 0; code < texts_.size(); ++code) {
    if (flags_[code] == 0) continue;
    page_bounds_.back().texts.Add(texts_.Text(code));
    if (field_.bloom_filter) hashes_.push_back(BloomFilter::Hash(texts_.Text(code)));
  }
  EncodeCodes(codes, page_.values);
  page_.encoding = Encoding::kRleDictionary;
}

void ColumnWriter::EncodeCodes(std::span<const uint32_t> codes, ByteBuffer& out) {
  const int width = WidthOf(this->codes());
  out.AppendByte(static_cast<uint8_t>(width));
  if (width == 0) {
    EncodeRun(codes.size(), 0, width, out);
  } else {
    EncodeRle(codes, width, out);
  }
}

PageSize ColumnWriter::AppendDictionary(ByteBuffer& data) {
  octets_.Clear();
  if (field_.type == Type::kByteArray) {
    for (uint32_t code = 0; code < texts_.size(); ++code) {
      const std::string_view text = texts_.Text(code);
      octets_.AppendU32(static_cast<uint32_t>(text.size()));
      octets_.Append(text);
    }
    return pages_.AppendDictionary(static_cast<int32_t>(texts_.size()), octets_.bytes(), data);
  }
  if (field_.type == Type::kInt64) {
    AppendPlain(numbers_.numbers(), octets_);
  } else {
    for (const int64_t number : numbers_.numbers()) octets_.AppendU32(static_cast<uint32_t>(number));
  }
  return pages_.AppendDictionary(static_cast<int32_t>(numbers_.size()), octets_.bytes(), data);
}

WrittenColumn ColumnWriter::Finish(uint64_t file_offset, ByteBuffer& data) {
  WrittenColumn out;
  out.metadata = std::exchange(metadata_, {});
  out.pages = std::exchange(locations_, {});
  ColumnMetadata& metadata = out.metadata;
  metadata.type = PhysicalTypeOf(field_.type);
  metadata.path = PathOf(field_);
  metadata.codec = Codec::kZstd;
  if (dictionary_used_) {
    metadata.encodings = {Encoding::kPlain, Encoding::kRleDictionary};
    metadata.dictionary_page_offset = static_cast<int64_t>(file_offset + data.size());
    const PageSize size = AppendDictionary(data);
    metadata.uncompressed_bytes += size.uncompressed;
    metadata.compressed_bytes += size.in_file;
  }
  if (own_used_) metadata.encodings.push_back(OwnEncoding());
  if (field_.type != Type::kBoolean) metadata.encodings.push_back(Encoding::kRle);  // Of levels.
  metadata.data_page_offset = static_cast<int64_t>(file_offset + data.size());
  for (PageLocation& page : out.pages) page.offset += metadata.data_page_offset;
  metadata.compressed_bytes += static_cast<int64_t>(encoded_.size());
  data.Append(encoded_.bytes());
  encoded_.Clear();

  PageBounds chunk;
  for (const PageBounds& page : page_bounds_) chunk.Add(page);
  metadata.statistics = ToStatistics(chunk, field_.type);
  out.index = ToColumnIndex(page_bounds_, field_.type);
  page_bounds_.clear();
  choice_ = Choice::kNotYet;
  dictionary_used_ = own_used_ = false;
  rows_ = 0;
  return out;
}

Encoding ColumnWriter::OwnEncoding() const {
  switch (field_.type) {
    case Type::kBoolean:
      return Encoding::kRle;
    case Type::kInt32:
    case Type::kInt64:
      return field_.packing == Packing::kPlain ? Encoding::kPlain : Encoding::kDeltaBinaryPacked;
    case Type::kByteArray:
      return Encoding::kDeltaByteArray;
  }
  return Encoding::kPlain;
}

void ColumnWriter::Clear() {
  texts_.Clear();
  numbers_.Clear();
  coded_values_ = 0;
  hashes_.clear();
}

}  // namespace codec::parquet
