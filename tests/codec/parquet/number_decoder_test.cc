#include "codec/parquet/number_decoder.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

using Numbers = std::vector<int64_t>;

constexpr PhysicalType kBoolean = PhysicalType::kBoolean;
constexpr PhysicalType kInt32 = PhysicalType::kInt32;
constexpr PhysicalType kInt64 = PhysicalType::kInt64;
constexpr PhysicalType kInt96 = PhysicalType::kInt96;

std::string Time(int64_t nanoseconds, uint32_t day) {
  return LittleEndian(static_cast<uint64_t>(nanoseconds), 8) + LittleEndian(day, 4);
}

struct Case {
  const char* name;
  PhysicalType type;
  Encoding encoding;
  std::string octets;
  Numbers numbers;
  std::string_view fault;
};

void Check(const Case& c) {
  const Numbers dictionary = {70, 71, 72};
  absl::StatusOr<NumberDecoder> decoder =
      NumberDecoder::Open(AsOctets(c.octets), c.type, c.encoding, dictionary);
  Numbers numbers(c.numbers.size());
  absl::Status decoded = decoder.status();
  if (decoded.ok()) decoded = decoder->Decode(numbers);
  if (decoded.ok()) decoded = decoder->CheckEnd();
  EXPECT_EQ(MessageOf(decoded), c.fault) << c.name;
  if (decoded.ok()) {
    EXPECT_EQ(numbers, c.numbers) << c.name;
  }
}

TEST(NumberDecoder, ReadsPlainNumbers) {
  const std::string_view end = "the page ends before its last value";
  const std::string_view more = "the page goes on behind its last value";
  const std::string_view far = "a time is too far from 1970";
  const Case cases[] = {
      {"octets of booleans", kBoolean, Encoding::kPlain, "\x05\x01", {1, 0, 1, 0, 0, 0, 0, 0, 1}, ""},
      {"eight booleans", kBoolean, Encoding::kPlain, "\x80", {0, 0, 0, 0, 0, 0, 0, 1}, ""},
      {"eight booleans and an octet", kBoolean, Encoding::kPlain, std::string("\x80\0", 2), Numbers(8), more},
      {"a ninth boolean", kBoolean, Encoding::kPlain, "\x80", Numbers(9), end},
      {"32 bits",
       kInt32,
       Encoding::kPlain,
       LittleEndian(5, 4) + LittleEndian(0x80000000, 4),
       {5, -2147483648},
       ""},
      {"32 bits, cut off", kInt32, Encoding::kPlain, LittleEndian(5, 7), {5, 0}, end},
      {"64 bits", kInt64, Encoding::kPlain, LittleEndian(~uint64_t{0}, 8), {-1}, ""},
      {"32 bits, more behind", kInt32, Encoding::kPlain, LittleEndian(5, 5), {5}, more},
      {"64 bits, more behind", kInt64, Encoding::kPlain, LittleEndian(5, 9), {5}, more},
      {"64 bits, cut off", kInt64, Encoding::kPlain, LittleEndian(5, 7), {5}, end},
      {"1970", kInt96, Encoding::kPlain, Time(0, 2440588), {0}, ""},
      {"a day and a microsecond", kInt96, Encoding::kPlain, Time(1999, 2440589), {86'400'000'001}, ""},
      {"before 1970", kInt96, Encoding::kPlain, Time(86'399'999'999'000, 2440587), {-1}, ""},
      {"last", kInt96, Encoding::kPlain, Time(0, 2440588 + 106751991), {9'223'372'022'400'000'000}, ""},
      {"beyond", kInt96, Encoding::kPlain, Time(0, 2440588 + 106751992), {0}, far},
      {"beyond by its day's time", kInt96, Encoding::kPlain, Time(INT64_MAX, 2440588 + 106751991), {0}, far},
      {"time, more behind", kInt96, Encoding::kPlain, Time(0, 2440588) + "x", {0}, more},
      {"time, cut off", kInt96, Encoding::kPlain, Time(0, 2440588).substr(0, 11), {0}, end},
  };
  for (const Case& c : cases) Check(c);
}

TEST(NumberDecoder, ReadsOtherEncodings) {
  const std::string_view other = "the runs have another length than their page";
  const Case cases[] = {
      {"booleans in runs", kBoolean, Encoding::kRle, LittleEndian(2, 4) + "\x06\x01", {1, 1, 1}, ""},
      {"more behind the runs",
       kBoolean,
       Encoding::kRle,
       LittleEndian(2, 4) + "\x02\x01\x02\x01",
       {1, 1},
       other},
      {"runs that end early", kBoolean, Encoding::kRle, LittleEndian(3, 4) + "\x06\x01", {1}, other},
      {"half a length", kBoolean, Encoding::kRle, LittleEndian(0, 3), {1}, other},
      {"no booleans", kBoolean, Encoding::kRle, "", {}, ""},
      {"differences",
       kInt32,
       Encoding::kDeltaBinaryPacked,
       PackDeltas({5, 2147483648}),
       {5, -2147483648},
       ""},
      {"more differences",
       kInt32,
       Encoding::kDeltaBinaryPacked,
       PackDeltas({5, 6}),
       {5},
       "a delta encoding holds more values than its page"},
      {"more behind the differences",
       kInt32,
       Encoding::kDeltaBinaryPacked,
       PackDeltas({5, 6}) + "x",
       {5, 6},
       "the page goes on behind its last value"},
      {"wide differences",
       kInt64,
       Encoding::kDeltaBinaryPacked,
       PackDeltas({5, 2147483648}),
       {5, 2147483648},
       ""},
      {"indexes", kInt64, Encoding::kRleDictionary, "\x02\x04\x02", {72, 72}, ""},
      {"more indexes",
       kInt64,
       Encoding::kRleDictionary,
       "\x02\x04\x02",
       {72},
       "the runs go on behind the last value"},
      {"an index too high",
       kInt64,
       Encoding::kPlainDictionary,
       "\x02\x04\x03",
       {72},
       "a dictionary index is beyond the dictionary"},
      {"times as indexes", kInt96, Encoding::kPlainDictionary, "\x02\x04\x01", {71, 71}, ""},
      {"booleans as indexes",
       kBoolean,
       Encoding::kPlainDictionary,
       "\x02\x04\x01",
       {1},
       "PLAIN_DICTIONARY is not read here for values of this type"},
      {"differences of times",
       kInt96,
       Encoding::kDeltaBinaryPacked,
       PackDeltas({5}),
       {5},
       "DELTA_BINARY_PACKED is not read here for values of this type"},
      {"runs of numbers",
       kInt32,
       Encoding::kRle,
       LittleEndian(2, 4) + "\x06\x01",
       {1},
       "RLE is not read here for values of this type"},
      {"bit-packed",
       kInt32,
       Encoding::kBitPacked,
       "\x01",
       {1},
       "BIT_PACKED is not read here for values of this type"},
  };
  for (const Case& c : cases) Check(c);
}

}  // namespace
}  // namespace codec::parquet
