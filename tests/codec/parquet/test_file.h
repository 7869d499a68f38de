// Parquet files put together octet by octet, right or wrong.
#ifndef TESTS_CODEC_PARQUET_TEST_FILE_H_
#define TESTS_CODEC_PARQUET_TEST_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/parquet/metadata.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {

// A page with its header. `body` is what is in the file, `uncompressed` its length before it was compressed.
struct PageOctets {
  std::string body = {};
  std::optional<int64_t> uncompressed = std::nullopt;
  std::optional<int64_t> compressed = std::nullopt;  // Told instead of the body's length.
  std::optional<uint32_t> crc = std::nullopt;
};
std::string DictionaryPage(int64_t values, const PageOctets& page, Encoding encoding = Encoding::kPlain);
struct LevelEncodings {
  Encoding definition = Encoding::kRle;
  Encoding repetition = Encoding::kRle;
};
std::string DataPage(int64_t values, Encoding encoding, const PageOctets& page, LevelEncodings levels = {});
struct LevelOctets {
  std::string repetition = {};
  std::string definition = {};
  int64_t nulls = 0;
  std::optional<int64_t> rows = std::nullopt;  // As many as values.
};
// `page.body` is what follows the levels.
std::string DataPageV2(int64_t values, Encoding encoding, const LevelOctets& levels, const PageOctets& page,
                       bool compressed = false);

// Behind its length, as levels of data pages of version 1 are.
std::string Prefixed(const std::string& runs);

// A schema element; `type` is nothing for a group with `children`.
struct ElementOctets {
  std::string name = {};
  std::optional<PhysicalType> type = std::nullopt;
  Repetition repetition = Repetition::kRequired;
  int children = 0;
  std::optional<int> converted = std::nullopt;
};
ThriftOctets Element(const ElementOctets& element);

// One column of a row group.
struct ChunkOctets {
  PhysicalType type = PhysicalType::kInt32;
  std::string pages = {};
  int64_t values = 0;
  Codec codec = Codec::kUncompressed;
  std::optional<int64_t> dictionary_octets =
      std::nullopt;         // The first pages' length, where a dictionary is told of.
  int64_t more_octets = 0;  // Told beyond the pages' length.
};

class FileOctets {
 public:
  // Top-level elements and those below them, depth first; `columns` is the number of the former.
  FileOctets(int columns, const std::vector<ElementOctets>& elements);

  FileOctets& RowGroup(int64_t rows, const std::vector<ChunkOctets>& chunks);
  // `rows`: told instead of the sum of the row groups.
  std::vector<uint8_t> Whole(std::optional<int64_t> rows = std::nullopt) const;

 private:
  std::vector<ThriftOctets> schema_;
  std::string data_ = "PAR1";
  std::vector<ThriftOctets> row_groups_;
  int64_t rows_ = 0;
};

// A file of one column named "n" of required INT32, with these pages.
std::vector<uint8_t> Int32File(int64_t rows, const std::string& pages, Codec codec = Codec::kUncompressed);

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_TEST_FILE_H_
