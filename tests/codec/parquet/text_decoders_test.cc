// The encodings of texts: PLAIN, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY and dictionaries.
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "codec/parquet/delta_byte_array_decoder.h"
#include "codec/parquet/text_decoder.h"
#include "gtest/gtest.h"
#include "tests/codec/parquet/message_of.h"
#include "tests/codec/parquet/test_octets.h"

namespace codec::parquet {
namespace {

using Texts = std::vector<std::string>;

const std::vector<std::string_view> kDictionary = {"zero", "one", "two"};

absl::StatusOr<Texts> Decode(const std::string& octets, Encoding encoding, size_t count,
                             const std::vector<std::string_view>& dictionary = kDictionary) {
  absl::StatusOr<TextDecoder> decoder = TextDecoder::Open(AsOctets(octets), encoding, dictionary);
  if (!decoder.ok()) return decoder.status();
  Texts texts;
  std::vector<std::string_view> batch(100);
  while (texts.size() < count) {
    const auto decoded =
        decoder->Decode(std::span(batch).first(std::min(batch.size(), count - texts.size())));
    if (!decoded.ok()) return decoded.status();
    EXPECT_GT(*decoded, 0);
    texts.insert(texts.end(), batch.begin(), batch.begin() + static_cast<ptrdiff_t>(*decoded));
  }
  return texts;
}

std::string Plain(const Texts& texts) {
  std::string octets;
  for (const std::string& text : texts) octets += LittleEndian(text.size(), 4) + text;
  return octets;
}

std::string DeltaLength(const Texts& texts) {
  std::vector<int64_t> lengths;
  std::string octets;
  for (const std::string& text : texts) {
    lengths.push_back(static_cast<int64_t>(text.size()));
    octets += text;
  }
  return PackDeltas(lengths) + octets;
}

std::string DeltaByteArray(const Texts& texts) {
  std::vector<int64_t> shared;
  Texts suffixes;
  std::string_view previous;
  for (const std::string& text : texts) {
    size_t same = 0;
    while (same < std::min(previous.size(), text.size()) && previous[same] == text[same]) ++same;
    shared.push_back(static_cast<int64_t>(same));
    suffixes.push_back(text.substr(same));
    previous = text;
  }
  return PackDeltas(shared) + DeltaLength(suffixes);
}

TEST(TextDecoders, AgreeOnAnyTexts) {
  std::mt19937_64 random(1);
  for (const size_t count : {0, 1, 2, 99, 100, 255, 256, 257, 1000}) {
    Texts texts;
    for (size_t i = 0; i < count; ++i) {
      std::string text = i == 0 ? "" : texts.back().substr(0, random() % (texts.back().size() + 1));
      for (uint64_t left = random() % 40; left > 0; --left) text += static_cast<char>(random());
      texts.push_back(text);
    }
    EXPECT_EQ(Decode(Plain(texts), Encoding::kPlain, count).value(), texts);
    EXPECT_EQ(Decode(DeltaLength(texts), Encoding::kDeltaLengthByteArray, count).value(), texts);
    EXPECT_EQ(Decode(DeltaByteArray(texts), Encoding::kDeltaByteArray, count).value(), texts);
    EXPECT_FALSE(Decode(Plain(texts), Encoding::kPlain, count + 1).ok());
    EXPECT_FALSE(Decode(DeltaLength(texts), Encoding::kDeltaLengthByteArray, count + 1).ok());
    EXPECT_FALSE(Decode(DeltaByteArray(texts), Encoding::kDeltaByteArray, count + 1).ok());
  }
}

TEST(TextDecoders, FindWhatIsWrong) {
  const std::string_view past = "a text runs past the end of its page";
  const std::string_view page_end = "the page ends before its last value";
  const std::string_view few = "a delta encoding holds fewer values than its page";
  const std::string_view shares = "a text shares more with the one before than that has";
  const struct {
    const char* name;
    Encoding encoding;
    std::string octets;
    Texts texts;
    std::string_view fault;
  } cases[] = {
      {"whole", Encoding::kPlain, Plain({"ab", "c"}), {"ab", "c"}, ""},
      {"one octet short", Encoding::kPlain, Plain({"ab", "c"}).substr(0, 10), {"", ""}, past},
      {"no text", Encoding::kPlain, Plain({"ab", ""}), {"ab", ""}, ""},
      {"half a length", Encoding::kPlain, Plain({"ab", ""}).substr(0, 9), {"", ""}, page_end},
      {"4 GiB", Encoding::kPlain, LittleEndian(0xFFFFFFFF, 4), {""}, past},

      {"lengths", Encoding::kDeltaLengthByteArray, PackDeltas({2, 1}) + "abc", {"ab", "c"}, ""},
      {"lengths, one octet short",
       Encoding::kDeltaLengthByteArray,
       PackDeltas({2, 1}) + "ab",
       {"", ""},
       past},
      {"no length", Encoding::kDeltaLengthByteArray, PackDeltas({0}), {""}, ""},
      {"negative",
       Encoding::kDeltaLengthByteArray,
       PackDeltas({-1}),
       {""},
       "the length of a text is negative"},
      {"fewer lengths", Encoding::kDeltaLengthByteArray, PackDeltas({2}) + "abc", {"", ""}, few},
      {"more lengths", Encoding::kDeltaLengthByteArray, PackDeltas({1, 9}) + "a", {"a"}, ""},

      {"shared", Encoding::kDeltaByteArray, PackDeltas({0, 2}) + DeltaLength({"ab", "c"}), {"ab", "abc"}, ""},
      {"all shared",
       Encoding::kDeltaByteArray,
       PackDeltas({0, 2}) + DeltaLength({"ab", ""}),
       {"ab", "ab"},
       ""},
      {"shared too much",
       Encoding::kDeltaByteArray,
       PackDeltas({0, 3}) + DeltaLength({"ab", ""}),
       {"", ""},
       shares},
      {"shared with nothing", Encoding::kDeltaByteArray, PackDeltas({1}) + DeltaLength({"ab"}), {""}, shares},
      {"shared negative", Encoding::kDeltaByteArray, PackDeltas({-1}) + DeltaLength({"ab"}), {""}, shares},
      {"fewer suffixes", Encoding::kDeltaByteArray, PackDeltas({0, 0}) + DeltaLength({"ab"}), {"", ""}, few},
      {"fewer prefixes",
       Encoding::kDeltaByteArray,
       PackDeltas({0}) + DeltaLength({"ab", "c"}),
       {"", ""},
       few},

      {"indexes", Encoding::kRleDictionary, "\x02\x04\x01\x02\x02", {"one", "one", "two"}, ""},
      {"indexes, old name", Encoding::kPlainDictionary, "\x02\x04\x02", {"two", "two"}, ""},
      {"an index too high",
       Encoding::kRleDictionary,
       "\x02\x04\x03",
       {""},
       "a dictionary index is beyond the dictionary"},
      {"no bits", Encoding::kRleDictionary, std::string(1, '\0'), {"zero", "zero"}, ""},
      {"32 bits", Encoding::kRleDictionary, std::string("\x20\x02\x01\0\0\0", 6), {"one"}, ""},
      {"33 bits",
       Encoding::kRleDictionary,
       std::string("\x21\x02\x01\0\0\0\0", 7),
       {""},
       "a dictionary index has more than 32 bits"},
      {"no indexes", Encoding::kRleDictionary, "", {""}, "the runs end before the last value"},
      {"no texts", Encoding::kRleDictionary, "", {}, ""},

      {"of numbers",
       Encoding::kDeltaBinaryPacked,
       PackDeltas({1}),
       {""},
       "DELTA_BINARY_PACKED is not read here for values of this type"},
      {"of floats",
       static_cast<Encoding>(9),
       "",
       {""},
       "BYTE_STREAM_SPLIT is not read here for values of this type"},
      {"unknown",
       static_cast<Encoding>(42),
       "",
       {""},
       "encoding 42 is not read here for values of this type"},
  };
  for (const auto& c : cases) {
    const absl::StatusOr<Texts> decoded = Decode(c.octets, c.encoding, c.texts.size());
    EXPECT_EQ(MessageOf(decoded), c.fault) << c.name;
    if (decoded.ok()) {
      EXPECT_EQ(*decoded, c.texts) << c.name;
    }
  }
  EXPECT_FALSE(Decode("\x02\x04\x00", Encoding::kRleDictionary, 1, {}).ok()) << "an empty dictionary";
}

// A few octets that stand for texts which together have hundreds of megabytes.
TEST(TextDecoders, GiveLongTextsAFewAtATime) {
  const std::string longest(DeltaByteArrayDecoder::kMaxTextOctets, 'x');
  const auto size = static_cast<int64_t>(longest.size());
  std::vector<int64_t> shared(20, size);
  shared[0] = 0;
  Texts suffixes(20);
  suffixes[0] = longest;
  const std::string octets = PackDeltas(shared) + DeltaLength(suffixes);
  absl::StatusOr<DeltaByteArrayDecoder> decoder = DeltaByteArrayDecoder::Open(AsOctets(octets));
  ASSERT_TRUE(decoder.ok()) << decoder.status();
  std::vector<std::string_view> texts(20);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(decoder->Decode(texts).value(), 1);
    ASSERT_EQ(texts[0].size(), longest.size());
    ASSERT_EQ(texts[0].back(), 'x');
  }
  suffixes[1] = "y";
  EXPECT_EQ(MessageOf(Decode(PackDeltas(shared) + DeltaLength(suffixes), Encoding::kDeltaByteArray, 2)),
            "a text has more than 16 MiB");
}

}  // namespace
}  // namespace codec::parquet
