#include "scanner/core/target_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scanner {
namespace {

using testing::HasSubstr;
using std::string_view_literals::operator""sv;

struct Given {
  std::vector<std::string_view> targets = {};
  std::vector<std::string_view> exclusions = {};
  TargetOptions options = {};
};

TargetSet Build(const Given& given) {
  TargetSetBuilder builder(given.options);
  for (const std::string_view text : given.targets) EXPECT_TRUE(builder.AddTarget(text).ok()) << text;
  for (const std::string_view text : given.exclusions) EXPECT_TRUE(builder.AddExclusion(text).ok()) << text;
  return std::move(builder).Build();
}

// The intervals as `first-last`, single addresses alone.
std::vector<std::string> Texts(const TargetSet& set) {
  std::vector<std::string> texts;
  const auto add = [&texts](const IpAddress& first, const IpAddress& last) {
    texts.push_back(first == last ? first.ToString() : first.ToString() + "-" + last.ToString());
  };
  for (const auto& i : set.v4()) add(IpAddress::FromV4(i.first), IpAddress::FromV4(i.last));
  for (const auto& i : set.v6()) add(IpAddress::FromV6(i.first), IpAddress::FromV6(i.last));
  return texts;
}

TEST(ParseRangeTest, ReadsThreeForms) {
  struct Case {
    std::string_view text;
    std::string_view first;
    std::string_view last;
  };
  constexpr std::array kCases = {
      Case{"192.0.2.1", "192.0.2.1", "192.0.2.1"},
      Case{"192.0.2.9/29", "192.0.2.8", "192.0.2.15"},
      Case{"192.0.2.1-192.0.2.3", "192.0.2.1", "192.0.2.3"},
      Case{"192.0.2.3-192.0.2.3", "192.0.2.3", "192.0.2.3"},
      Case{" 192.0.2.0 - 192.0.2.255\t", "192.0.2.0", "192.0.2.255"},
      Case{"2001:db8::1-2001:db8::3", "2001:db8::1", "2001:db8::3"},
      Case{"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
  };
  for (const Case& c : kCases) {
    const auto range = ParseRange(c.text);
    ASSERT_TRUE(range.ok()) << c.text;
    EXPECT_EQ(range->first.ToString(), c.first) << c.text;
    EXPECT_EQ(range->last.ToString(), c.last) << c.text;
  }
}

TEST(ParseRangeTest, ErrorsQuoteTheTextAndSayWhatIsExpected) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  constexpr std::array kCases = {
      Case{"", "'': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
      Case{"example.net", "'example.net': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
      Case{"my-host", "'my-host': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
      Case{"1.2.3.4 5.6.7.8", "'1.2.3.4 5.6.7.8': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
      Case{"1.2.3.0/24-1.2.4.0", "'1.2.3.0/24-1.2.4.0': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
      Case{"1.2.3.4/33", "'1.2.3.4/33': the prefix length of an IPv4 prefix is a number from 0 to 32"},
      Case{"::/129", "'::/129': the prefix length of an IPv6 prefix is a number from 0 to 128"},
      Case{"1.2.3.5-1.2.3.4",
           "'1.2.3.5-1.2.3.4': the first address of a range must not be above its last; swap them"},
      Case{"1.2.3.4-::1", "'1.2.3.4-::1': a range has two addresses of the same family"},
      Case{"\x1b[2J'\n"sv, "'\\027[2J\\039\\010': expected one address, ADDRESS/LENGTH or FIRST-LAST"},
  };
  for (const Case& c : kCases) {
    const auto range = ParseRange(c.text);
    ASSERT_FALSE(range.ok()) << c.text;
    EXPECT_EQ(range.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(range.status().message()), c.message);
  }
}

TEST(ParseRangeTest, QuotesAreCutAfter64Characters) {
  EXPECT_EQ(Quoted(std::string(64, 'x')), "'" + std::string(64, 'x') + "'");
  EXPECT_EQ(Quoted(std::string(65, 'x')), "'" + std::string(64, 'x') + "...'");
}

TEST(TargetSetTest, OverlappingAndTouchingTargetsAreOneInterval) {
  const TargetSet set =
      Build({.targets = {"8.8.8.0/25", "8.8.8.128/25", "8.8.8.7", "8.8.7.255", "8.8.10.0",
                         "2a00::10-2a00::20", "2a00::20-2a00::30", "2a00::31", "2a00::33"}});
  EXPECT_THAT(Texts(set),
              testing::ElementsAre("8.8.7.255-8.8.8.255", "8.8.10.0", "2a00::10-2a00::31", "2a00::33"));
  EXPECT_EQ(set.targets(), 257 + 1 + 0x22 + 1);
  EXPECT_EQ(set.excluded(), 0U);
  EXPECT_EQ(set.reserved(), 0U);
}

TEST(TargetSetTest, EndsOfTheAddressSpace) {
  const TargetSet set = Build({.targets = {"0.0.0.0", "255.255.255.255", "0.0.0.0/0", "::", "::1",
                                           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0/112"},
                               .exclusions = {"255.255.255.255", "::"},
                               .options = {.only = std::nullopt, .include_reserved = true}});
  EXPECT_THAT(Texts(set), testing::ElementsAre("0.0.0.0-255.255.255.254", "::1",
                                               "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0-"
                                               "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_EQ(set.targets(), 0xFFFF'FFFFULL + 1 + 65'536);
  EXPECT_EQ(set.excluded(), 2U);
}

TEST(TargetSetTest, V6TargetsHoldAtMost65536Addresses) {
  for (const std::string_view text : {"2a00::/112"sv, "2a00::/128"sv, "2a00::8000-2a00::1:7fff"sv}) {
    TargetSetBuilder builder{TargetOptions{}};
    EXPECT_TRUE(builder.AddTarget(text).ok()) << text;
  }
  for (const std::string_view text : {"2a00::/111"sv, "2a00::/64"sv, "::/0"sv, "2a00::8000-2a00::1:8000"sv}) {
    TargetSetBuilder builder{TargetOptions{}};
    const absl::Status status = builder.AddTarget(text);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("'" + std::string(text) + "': an IPv6 target may hold"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("/112 or longer"));
    EXPECT_TRUE(builder.AddExclusion(text).ok()) << text;
    EXPECT_EQ(std::move(builder).Build().targets(), 0U);
  }
}

TEST(TargetSetTest, OneFamilyOnly) {
  const std::vector<std::string_view> both = {"8.8.8.0/24", "2a00::/120"};
  EXPECT_THAT(Texts(Build({.targets = both, .options = {.only = Family::kIpv4}})),
              testing::ElementsAre("8.8.8.0-8.8.8.255"));
  EXPECT_THAT(Texts(Build({.targets = both, .options = {.only = Family::kIpv6}})),
              testing::ElementsAre("2a00::-2a00::ff"));
  TargetSetBuilder builder({.only = Family::kIpv4});
  EXPECT_FALSE(builder.AddTarget("2a00::/64").ok()) << "left out, but checked";
}

TEST(TargetSetTest, ReservedSpace) {
  struct Case {
    std::string_view why;
    Given given;
    std::vector<std::string> texts;
    uint64_t reserved;
  };
  const TargetOptions all = {.only = std::nullopt, .include_reserved = true};
  const std::vector<Case> cases = {
      {"inside a block", {.targets = {"198.18.0.0/16"}}, {"198.18.0.0-198.18.255.255"}, 0},
      {"the block itself", {.targets = {"10.0.0.0/8"}}, {"10.0.0.0-10.255.255.255"}, 0},
      {"one bit larger than the block", {.targets = {"10.0.0.0/7"}}, {"11.0.0.0-11.255.255.255"}, 1U << 24},
      {"across two blocks", {.targets = {"224.0.0.0/3"}}, {}, 1U << 29},
      {"across two blocks on purpose",
       {.targets = {"224.0.0.0/3"}, .options = all},
       {"224.0.0.0-255.255.255.255"},
       0},
      {"beside a target around it",
       {.targets = {"10.0.0.0/7", "10.1.2.0/24"}},
       {"10.1.2.0-10.1.2.255", "11.0.0.0-11.255.255.255"},
       (1U << 24) - 256},
      {"reachable exceptions of a larger target",
       {.targets = {"192.0.0.0/23"}},
       {"192.0.0.9-192.0.0.10", "192.0.1.0-192.0.1.255"},
       254},
      {"reachable exceptions of a target inside", {.targets = {"192.0.0.8/29"}}, {"192.0.0.8-192.0.0.15"}, 0},
      {"one address of a relay",
       {.targets = {"192.88.99.0/29"}},
       {"192.88.99.0-192.88.99.1", "192.88.99.3-192.88.99.7"},
       1},
      {"AS112 and AMT",
       {.targets = {"192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"}},
       {"192.31.196.0-192.31.196.255", "192.52.193.0-192.52.193.255", "192.175.48.0-192.175.48.255"},
       0},
      {"v6 inside documentation", {.targets = {"2001:db8::/112"}}, {"2001:db8::-2001:db8::ffff"}, 0},
      {"v6 range that enters documentation",
       {.targets = {"2001:db7:ffff:ffff:ffff:ffff:ffff:fffe-2001:db8::1"}},
       {"2001:db7:ffff:ffff:ffff:ffff:ffff:fffe-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"},
       2},
      {"loopback between ordinary ones", {.targets = {"::/126"}}, {"::2-::3"}, 2},
      {"excluded before reserved",
       {.targets = {"9.255.255.254-10.0.0.3"}, .exclusions = {"10.0.0.2/31"}},
       {"9.255.255.254-9.255.255.255"},
       2},
  };
  for (const Case& c : cases) {
    const TargetSet set = Build(c.given);
    EXPECT_EQ(Texts(set), c.texts) << c.why;
    EXPECT_EQ(set.reserved(), c.reserved) << c.why;
  }
}

TEST(TargetSetTest, RefusesTargetsInPrivateSpace) {
  for (const std::string_view text : {"10.0.0.0/8"sv, "192.168.7.9"sv, "172.16.0.0-172.31.255.255"sv,
                                      "100.64.0.0/24"sv, "::1"sv, "fd12::/112"sv, "2001:db8::7"sv}) {
    for (const bool include_reserved : {false, true}) {
      TargetSetBuilder builder(
          {.only = std::nullopt, .include_reserved = include_reserved, .refuse_private = true});
      const absl::Status status = builder.AddTarget(text);
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
      const std::string message(status.message());
      EXPECT_THAT(message, HasSubstr("'" + std::string(text) + "': private space"));
      EXPECT_THAT(message, HasSubstr("AS112"));
      EXPECT_THAT(message, HasSubstr("--root-hints"));
      EXPECT_EQ(std::move(builder).Build().reserved(), 0U);
    }
    TargetSetBuilder builder{TargetOptions{}};
    EXPECT_TRUE(builder.AddTarget(text).ok()) << text;
  }
  TargetSetBuilder other_family({.only = Family::kIpv6, .refuse_private = true});
  EXPECT_TRUE(other_family.AddTarget("10.0.0.0/8").ok()) << "left out anyway";
}

TEST(TargetSetTest, LeavesPrivateSpaceOutOfLargerTargets) {
  const TargetOptions without = {.only = std::nullopt, .refuse_private = true};
  const TargetOptions all_but_private = {
      .only = std::nullopt, .include_reserved = true, .refuse_private = true};
  struct Case {
    Given given;
    std::vector<std::string> texts;
    uint64_t reserved;
  };
  const std::vector<Case> cases = {
      {{.targets = {"10.255.255.0-11.0.0.9"}, .options = without}, {"11.0.0.0-11.0.0.9"}, 256},
      {{.targets = {"10.255.255.0-11.0.0.9"}, .options = all_but_private}, {"11.0.0.0-11.0.0.9"}, 256},
      // Other reserved space is as ever.
      {{.targets = {"198.18.0.0/24"}, .options = without}, {"198.18.0.0-198.18.0.255"}, 0},
      {{.targets = {"192.0.0.168/29"}, .options = without},
       {"192.0.0.168-192.0.0.169", "192.0.0.172-192.0.0.175"},
       2},
      {{.targets = {"255.255.255.252/30"}, .options = all_but_private},
       {"255.255.255.252-255.255.255.254"},
       1},
      {{.targets = {"::/126"}, .options = all_but_private}, {"::2-::3"}, 2},
      {{.targets = {"::/126"}, .exclusions = {"::1", "::2"}, .options = all_but_private}, {"::3"}, 1},
  };
  for (const Case& c : cases) {
    const TargetSet set = Build(c.given);
    EXPECT_EQ(Texts(set), c.texts) << c.given.targets[0];
    EXPECT_EQ(set.reserved(), c.reserved) << c.given.targets[0];
  }
}

TEST(TargetSetTest, AllOfIpv4WithoutReservedSpace) {
  const TargetSet set = Build({.targets = {"0.0.0.0/0"}});
  // /8: 0, 10, 127, 224 to 255; 100.64/10; 169.254/16; 172.16/12; 192.168/16; 198.18/15; 192.0.0/24 without
  // two addresses; three of documentation; one relay.
  const uint64_t reserved =
      (35ULL << 24) + (1U << 22) + (1U << 16) + (1U << 20) + (1U << 16) + (1U << 17) + 254 + 768 + 1;
  EXPECT_EQ(set.reserved(), reserved);
  EXPECT_EQ(set.targets(), (1ULL << 32) - reserved);
}

TEST(TargetSetTest, ExclusionsCountOnlyWhatWasATarget) {
  const TargetSet set =
      Build({.targets = {"8.8.8.0/24"}, .exclusions = {"8.8.8.250-8.8.9.255", "8.8.8.255", "8.8.8.0"}});
  EXPECT_THAT(Texts(set), testing::ElementsAre("8.8.8.1-8.8.8.249"));
  EXPECT_EQ(set.targets(), 249U);
  EXPECT_EQ(set.excluded(), 7U);
  EXPECT_EQ(Build({.targets = {"8.8.8.0/24"}, .exclusions = {"0.0.0.0/0", "::/0"}}).targets(), 0U);
}

TEST(TargetSetTest, AgreesWithAListOfAddresses) {
  constexpr uint32_t kBase = 0x08080000;
  constexpr uint32_t kSpan = 512;
  std::mt19937 generator(7);
  const auto random = [&generator] { return static_cast<uint32_t>(generator()); };
  for (int round = 0; round < 300; ++round) {
    std::vector<int> wanted(kSpan, 0);
    std::vector<int> excluded(kSpan, 0);
    TargetSetBuilder builder{TargetOptions{}};
    for (unsigned i = random() % 20; i > 0; --i) {
      const uint32_t first = random() % kSpan;
      const uint32_t last = std::min(kSpan - 1, first + random() % 40);
      const std::string text =
          IpAddress::FromV4(kBase + first).ToString() + "-" + IpAddress::FromV4(kBase + last).ToString();
      const bool target = random() % 2 == 0;
      ASSERT_TRUE((target ? builder.AddTarget(text) : builder.AddExclusion(text)).ok());
      for (uint32_t n = first; n <= last; ++n) (target ? wanted : excluded)[n] = 1;
    }
    const TargetSet set = std::move(builder).Build();
    std::vector<int> got(kSpan, 0);
    for (const auto& i : set.v4()) {
      for (uint32_t n = i.first; n <= i.last; ++n) got[n - kBase] += 1;
    }
    uint64_t targets = 0;
    uint64_t excluded_targets = 0;
    for (uint32_t n = 0; n < kSpan; ++n) {
      ASSERT_EQ(got[n], wanted[n] && !excluded[n] ? 1 : 0) << n;
      targets += wanted[n] && !excluded[n] ? 1 : 0;
      excluded_targets += wanted[n] && excluded[n] ? 1 : 0;
    }
    EXPECT_EQ(set.targets(), targets);
    EXPECT_EQ(set.excluded(), excluded_targets);
  }
}

}  // namespace
}  // namespace scanner
