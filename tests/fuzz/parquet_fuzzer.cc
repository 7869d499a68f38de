// Feeds arbitrary octets to the reader of Parquet files and to each decoder, and checks what must hold of the
// outcome.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "codec/parquet/byte_source.h"
#include "codec/parquet/file_reader.h"
#include "codec/parquet/number_decoder.h"
#include "codec/parquet/text_decoder.h"

namespace codec::parquet {
namespace {

// A few octets can stand for any number of rows.
constexpr uint64_t kMaxRows = 2000;

void Require(bool holds, const char* what) {
  if (holds) return;
  static_cast<void>(std::fprintf(stderr, "does not hold: %s\n", what));
  std::abort();
}

class Source : public ByteSource {
 public:
  explicit Source(std::span<const uint8_t> octets) : octets_(octets) {}

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return octets_.size(); }
  absl::Status ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    Require(offset <= octets_.size() && out.size() <= octets_.size() - offset, "reads stay in the file");
    std::copy_n(octets_.begin() + static_cast<ptrdiff_t>(offset), out.size(), out.begin());
    return absl::OkStatus();
  }

 private:
  std::string name_ = "fuzz.parquet";
  std::span<const uint8_t> octets_;
};

void CheckError(const absl::Status& status) {
  Require(absl::StartsWith(status.message(), "fuzz.parquet: octet "),
          "an error names the file and the octet");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  Require(std::none_of(status.message().begin(), status.message().end(), is_control), "an error is one line");
}

// Every octet of a value counts, so that a sanitizer sees where it is.
uint64_t Touch(std::string_view text) {
  return std::accumulate(text.begin(), text.end(), uint64_t{0},
                         [](uint64_t sum, char c) { return sum * 31 + static_cast<unsigned char>(c); });
}
// Where sums go that nothing is compared with, so that they are made.
volatile uint64_t unused_sum = 0;

uint64_t ReadValue(const FileReader& reader, size_t column) {
  const Field& field = reader.schema()[column];
  if (field.shape == Shape::kList) {
    uint64_t sum = 0;
    for (const std::string_view item : reader.Items(column)) sum += Touch(item);
    return sum;
  }
  if (reader.IsNull(column)) {
    Require(field.shape == Shape::kOptional, "only optional values are null");
    return 0;
  }
  if (field.type == Type::kByteArray) return Touch(reader.Text(column));
  const int64_t number = reader.Number(column);
  Require(field.type != Type::kBoolean || number == 0 || number == 1, "a boolean is 0 or 1");
  Require(field.type != Type::kInt32 || (number >= INT32_MIN && number <= INT32_MAX), "32 bits are 32 bits");
  return static_cast<uint64_t>(number);
}

// What was read of the first rows, of the chosen columns.
std::pair<uint64_t, uint64_t> ReadRows(FileReader& reader, std::span<const size_t> columns) {
  uint64_t rows = 0;
  uint64_t sum = 0;
  for (; rows < kMaxRows; ++rows) {
    const absl::StatusOr<bool> moved = reader.Next();
    if (!moved.ok()) {
      CheckError(moved.status());
      break;
    }
    if (!*moved) {
      Require(rows == reader.rows(), "a file has the rows that it says");
      break;
    }
    for (const size_t column : columns) sum = sum * 31 + ReadValue(reader, column);
  }
  return {rows, sum};
}

void CheckFile(std::span<const uint8_t> octets) {
  const Source source(octets);
  const absl::StatusOr<std::unique_ptr<FileReader>> reader = FileReader::Open(source);
  if (!reader.ok()) return CheckError(reader.status());
  std::vector<size_t> columns((*reader)->schema().size());
  std::iota(columns.begin(), columns.end(), size_t{0});
  const auto [rows, sum] = ReadRows(**reader, columns);
  // Each column alone comes at least as far, and reads the same a second time.
  for (const size_t column : columns) {
    const std::vector<size_t> alone = {column};
    std::pair<uint64_t, uint64_t> first;
    for (int time = 0; time < 2; ++time) {
      const absl::StatusOr<std::unique_ptr<FileReader>> again = FileReader::Open(source);
      Require(again.ok(), "a file opens as it did");
      (*again)->Select(alone);
      const auto read = ReadRows(**again, alone);
      Require(read.first >= rows, "a column alone is read at least as far");
      Require(time == 0 || read == first, "what is read twice is the same");
      first = read;
    }
  }
}

void CheckNumbers(std::span<const uint8_t> data) {
  const std::vector<int64_t> dictionary = {1, 2, 3};
  for (const PhysicalType type :
       {PhysicalType::kBoolean, PhysicalType::kInt32, PhysicalType::kInt64, PhysicalType::kInt96}) {
    for (const Encoding encoding :
         {Encoding::kPlain, Encoding::kRle, Encoding::kDeltaBinaryPacked, Encoding::kRleDictionary}) {
      absl::StatusOr<NumberDecoder> decoder = NumberDecoder::Open(data, type, encoding, dictionary);
      std::vector<int64_t> numbers(300);
      for (int i = 0; decoder.ok() && i < 10 && decoder->Decode(numbers).ok(); ++i) {
      }
    }
  }
}

void CheckTexts(std::span<const uint8_t> data) {
  const std::vector<std::string_view> dictionary = {"one", "two", "three"};
  for (const Encoding encoding : {Encoding::kPlain, Encoding::kDeltaLengthByteArray,
                                  Encoding::kDeltaByteArray, Encoding::kRleDictionary}) {
    absl::StatusOr<TextDecoder> decoder = TextDecoder::Open(data, encoding, dictionary);
    std::vector<std::string_view> texts(100);
    for (int i = 0; decoder.ok() && i < 10; ++i) {
      const absl::StatusOr<size_t> decoded = decoder->Decode(texts);
      if (!decoded.ok()) break;
      Require(*decoded > 0 && *decoded <= texts.size(), "there is at least one text");
      for (const std::string_view text : std::span(texts).first(*decoded)) unused_sum = Touch(text);
    }
  }
}

}  // namespace
}  // namespace codec::parquet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace codec::parquet;
  const std::span<const uint8_t> octets(data, size);
  CheckFile(octets);
  CheckNumbers(octets);
  CheckTexts(octets);
  return 0;
}
