#include "tests/codec/parquet/expect_file.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/read_file.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {

std::string Int32s(const std::vector<int32_t>& numbers) {
  std::string octets;
  for (const int32_t number : numbers) octets += LittleEndian(static_cast<uint32_t>(number), 4);
  return octets;
}

std::string Texts(const std::vector<std::string>& texts) {
  std::string octets;
  for (const std::string& text : texts) octets += LittleEndian(text.size(), 4) + text;
  return octets;
}

void ExpectColumn(const std::vector<uint8_t>& octets, const std::vector<std::string>& expected) {
  const FileText file = ReadOctets(octets);
  EXPECT_TRUE(file.status.ok()) << file.status;
  std::vector<std::string> values;
  for (const TextRow& row : file.rows) values.push_back(row[0]);
  EXPECT_EQ(values, expected);
}

void ExpectFault(const std::vector<uint8_t>& octets, const std::string& fault) {
  const FileText file = ReadOctets(octets);
  EXPECT_THAT(MessageOf(file.status), testing::MatchesRegex("test\\.parquet: octet [0-9]+: .*"));
  EXPECT_THAT(MessageOf(file.status), testing::EndsWith(": " + fault));
}

}  // namespace codec::parquet
