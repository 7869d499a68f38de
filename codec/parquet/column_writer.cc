#include "codec/parquet/column_writer.h"

#include <algorithm>
#include <bit>
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
// In how many pages of a chunk a number of its dictionary occurs, more or less.
constexpr size_t kPagesOfEntry = 4;
// More different numbers in a chunk than this take longer to look up than their page is worth.
constexpr uint32_t kMostNumbers = 1 << 15;

int WidthOf(uint32_t dictionary_size) {
  return dictionary_size == 0 ? 0 : std::bit_width(dictionary_size - 1);
}

}  // namespace

void ColumnWriter::AppendItem(std::string_view text) {
  if (coded_) {
    codes_.push_back(Code(text));
  } else {
    AddDeltaText(text);
  }
  if (field_.bloom_filter) hashes_.push_back(BloomFilter::Hash(text));
}

void ColumnWriter::AddDeltaText(std::string_view text) {
  const DeltaByteArrayEncoder::Step step = delta_texts_.Add(text);
  bounds_.texts.Add(text, step.prefix, step.order);
}

void ColumnWriter::EndPage(std::span<const uint64_t> rows, size_t bit) {
  page_.Clear();
  page_.rows = static_cast<int32_t>(rows.size());
  present_.resize(rows.size());
  std::ranges::transform(rows, present_.begin(),
                         [bit](uint64_t row) { return static_cast<uint8_t>(row >> bit & 1); });
  if (field_.shape == Shape::kList) {
    EncodeListLevels();
  } else {
    EncodeLevels();
  }
  bounds_.nulls = page_.nulls;
  if (field_.type == Type::kBoolean) {
    EncodeBooleans();
  } else if (field_.type != Type::kByteArray) {
    EncodeNumbers();
  } else if (coded_) {
    EncodeTextCodes();
  } else {
    page_.encoding = Encoding::kDeltaByteArray;
    delta_texts_.Finish(page_.values);
  }
  (page_.encoding == Encoding::kRleDictionary ? dictionary_used_ : delta_used_) = true;
  numbers_.clear();
  codes_.clear();
  page_bounds_.push_back(std::exchange(bounds_, {}));

  const size_t offset = encoded_.size();
  const PageSize size = pages_.Append(page_, encoded_);
  metadata_.values += page_.levels;
  metadata_.uncompressed_bytes += size.uncompressed;
  locations_.push_back({.offset = static_cast<int64_t>(offset),
                        .compressed_size = static_cast<int32_t>(size.in_file),
                        .first_row = rows_});
  rows_ += page_.rows;
}

void ColumnWriter::EncodeLevels() {
  page_.levels = page_.rows;
  page_.nulls = page_.rows - static_cast<int32_t>(std::ranges::count(present_, 1));
  if (field_.shape == Shape::kOptional) EncodeRleBits(present_, page_.definition);
}

void ColumnWriter::EncodeListLevels() {
  flags_.clear();
  repetition_.clear();
  auto list = lists_.begin();
  for (const uint8_t present : present_) {
    flags_.push_back(present);
    repetition_.push_back(0);
    if (present == 0) continue;
    const uint32_t items = *list++;
    flags_.insert(flags_.end(), items - 1, 1);
    repetition_.insert(repetition_.end(), items - 1, 1);
  }
  assert(list == lists_.end());
  lists_.clear();
  page_.levels = static_cast<int32_t>(flags_.size());
  page_.nulls = static_cast<int32_t>(std::ranges::count(flags_, 0));
  EncodeRleBits(repetition_, page_.repetition);
  EncodeRleBits(flags_, page_.definition);
}

void ColumnWriter::EncodeBooleans() {
  page_.encoding = Encoding::kRle;
  flags_.clear();
  for (const int64_t number : numbers_) {
    flags_.push_back(number != 0);
    bounds_.numbers.Add(number);
  }
  octets_.Clear();
  EncodeRleBits(flags_, octets_);
  page_.values.AppendU32(static_cast<uint32_t>(octets_.size()));
  page_.values.Append(octets_.bytes());
}

// Where all are null the values are still there as their encoding writes none of them: readers look.
void ColumnWriter::EncodeNumbers() {
  if (!numbers_.empty()) {
    const auto [lowest, highest] = std::ranges::minmax(numbers_);
    bounds_.numbers.Add(lowest);
    bounds_.numbers.Add(highest);
  }
  EncodeDeltaNumbers(page_.values);
  page_.encoding = Encoding::kDeltaBinaryPacked;
  if (field_.packing != Packing::kDictionary || choice_ == Choice::kDelta || numbers_.empty()) return;
  if (EncodeNumberCodes(page_.values.size())) {
    choice_ = Choice::kDictionary;
    page_.encoding = Encoding::kRleDictionary;
    std::swap(page_.values, octets_);
  } else {
    choice_ = Choice::kDelta;
  }
}

void ColumnWriter::EncodeDeltaNumbers(ByteBuffer& out) {
  if (field_.type == Type::kInt64) return EncodeDeltaBinary(numbers_, out);
  numbers32_.clear();
  for (const int64_t number : numbers_) numbers32_.push_back(static_cast<int32_t>(number));
  EncodeDeltaBinary(numbers32_, out);
}

bool ColumnWriter::EncodeNumberCodes(size_t delta_octets) {
  const size_t value_octets = field_.type == Type::kInt64 ? sizeof(int64_t) : sizeof(int32_t);
  const uint32_t known = number_codes_.size();
  const uint32_t most =
      std::min(kMostNumbers, known + static_cast<uint32_t>(kPagesOfEntry * delta_octets / value_octets));
  codes_.clear();
  for (const int64_t number : numbers_) {
    codes_.push_back(number_codes_.Code(number));
    if (number_codes_.size() > most) return false;
  }
  octets_.Clear();
  EncodeCodes(number_codes_.size(), octets_);
  return octets_.size() + (number_codes_.size() - known) * value_octets / kPagesOfEntry < delta_octets;
}

void ColumnWriter::EncodeTextCodes() {
  const bool pays_off = coded_values_ >= kFewestUses * texts_.size();
  if (choice_ != Choice::kDelta) choice_ = pays_off ? Choice::kDictionary : Choice::kDelta;
  if (choice_ == Choice::kDelta) return EncodeTextsOfCodes();
  flags_.assign(texts_.size(), 0);
  for (const uint32_t code : codes_) flags_[code] = 1;
  for (uint32_t code = 0; code < texts_.size(); ++code) {
    if (flags_[code] != 0) bounds_.texts.Add(texts_.Text(code));
  }
  page_.encoding = Encoding::kRleDictionary;
  EncodeCodes(texts_.size(), page_.values);
}

void ColumnWriter::EncodeTextsOfCodes() {
  for (const uint32_t code : codes_) {
    const std::string_view text = texts_.Text(code);
    AddDeltaText(text);
  }
  page_.encoding = Encoding::kDeltaByteArray;
  delta_texts_.Finish(page_.values);
}

void ColumnWriter::EncodeCodes(uint32_t dictionary_size, ByteBuffer& out) {
  const int width = WidthOf(dictionary_size);
  out.AppendByte(static_cast<uint8_t>(width));
  EncodeRle(codes_, width, out);
}

PageSize ColumnWriter::AppendDictionary(ByteBuffer& data) {
  octets_.Clear();
  if (coded_) {
    for (uint32_t code = 0; code < texts_.size(); ++code) {
      const std::string_view text = texts_.Text(code);
      octets_.AppendU32(static_cast<uint32_t>(text.size()));
      octets_.Append(text);
    }
    return pages_.AppendDictionary(static_cast<int32_t>(texts_.size()), octets_.bytes(), data);
  }
  for (const int64_t number : number_codes_.numbers()) {
    octets_.AppendU32(static_cast<uint32_t>(number));
    if (field_.type == Type::kInt64) octets_.AppendU32(static_cast<uint32_t>(number >> 32));
  }
  return pages_.AppendDictionary(static_cast<int32_t>(number_codes_.size()), octets_.bytes(), data);
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
  if (delta_used_) metadata.encodings.push_back(DeltaEncoding());
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
  number_codes_.Clear();
  choice_ = Choice::kNotYet;
  dictionary_used_ = delta_used_ = false;
  rows_ = 0;
  return out;
}

Encoding ColumnWriter::DeltaEncoding() const {
  switch (field_.type) {
    case Type::kBoolean:
      return Encoding::kRle;
    case Type::kInt32:
    case Type::kInt64:
      return Encoding::kDeltaBinaryPacked;
    case Type::kByteArray:
      return Encoding::kDeltaByteArray;
  }
  return Encoding::kPlain;
}

void ColumnWriter::Clear() {
  texts_.Clear();
  coded_values_ = 0;
  hashes_.clear();
}

}  // namespace codec::parquet
