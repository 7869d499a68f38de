// What is read of files that are put together by hand.
#ifndef TESTS_CODEC_PARQUET_EXPECT_FILE_H_
#define TESTS_CODEC_PARQUET_EXPECT_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace codec::parquet {

// As PLAIN.
std::string Int32s(const std::vector<int32_t>& numbers);
std::string Texts(const std::vector<std::string>& texts);

// The values of the file's first column are `expected`, as ShowRow has them.
void ExpectColumn(const std::vector<uint8_t>& octets, const std::vector<std::string>& expected);
// The file is read with an error that ends in `fault` behind the octet's offset.
void ExpectFault(const std::vector<uint8_t>& octets, const std::string& fault);

}  // namespace codec::parquet

#endif  // TESTS_CODEC_PARQUET_EXPECT_FILE_H_
