#include "codec/parquet/column_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "codec/parquet/bit_unpacker.h"
#include "codec/parquet/encoding_name.h"
#include "codec/parquet/read_error.h"

namespace codec::parquet {
namespace {

// More would need more memory for their places than a page may have.
constexpr size_t kMaxDictionaryValues = size_t{1} << 24;

constexpr unsigned LevelWidth(uint8_t max) { return max < 2 ? max : 2; }

// The runs of the levels of a data page of version 1, which follow their length, are cut off `body`.
absl::StatusOr<RleDecoder> TakeLevels(std::span<const uint8_t>& body, uint8_t max, Encoding encoding) {
  constexpr size_t kLengthOctets = 4;
  if (max == 0) return RleDecoder();
  if (encoding != Encoding::kRle) {
    return absl::UnimplementedError(absl::StrCat("levels in ", EncodingName(encoding), " are not read here"));
  }
  if (body.size() < kLengthOctets || LoadLittleEndian<uint32_t>(body.data()) > body.size() - kLengthOctets) {
    return absl::DataLossError("the levels are longer than their page");
  }
  const size_t length = LoadLittleEndian<uint32_t>(body.data());
  const RleDecoder levels(body.subspan(kLengthOctets, length), LevelWidth(max));
  body = body.subspan(kLengthOctets + length);
  return levels;
}

}  // namespace

ColumnReader::ColumnReader(const ByteSource& source, Decompressor& decompressor, const Leaf& leaf)
    : source_(source), leaf_(leaf), pages_(source, decompressor) {
  if (HoldsText()) {
    texts_.resize(kBatch);
  } else {
    numbers_.resize(kBatch);
  }
}

bool ColumnReader::Fail(const absl::Status& what) {
  const absl::Status named(what.code(),
                           absl::StrCat("column ", ShownName(leaf_.field.name), ": ", what.message()));
  status_ = ErrorAt(source_, page_offset_, named);
  return false;
}

absl::Status ColumnReader::Begin(const ColumnMetadata& chunk) {
  page_left_ = 0;
  data_begun_ = false;
  has_dictionary_ = false;
  level_ = levels_ = present_ = value_ = values_ = 0;
  is_null_ = true;
  items_.Clear();

  // Some writers leave 0 where there is no dictionary.
  int64_t begin = chunk.data_page_offset;
  if (chunk.dictionary_page_offset.value_or(0) > 0) begin = std::min(begin, *chunk.dictionary_page_offset);
  page_offset_ = static_cast<uint64_t>(std::max<int64_t>(begin, 0));
  if (chunk.values < 0 || begin < 0 || chunk.compressed_bytes < 0 || page_offset_ > source_.size() ||
      static_cast<uint64_t>(chunk.compressed_bytes) > source_.size() - page_offset_) {
    Fail(absl::DataLossError("its place, told in the footer, is not in the file"));
    return status_;
  }
  absl::Status codec = Decompressor::Check(chunk.codec);
  if (codec.ok() && chunk.type != leaf_.physical) {
    codec = absl::DataLossError("a row group has another type than the schema");
  }
  if (!codec.ok()) {
    Fail(codec);
    return status_;
  }
  chunk_left_ = static_cast<uint64_t>(chunk.values);
  pages_.Begin(page_offset_, page_offset_ + static_cast<uint64_t>(chunk.compressed_bytes), chunk.codec);
  return absl::OkStatus();
}

absl::Status ColumnReader::CheckEnd() {
  if (!AtEnd()) Fail(absl::DataLossError("holds more rows than its row group"));
  return status_;
}

// ---- Rows ----

bool ColumnReader::NextList() {
  items_.Clear();
  if (level_ == levels_ && !ReadLevels()) return false;
  if (repetition_[level_] != 0) return Fail(absl::DataLossError("an item belongs to no list"));
  is_null_ = false;
  if (definition_[level_] < leaf_.item_definition) {
    ++level_;
    return true;
  }
  do {
    if (!TakeItem()) return false;
    if (AtEnd()) return true;
    if (level_ < levels_) continue;
    // The next page replaces this one.
    if (page_left_ == 0) {
      const absl::Status kept = items_.Keep();
      if (!kept.ok()) return Fail(kept);
    }
    if (!ReadLevels()) return false;
  } while (repetition_[level_] != 0);
  return true;
}

bool ColumnReader::TakeItem() {
  if (definition_[level_++] != leaf_.max_definition) {
    return Fail(absl::DataLossError("an item of a list is null"));
  }
  absl::Status taken;
  if (value_ == values_) {
    taken = items_.Keep();
    if (taken.ok() && !ReadValues()) return false;
  }
  if (taken.ok()) taken = items_.Add(texts_[value_++]);
  return taken.ok() || Fail(taken);
}

// ---- Batches ----

bool ColumnReader::ReadLevels() {
  while (page_left_ == 0) {
    if (chunk_left_ == 0) return Fail(absl::DataLossError("holds fewer rows than its row group"));
    if (!LoadPage()) return false;
  }
  const size_t count = std::min<uint64_t>(kBatch, page_left_);
  page_left_ -= count;
  absl::Status decoded = DecodeLevels(count);
  if (decoded.ok() && page_left_ == 0) decoded = CheckLevels();
  if (decoded.ok()) decoded = CheckValues();
  if (!decoded.ok()) return Fail(decoded);
  level_ = 0;
  levels_ = count;
  return true;
}

absl::Status ColumnReader::DecodeLevels(size_t count) {
  const std::span repetition = std::span(repetition_).first(count);
  const std::span definition = std::span(definition_).first(count);
  absl::Status decoded = repetition_decoder_.Decode(repetition);
  if (decoded.ok()) decoded = definition_decoder_.Decode(definition);
  if (!decoded.ok()) return decoded;
  // Only of the bits for two levels is there a value that means nothing.
  if (leaf_.max_definition == 2 && std::count(definition.begin(), definition.end(), uint8_t{3}) > 0) {
    return absl::DataLossError("a definition level is beyond those that the schema has");
  }
  present_ = static_cast<size_t>(std::count(definition.begin(), definition.end(), leaf_.max_definition));
  page_nulls_ += static_cast<int64_t>(count - present_);
  page_rows_ += leaf_.max_repetition == 0 ? static_cast<int64_t>(count)
                                          : std::count(repetition.begin(), repetition.end(), uint8_t{0});
  return absl::OkStatus();
}

// Behind the last levels of a page: a header has no checksum, but its lengths and numbers must agree with the
// levels.
absl::Status ColumnReader::CheckLevels() {
  absl::Status ended = repetition_decoder_.CheckEnd();
  if (ended.ok()) ended = definition_decoder_.CheckEnd();
  if (!ended.ok() || page_header_.type != PageType::kDataV2) return ended;
  // Some writers count no nulls, or of lists not all of these, or take all levels of lists for rows.
  const bool is_list = leaf_.max_repetition > 0;
  const int32_t nulls = page_header_.nulls;
  if (nulls != 0 && nulls != page_nulls_ && !(is_list && nulls > 0 && nulls < page_nulls_)) {
    return absl::DataLossError("the page header tells another number of nulls than the levels");
  }
  if (page_header_.rows != page_rows_ && !(is_list && page_header_.rows == page_header_.values)) {
    return absl::DataLossError("the page header tells another number of rows than the levels");
  }
  return absl::OkStatus();
}

// Whenever the last value of a page may have been decoded.
absl::Status ColumnReader::CheckValues() {
  if (page_left_ > 0 || present_ > 0) return absl::OkStatus();
  return HoldsText() ? text_decoder_.CheckEnd() : number_decoder_.CheckEnd();
}

bool ColumnReader::ReadValues() {
  absl::Status decoded = DecodeValues(std::min(kBatch, present_));
  if (decoded.ok()) {
    present_ -= values_;
    decoded = CheckValues();
  }
  if (!decoded.ok()) return Fail(decoded);
  value_ = 0;
  return true;
}

// Decodes up to `wanted` values, which is not 0, and at least one.
absl::Status ColumnReader::DecodeValues(size_t wanted) {
  if (HoldsText()) {
    const absl::StatusOr<size_t> decoded = text_decoder_.Decode(std::span(texts_).first(wanted));
    values_ = decoded.ok() ? *decoded : 0;
    return decoded.status();
  }
  const std::span<int64_t> numbers = std::span(numbers_).first(wanted);
  absl::Status decoded = number_decoder_.Decode(numbers);
  if (decoded.ok()) decoded = Convert(numbers);
  values_ = wanted;
  return decoded;
}

absl::Status ColumnReader::Convert(std::span<int64_t> numbers) const {
  switch (leaf_.conversion) {
    case Conversion::kNone:
      break;
    case Conversion::kUnsigned32:
      for (int64_t& number : numbers) number = static_cast<uint32_t>(number);
      break;
    case Conversion::kUnsigned64:
      if (std::any_of(numbers.begin(), numbers.end(), [](int64_t number) { return number < 0; })) {
        return absl::DataLossError("a number of 2^63 or more is not read here");
      }
      break;
    case Conversion::kMilliseconds:
      for (int64_t& number : numbers) {
        if (__builtin_mul_overflow(number, int64_t{1000}, &number)) {
          return absl::DataLossError("a time is too far from 1970");
        }
      }
      break;
    case Conversion::kNanoseconds:
      for (int64_t& number : numbers) number = number / 1000 - (number % 1000 < 0 ? 1 : 0);
      break;
  }
  return absl::OkStatus();
}

// ---- Pages ----

bool ColumnReader::LoadPage() {
  const absl::StatusOr<Page> page = pages_.Next();
  if (!page.ok()) {
    // Names the source and the page already.
    status_ = page.status();
    return false;
  }
  page_offset_ = page->offset;
  const absl::Status opened = OpenPage(*page);
  return opened.ok() || Fail(opened);
}

absl::Status ColumnReader::OpenPage(const Page& page) {
  switch (page.header.type) {
    case PageType::kDictionary:
      return OpenDictionary(page);
    case PageType::kData:
    case PageType::kDataV2:
      return OpenDataPage(page);
    case PageType::kIndex:
      return absl::OkStatus();
  }
  return absl::DataLossError("a page has an unknown type");
}

absl::Status ColumnReader::OpenDictionary(const Page& page) {
  if (has_dictionary_ || data_begun_) return absl::DataLossError("a dictionary is not the first page");
  if (page.header.encoding != Encoding::kPlain && page.header.encoding != Encoding::kPlainDictionary) {
    return UnreadEncoding(page.header.encoding);
  }
  const auto values = static_cast<size_t>(page.header.values);
  // Each takes four octets at the least.
  if (values > page.body.size() / 4 || values > kMaxDictionaryValues ||
      leaf_.physical == PhysicalType::kBoolean) {
    return absl::DataLossError("a dictionary has more values than its page can hold");
  }
  has_dictionary_ = true;
  return DecodeDictionary(page.body, values);
}

absl::Status ColumnReader::DecodeDictionary(std::span<const uint8_t> octets, size_t values) {
  if (!HoldsText()) {
    dictionary_numbers_.resize(values);
    PlainNumberDecoder numbers(octets, leaf_.physical);
    const absl::Status decoded = numbers.Decode(std::span(dictionary_numbers_));
    return decoded.ok() ? numbers.CheckEnd() : decoded;
  }
  dictionary_octets_.Reserve(octets.size(), 0);
  if (!octets.empty()) std::memcpy(dictionary_octets_.data(), octets.data(), octets.size());
  dictionary_texts_.resize(values);
  PlainTextDecoder texts({dictionary_octets_.data(), octets.size()});
  const absl::Status decoded = texts.Decode(std::span(dictionary_texts_));
  return decoded.ok() ? texts.CheckEnd() : decoded;
}

absl::Status ColumnReader::OpenDataPage(const Page& page) {
  const auto values = static_cast<uint64_t>(page.header.values);
  if (values > chunk_left_) return absl::DataLossError("the pages hold more values than the column chunk");
  data_begun_ = true;
  std::span<const uint8_t> body = page.body;
  absl::Status opened = OpenLevels(page, body);
  if (opened.ok()) opened = OpenValues(body, page.header.encoding);
  chunk_left_ -= values;
  page_left_ = values;
  page_header_ = page.header;
  page_nulls_ = 0;
  page_rows_ = 0;
  value_ = 0;
  values_ = 0;
  return opened;
}

// Cuts off `body` the levels that are in it.
absl::Status ColumnReader::OpenLevels(const Page& page, std::span<const uint8_t>& body) {
  if (page.header.type == PageType::kDataV2) {
    repetition_decoder_ = RleDecoder(page.repetition, LevelWidth(leaf_.max_repetition));
    definition_decoder_ = RleDecoder(page.definition, LevelWidth(leaf_.max_definition));
    return absl::OkStatus();
  }
  const absl::StatusOr<RleDecoder> repetition =
      TakeLevels(body, leaf_.max_repetition, page.header.repetition_encoding);
  if (!repetition.ok()) return repetition.status();
  const absl::StatusOr<RleDecoder> definition =
      TakeLevels(body, leaf_.max_definition, page.header.definition_encoding);
  if (!definition.ok()) return definition.status();
  repetition_decoder_ = *repetition;
  definition_decoder_ = *definition;
  return absl::OkStatus();
}

absl::Status ColumnReader::OpenValues(std::span<const uint8_t> body, Encoding encoding) {
  const bool indexes = encoding == Encoding::kPlainDictionary || encoding == Encoding::kRleDictionary;
  if (indexes && !has_dictionary_)
    return absl::DataLossError("there are dictionary indexes, but no dictionary");
  if (HoldsText()) {
    absl::StatusOr<TextDecoder> opened = TextDecoder::Open(body, encoding, dictionary_texts_);
    if (!opened.ok()) return opened.status();
    text_decoder_ = *std::move(opened);
    return absl::OkStatus();
  }
  const absl::StatusOr<NumberDecoder> opened =
      NumberDecoder::Open(body, leaf_.physical, encoding, dictionary_numbers_);
  if (opened.ok()) number_decoder_ = *opened;
  return opened.status();
}

}  // namespace codec::parquet
