#include "scanner/cli/numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace scanner {
namespace {

std::optional<uint64_t> Rate(const std::string& text) {
  const absl::StatusOr<uint64_t> rate = ParseRate("--rate", text);
  return rate.ok() ? std::optional(*rate) : std::nullopt;
}

TEST(ParseRate, ReadsNumbersWithSuffixes) {
  struct Case {
    const char* text;
    std::optional<uint64_t> rate;
  };
  const Case cases[] = {
      {"0", 0},
      {"1", 1},
      {"10000", 10'000},
      {"20k", 20'000},
      {"20K", 20'000},
      {"1M", 1'000'000},
      {"0k", 0},
      {"1000000000", 1'000'000'000},
      {"1000M", 1'000'000'000},
      {"1000000k", 1'000'000'000},
      {"1000000001", std::nullopt},
      {"1001M", std::nullopt},
      {"1000001k", std::nullopt},
      {"18446744073709551616", std::nullopt},
      {"18446744073709551615M", std::nullopt},
      {"", std::nullopt},
      {"k", std::nullopt},
      {"M", std::nullopt},
      {"1m", std::nullopt},
      {"1kk", std::nullopt},
      {"1.5k", std::nullopt},
      {"-1", std::nullopt},
      {"+1", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"0x10", std::nullopt},
      {"1G", std::nullopt},
  };
  for (const Case& c : cases) EXPECT_EQ(Rate(c.text), c.rate) << '\'' << c.text << '\'';
}

TEST(ParseNumber, KeepsToItsLimits) {
  const NumberLimits limits{.least = 2, .most = 15};
  for (const char* text : {"2", "15", "007"}) {
    EXPECT_TRUE(ParseNumber("--retries", text, limits).ok()) << text;
  }
  for (const char* text : {"1", "16", "", "-2", "2.0", "3k", "two", "18446744073709551617"}) {
    const absl::StatusOr<uint64_t> number = ParseNumber("--retries", text, limits);
    ASSERT_FALSE(number.ok()) << text;
    const std::string message(number.status().message());
    EXPECT_THAT(message, testing::StartsWith("--retries: '" + std::string(text) + "'"));
    EXPECT_THAT(message, testing::EndsWith("a number from 2 to 15"));
  }
}

TEST(ParsePercent, ReadsShares) {
  struct Case {
    const char* text;
    double share;
  };
  for (const Case& c : {Case{"1%", 0.01}, Case{"0.5%", 0.005}, Case{"0%", 0}, Case{"0", 0}, Case{"100%", 1},
                        Case{"100", 1}, Case{"2.50", 0.025}}) {
    const absl::StatusOr<double> share = ParsePercent("--max-temperror", c.text);
    ASSERT_TRUE(share.ok()) << c.text;
    EXPECT_DOUBLE_EQ(*share, c.share) << c.text;
  }
  for (const char* text :
       {"", "%", "101%", "100.1%", "-1%", "1%%", "nan", "inf", "1e1%", "1 %", ".", "1.2.3%"}) {
    EXPECT_FALSE(ParsePercent("--max-temperror", text).ok()) << text;
  }
}

TEST(ParseTargetLimit, ReadsCountsAndShares) {
  struct Case {
    const char* text;
    uint64_t targets;
    uint64_t expected;
  };
  for (const Case& c : {Case{"1", 256, 1}, Case{"1000", 256, 256}, Case{"50%", 256, 128},
                        Case{"100%", 256, 256}, Case{"0.001%", 256, 1}, Case{"5%", 0, 0}}) {
    const absl::StatusOr<TargetLimit> limit = ParseTargetLimit("--max-targets", c.text);
    ASSERT_TRUE(limit.ok()) << c.text;
    EXPECT_EQ(limit->Of(c.targets), c.expected) << c.text;
  }
  for (const char* text : {"", "0", "0%", "-1", "101%", "1k", "%", "all"}) {
    EXPECT_FALSE(ParseTargetLimit("--max-targets", text).ok()) << text;
  }
}

TEST(ParseShard, NeedsAnIndexBelowTheNumber) {
  const absl::StatusOr<Shard> shard = ParseShard("--shard", "2/3");
  ASSERT_TRUE(shard.ok());
  EXPECT_EQ(shard->index, 2U);
  EXPECT_EQ(shard->of, 3U);
  for (const char* text : {"0/1", "0/10000", "9999/10000"})
    EXPECT_TRUE(ParseShard("--shard", text).ok()) << text;
  for (const char* text :
       {"", "3/3", "0/0", "0/10001", "1", "/", "1/", "/2", "-1/2", "a/b", "0/2/3", "auto"}) {
    EXPECT_FALSE(ParseShard("--shard", text).ok()) << text;
  }
}

}  // namespace
}  // namespace scanner
