#include "scanner/core/target_reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>

namespace scanner {
namespace {

TEST(TargetReaderTest, CommentsBlankLinesAndLineEnds) {
  std::istringstream in(
      "# a list\n"
      "\n"
      "  8.8.8.0/30  # as in a blocklist\r\n"
      "\t\r\n"
      "8.8.8.8 - 8.8.8.9#close\n"
      "#8.8.8.16\n"
      "2a00::1");
  TargetSetBuilder builder{TargetOptions{}};
  ASSERT_TRUE(ReadTargets(in, "list", builder).ok());
  std::istringstream exclusions("8.8.8.3\r\n2a00::/16");
  ASSERT_TRUE(ReadExclusions(exclusions, "blocklist", builder).ok());
  const TargetSet set = std::move(builder).Build();
  EXPECT_EQ(set.v4(), (IntervalSet<uint32_t>{{0x08080800, 0x08080802}, {0x08080808, 0x08080809}}));
  EXPECT_TRUE(set.v6().empty());
  EXPECT_EQ(set.excluded(), 2U);
}

TEST(TargetReaderTest, AnEmptyInputIsNoError) {
  std::istringstream in("");
  TargetSetBuilder builder{TargetOptions{}};
  EXPECT_TRUE(ReadTargets(in, "-", builder).ok());
  EXPECT_EQ(std::move(builder).Build().targets(), 0U);
}

TEST(TargetReaderTest, ErrorsNameSourceAndLine) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  for (const Case& c : {
           Case{"8.8.8.8\n\n# comment\n8.8.8\n",
                "list.txt:4: '8.8.8': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
           Case{"8.8.8.0/24 8.8.4.0/24\r\n",
                "list.txt:1: '8.8.8.0/24 8.8.4.0/24': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
           Case{"::1\r8.8.8.8",
                "list.txt:1: '::1\\0138.8.8.8': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
       }) {
    std::istringstream in{std::string(c.text)};
    TargetSetBuilder builder{TargetOptions{}};
    const absl::Status status = ReadTargets(in, "list.txt", builder);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(status.message()), c.message);
  }
}

// What a directory or a bad disk does when it is read.
class FailingBuffer : public std::streambuf {
 protected:
  int_type underflow() override { throw std::ios_base::failure("no more"); }
};

TEST(TargetReaderTest, AReadErrorIsNotTheEndOfTheList) {
  FailingBuffer buffer;
  std::istream in(&buffer);
  TargetSetBuilder builder{TargetOptions{}};
  const absl::Status status = ReadTargets(in, "list.txt", builder);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(std::string(status.message()), "list.txt: cannot be read");
}

TEST(TargetReaderTest, AMillionIntervals) {
  constexpr uint32_t kLines = 1'000'000;
  std::string text;
  // Every other address, in an order that is neither ascending nor descending.
  for (uint32_t i = 0; i < kLines; ++i) {
    const auto shuffled = static_cast<uint32_t>(uint64_t{i} * 611'953 % kLines);
    text.append(IpAddress::FromV4(0x20000000 + 2 * shuffled).ToString()).append("\n");
  }
  std::istringstream in(text);
  TargetSetBuilder builder{TargetOptions{}};
  ASSERT_TRUE(ReadTargets(in, "list", builder).ok());
  const TargetSet set = std::move(builder).Build();
  EXPECT_EQ(set.targets(), kLines);
  ASSERT_EQ(set.v4().size(), kLines);
  for (uint32_t i = 0; i < kLines; ++i) {
    const uint32_t number = 0x20000000 + 2 * i;
    ASSERT_EQ(set.v4()[i], (Interval<uint32_t>{number, number}));
  }
}

}  // namespace
}  // namespace scanner
