// Pages that go on behind their levels or values: what no checksum guards must agree with itself.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/codec/parquet/expect_file.h"
#include "tests/codec/parquet/test_file.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

constexpr Encoding kPlain = Encoding::kPlain;
constexpr Encoding kIndexes = Encoding::kRleDictionary;

TEST(PageEnds, AgreeWithLevels) {
  const std::vector<ElementOctets> elements = {
      {.name = "n", .type = PhysicalType::kInt32, .repetition = Repetition::kOptional}};
  const std::string nulls = "column n: the page header tells another number of nulls than the levels";
  const std::string rows = "column n: the page header tells another number of rows than the levels";
  const std::string more = "column n: the runs go on behind the last value";
  const std::string one_null("\x02\x00\x02\x01", 4);
  const struct {
    LevelOctets levels;
    std::string fault;  // None: the values come.
  } cases[] = {
      {{"", one_null, 1, 2}, ""},
      {{"", one_null, 0, 2}, ""},
      {{"", one_null, 2, 2}, nulls},
      {{"", one_null, -1, 2}, nulls},
      {{"", one_null, 1, 1}, rows},
      {{"", one_null, 1, 3}, rows},
      {{"", one_null + "\x02\x01", 1, 2}, more},
      {{"", std::string("\x02\x00\x04\x01", 4), 1, 2}, more},
      {{"\x06", one_null, 1, 2}, more},
  };
  for (const auto& c : cases) {
    const std::vector<uint8_t> file =
        FileOctets(1, elements)
            .RowGroup(2, {{.pages = DataPageV2(2, kPlain, c.levels, {.body = Int32s({7})}), .values = 2}})
            .Whole();
    if (c.fault.empty()) {
      ExpectColumn(file, {"null", "7"});
    } else {
      ExpectFault(file, c.fault);
    }
  }
}

TEST(PageEnds, AreThoseOfTheValues) {
  const std::string more = "column n: the page goes on behind its last value";
  const std::string one = Int32s({1});
  const std::string index = "\x01\x02";
  const auto with_dictionary = [&](const std::string& dictionary, const std::string& indexes) {
    return Int32File(1, DictionaryPage(1, {.body = dictionary}) + DataPage(1, kIndexes, {.body = indexes}));
  };
  ExpectColumn(with_dictionary(one, index + '\0'), {"1"});
  ExpectFault(with_dictionary(one + "x", index + '\0'), more);
  ExpectFault(with_dictionary(one, index + '\0' + "\x02" + '\0'),
              "column n: the runs go on behind the last value");
  ExpectFault(Int32File(1, DataPage(1, kPlain, {.body = one + "x"})), more);
  ExpectFault(Int32File(1, DataPage(1, Encoding::kDeltaBinaryPacked, {.body = PackDeltas({1}) + "x"})), more);
  const auto texts = [](Encoding encoding, const std::string& body) {
    return FileOctets(1, {{.name = "n", .type = PhysicalType::kByteArray}})
        .RowGroup(
            1,
            {{.type = PhysicalType::kByteArray, .pages = DataPage(1, encoding, {.body = body}), .values = 1}})
        .Whole();
  };
  for (const auto& [encoding, body] :
       {std::pair{kPlain, Texts({"abc"})},
        {Encoding::kDeltaLengthByteArray, PackDeltas({3}) + "abc"},
        {Encoding::kDeltaByteArray, PackDeltas({0}) + PackDeltas({3}) + "abc"}}) {
    ExpectColumn(texts(encoding, body), {R"("abc")"});
    ExpectFault(texts(encoding, body + "x"), more);
  }
  const std::string longer = "column n: a delta encoding holds more values than its page";
  ExpectFault(texts(Encoding::kDeltaLengthByteArray, PackDeltas({1, 2}) + "abc"), longer);
  ExpectFault(texts(Encoding::kDeltaByteArray, PackDeltas({0, 0}) + PackDeltas({1, 2}) + "abc"), longer);
  ExpectFault(texts(Encoding::kDeltaByteArray, PackDeltas({0}) + PackDeltas({1, 2}) + "abc"), longer);
}

}  // namespace
}  // namespace codec::parquet
