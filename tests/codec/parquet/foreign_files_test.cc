// Files that others wrote, by data/make.mjs.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "codec/parquet/file_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/memory_source.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/read_file.h"

namespace codec::parquet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kRows = 200;

// The rows of all files but `duckdb_types`, as data/make.mjs has them.
TextRow ExpectedRow(int64_t i) {
  const std::vector<std::string> verdicts = {"pass", "fail", "permerror", "temperror"};
  std::string names = "[";
  for (int64_t j = 0; j < i % 4 && i % 16 != 8; ++j) {
    names +=
        (j > 0 ? "," : "") + ShowText("host-" + std::to_string(i) + "-" + std::to_string(j) + ".example.net");
  }
  return {
      ShowText("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256)),
      i % 5 == 4 ? "null" : ShowText(verdicts[static_cast<size_t>(i % 4)]),
      names + "]",
      i % 7 == 3 ? "null" : std::to_string(i * 37 - 1000),
      std::to_string(4294967295 - i * 1000003),
      i % 6 == 5 ? "null" : std::to_string(i % 3 == 0 ? 1 : 0),
      std::to_string(1769904000000000 + i * 1001000),
  };
}

class ForeignFile : public ::testing::TestWithParam<const char*> {};

TEST_P(ForeignFile, ReadsAsItWasWritten) {
  const FileText file = ReadOctets(TestFile(std::string(GetParam()) + ".parquet"));
  ASSERT_TRUE(file.status.ok()) << file.status;
  EXPECT_THAT(file.columns,
              ElementsAre("address", "verdict", "names", "ptr_ttl", "ipv4", "authoritative", "observed_at"));
  EXPECT_THAT(file.unusable, IsEmpty());
  ASSERT_EQ(file.rows.size(), kRows);
  for (int64_t i = 0; i < kRows; ++i) EXPECT_EQ(file.rows[static_cast<size_t>(i)], ExpectedRow(i)) << i;
}

TEST_P(ForeignFile, ReadsChosenColumnsOnly) {
  const MemorySource source(TestFile(std::string(GetParam()) + ".parquet"));
  const auto reader = FileReader::Open(source);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const std::vector<size_t> columns = {6, 2};
  (*reader)->Select(columns);
  int64_t rows = 0;
  for (; (*reader)->Next().value(); ++rows) {
    EXPECT_EQ(ShowRow(**reader, 6), ExpectedRow(rows)[6]);
    EXPECT_EQ(ShowRow(**reader, 2), ExpectedRow(rows)[2]);
  }
  EXPECT_EQ(rows, kRows);
}

INSTANTIATE_TEST_SUITE_P(Writers, ForeignFile,
                         ::testing::Values("duckdb_v1_snappy", "duckdb_v1_plain", "duckdb_v2_zstd",
                                           "duckdb_v2_delta", "rust_v1_snappy", "rust_v1_fallback",
                                           "rust_v2_zstd", "rust_v2_delta", "polars_zstd", "hyparquet_snappy",
                                           "parquetjs_v1", "parquetjs_v2"),
                         [](const auto& file) { return file.param; });

TEST(ForeignFiles, TellKeyValuePairs) {
  const MemorySource source(TestFile("duckdb_v1_snappy.parquet"));
  const auto reader = FileReader::Open(source);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->rows(), kRows);
  std::vector<std::string> pairs;
  for (const KeyValue& pair : (*reader)->key_values()) pairs.push_back(pair.key + "=" + pair.value);
  EXPECT_THAT(pairs, testing::UnorderedElementsAre("scan_id=0123", "seed=7"));
}

TEST(ForeignFiles, MayBeEmpty) {
  const FileText file = ReadOctets(TestFile("duckdb_empty.parquet"));
  EXPECT_TRUE(file.status.ok()) << file.status;
  EXPECT_EQ(file.columns.size(), 7);
  EXPECT_THAT(file.rows, IsEmpty());
}

TEST(ForeignFiles, OfAnotherCodecSayWhatToDo) {
  const FileText file = ReadOctets(TestFile("duckdb_gzip.parquet"));
  EXPECT_EQ(MessageOf(file.status),
            "test.parquet: octet 4: column address: compressed with gzip, which is not read here: write the "
            "file again with zstd, snappy or no compression");
}

TEST(ForeignFiles, MeanWhatTheirTypesSay) {
  const FileText file = ReadOctets(TestFile("duckdb_types.parquet"));
  ASSERT_TRUE(file.status.ok()) << file.status;
  EXPECT_THAT(file.columns,
              ElementsAre("u8", "u16", "u32", "u64", "i8", "i16", "ms", "us", "ns", "word", "bytes"));
  EXPECT_THAT(file.unusable, ElementsAre("ratio is a floating-point number", "point is a structure",
                                         "pairs is a structure", "price is no plain number",
                                         "day is no plain number", "numbers is a list of what is no text",
                                         "deep is a list of structures", "id has values of a fixed length"));
  ASSERT_EQ(file.rows.size(), 6);
  // Nanoseconds are rounded down.
  const std::vector<std::string> nanoseconds = {"-1000000", "-1000000", "-999999",
                                                "-999998",  "-999997",  "-999996"};
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_THAT(file.rows[static_cast<size_t>(i)],
                ElementsAre(std::to_string(i), std::to_string(i), std::to_string(i + 4294967290),
                            std::to_string(i + 9000000000), std::to_string(i - 3), std::to_string(i - 3),
                            std::to_string(-1'000'000 + i * 1000), std::to_string(-1'000'000 + i * 1000),
                            nanoseconds[static_cast<size_t>(i)], i == 0 ? "\"a\"" : "\"b\"", "\"x\""))
        << i;
  }
}

// A byte that is wrong, or a file that ends early, is an error or another value: never anything worse.
class DamagedFile : public ::testing::TestWithParam<const char*> {};

TEST_P(DamagedFile, GivesAnErrorOfOneLine) {
  const std::vector<uint8_t> whole = TestFile(std::string(GetParam()) + ".parquet");
  for (size_t size = 0; size < whole.size(); ++size) {
    const FileText file = ReadOctets({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}, 1000);
    ASSERT_FALSE(file.status.ok()) << size;
    ASSERT_TRUE(absl::StartsWith(file.status.message(), "test.parquet: octet ")) << file.status;
  }
  size_t noticed = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::vector<uint8_t> damaged = whole;
    damaged[at] = static_cast<uint8_t>(~damaged[at]);
    const FileText file = ReadOctets(damaged, 1000);
    if (file.status.ok()) continue;
    ++noticed;
    ASSERT_TRUE(absl::StartsWith(file.status.message(), "test.parquet: octet ")) << at << file.status;
    ASSERT_FALSE(absl::StrContains(file.status.message(), "\n")) << at << file.status;
  }
  EXPECT_GT(noticed, whole.size() / 10);
}

INSTANTIATE_TEST_SUITE_P(Writers, DamagedFile,
                         ::testing::Values("duckdb_v2_zstd", "duckdb_types", "rust_v2_delta"),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace codec::parquet
