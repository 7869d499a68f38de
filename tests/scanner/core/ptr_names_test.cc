#include "scanner/core/ptr_names.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/codec/dns/response.h"

namespace scanner {
namespace {

using codec::dns::Answer;
using codec::dns::AnswerKind;
using codec::dns::Message;
using codec::dns::ParseError;
using codec::dns::Response;
using codec::dns::Type;
using codec::dns::WireName;

constexpr const char* kOwner = "1.2.0.192.in-addr.arpa.";

struct Collected {
  std::vector<std::string> names;
  bool truncated;
};

Collected Collect(PtrNames& names, const std::vector<std::vector<uint8_t>>& rdatas) {
  Response response(0x0400);
  response.Question(kOwner, Type::kPtr);
  for (const std::vector<uint8_t>& rdata : rdatas) {
    response.Add(Message::Section::kAnswer, kOwner, Type::kPtr, 60, rdata);
  }
  const std::vector<uint8_t> bytes = response.bytes();
  Message message;
  EXPECT_EQ(Message::Parse(bytes, message), ParseError::kNone);
  Answer answer;
  codec::dns::Interpret(message, WireName(kOwner), Type::kPtr, answer);
  EXPECT_EQ(answer.kind, AnswerKind::kData);
  names.Collect(message, answer);
  Collected collected{.names = {}, .truncated = names.truncated()};
  collected.names.reserve(names.size());
  for (size_t i = 0; i < names.size(); ++i) collected.names.push_back(codec::dns::ToString(names[i]));
  return collected;
}

std::vector<std::vector<uint8_t>> Wires(const std::vector<std::string>& names) {
  std::vector<std::vector<uint8_t>> wires;
  wires.reserve(names.size());
  for (const std::string& name : names) wires.push_back(WireName(name));
  return wires;
}

TEST(PtrNamesTest, LowerCaseDistinctAndInTheOrderOfTheOutput) {
  const struct {
    const char* what;
    std::vector<std::string> given;
    std::vector<std::string> expected;
  } cases[] = {
      {"one", {"Host.Example.NET."}, {"host.example.net"}},
      {"the root", {"."}, {"."}},
      {"two", {"b.example.", "a.example."}, {"a.example", "b.example"}},
      {"case does not make two", {"HOST.example.", "host.EXAMPLE.", "Host.Example."}, {"host.example"}},
      {"upper case does not sort first", {"a.example.", "B.example."}, {"a.example", "b.example"}},
      {"a hyphen comes before a dot", {"a.b.", "a-b."}, {"a-b", "a.b"}},
      {"what is escaped sorts by its backslash", {"!x.", "0x.", "ax."}, {"0x", "\\033x", "ax"}},
      {"the shorter first", {"ab.example.", "a.example.", "ab."}, {"a.example", "ab", "ab.example"}},
      {"a dot within a label", {"a\\.b.", "a.b."}, {"a.b", "a\\046b"}},
  };
  PtrNames names;
  for (const auto& test : cases) {
    const Collected collected = Collect(names, Wires(test.given));
    EXPECT_EQ(collected.names, test.expected) << test.what;
    EXPECT_FALSE(collected.truncated) << test.what;
  }
}

TEST(PtrNamesTest, WhatCannotBeReadIsPassedOver) {
  PtrNames names;
  const std::vector<uint8_t> good = WireName("host.example.");
  std::vector<uint8_t> too_much = good;
  too_much.push_back(0);
  const std::vector<uint8_t> too_little(good.begin(), good.end() - 1);
  const std::vector<uint8_t> nothing;
  const std::vector<uint8_t> forward_pointer = {0xFF, 0xFF};
  for (const std::vector<uint8_t>& bad : {too_much, too_little, nothing, forward_pointer}) {
    EXPECT_EQ(Collect(names, {bad}).names, std::vector<std::string>{});
    EXPECT_EQ(Collect(names, {bad, bad}).names, std::vector<std::string>{});
    EXPECT_EQ(Collect(names, {bad, good}).names, std::vector<std::string>{"host.example"});
    EXPECT_EQ(Collect(names, {good, bad, WireName("a.")}).names,
              (std::vector<std::string>{"a", "host.example"}));
  }
}

TEST(PtrNamesTest, KeepsTheSame64WhateverTheOrder) {
  PtrNames names;
  for (const size_t given : {size_t{63}, size_t{64}, size_t{65}, size_t{66}, size_t{200}}) {
    std::vector<std::string> all;
    all.reserve(given);
    for (size_t i = 0; i < given; ++i) all.push_back("Host" + std::to_string(1000 + 7 * i) + ".example.");
    std::vector<std::string> expected;
    expected.reserve(given);
    for (const std::string& name : all) expected.push_back("h" + name.substr(1, name.size() - 2));
    std::ranges::sort(expected);
    if (expected.size() > 64) expected.resize(64);
    std::mt19937_64 random(given);
    for (int round = 0; round < 20; ++round) {
      std::ranges::shuffle(all, random);
      const Collected collected = Collect(names, Wires(all));
      EXPECT_EQ(collected.names, expected) << given;
      EXPECT_EQ(collected.truncated, given > 64) << given;
    }
  }
}

TEST(PtrNamesTest, DuplicatesBeyond64TruncateNothing) {
  PtrNames names;
  std::vector<std::string> all;
  all.reserve(128);
  for (int i = 0; i < 64; ++i) all.push_back("host" + std::to_string(100 + i) + ".example.");
  for (int i = 0; i < 64; ++i) all.push_back("HOST" + std::to_string(100 + i) + ".example.");
  const Collected collected = Collect(names, Wires(all));
  EXPECT_EQ(collected.names.size(), 64U);
  EXPECT_FALSE(collected.truncated);
}

TEST(PtrNamesTest, OneSetLeavesNothingForTheNext) {
  PtrNames names;
  std::vector<std::string> all;
  all.reserve(128);
  for (int i = 0; i < 100; ++i) all.push_back("host" + std::to_string(i) + ".example.");
  EXPECT_TRUE(Collect(names, Wires(all)).truncated);
  const Collected collected = Collect(names, Wires({"z.", "y."}));
  EXPECT_EQ(collected.names, (std::vector<std::string>{"y", "z"}));
  EXPECT_FALSE(collected.truncated);
}

}  // namespace
}  // namespace scanner
