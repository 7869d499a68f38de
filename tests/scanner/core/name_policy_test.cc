#include "scanner/core/name_policy.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scanner {
namespace {

std::vector<uint8_t> Wire(const std::vector<std::string_view>& labels) {
  std::vector<uint8_t> wire;
  for (const std::string_view label : labels) {
    wire.push_back(static_cast<uint8_t>(label.size()));
    wire.insert(wire.end(), label.begin(), label.end());
  }
  wire.push_back(0);
  return wire;
}

struct Case {
  std::vector<std::string_view> labels;
  NameTraits traits;
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    std::string name;
    for (const std::string_view label : c.labels) name.append(label).append(".");
    const NameTraits traits = TraitsOf(Wire(c.labels));
    EXPECT_EQ(traits.usable, c.traits.usable) << name;
    EXPECT_EQ(traits.single_label, c.traits.single_label) << name;
    EXPECT_EQ(traits.not_hostname, c.traits.not_hostname) << name;
  }
}

constexpr NameTraits kPlain = {.usable = true};
constexpr NameTraits kUnusable = {.usable = false};

TEST(NamePolicyTest, UnusableNames) {
  Expect({
      {{"host", "example", "net"}, kPlain},
      {{}, kUnusable},  // The root.
      {{"localhost"}, {.usable = false, .single_label = true}},
      {{"a", "localhost"}, kUnusable},
      {{"localhost", "localdomain"}, kPlain},
      {{"localhosts"}, {.usable = true, .single_label = true}},
      {{"local"}, {.usable = false, .single_label = true}},
      {{"printer", "local"}, kUnusable},
      {{"local", "net"}, kPlain},
      {{"a", "locals"}, kPlain},
      {{"a", "onion"}, kUnusable},
      {{"onion", "org"}, kPlain},
      {{"a", "invalid"}, kUnusable},
      {{"invalid", "com"}, kPlain},
      {{"192", "0", "2", "1"}, kUnusable},
      {{"192", "0", "2", "1a"}, kPlain},
      {{"a", "0"}, kUnusable},
      {{"7"}, {.usable = false, .single_label = true}},
      {{"1", "2", "in-addr", "arpa"}, kPlain},
      {{"host", "test"}, kPlain},
  });
}

TEST(NamePolicyTest, SingleLabel) {
  Expect({
      {{"host"}, {.usable = true, .single_label = true}},
      {{"host", "net"}, kPlain},
  });
}

TEST(NamePolicyTest, NotAHostname) {
  constexpr NameTraits kOdd = {.usable = true, .not_hostname = true};
  Expect({
      {{"a-b", "1", "x2", "3com", "com"}, kPlain},
      {{"-a", "net"}, kOdd},
      {{"a-", "net"}, kOdd},
      {{"a--b", "net"}, kPlain},
      {{"-", "net"}, kOdd},
      {{"xn--bcher-kva", "net"}, kPlain},
      {{"a_b", "net"}, kOdd},
      {{"0/25", "2", "0", "192", "in-addr", "arpa"}, kOdd},
      {{"a", "n t"}, kOdd},
      {{"a.b", "net"}, kOdd},  // A dot inside a label.
      {{std::string_view("a\0b", 3), "net"}, kOdd},
      {{"\xC3\xA9", "net"}, kOdd},
      {{"*", "net"}, kOdd},
      {{"a_b", "local"}, {.usable = false, .not_hostname = true}},
      // The bytes around the allowed ones.
      {{"a/z", "net"}, kOdd},
      {{"a0z", "net"}, kPlain},
      {{"a9z", "net"}, kPlain},
      {{"a:z", "net"}, kOdd},
      {{"a`z", "net"}, kOdd},
      {{"a{z", "net"}, kOdd},
      {{"a,z", "net"}, kOdd},
  });
}

TEST(NamePolicyTest, TheLongestNameIsAHostname) {
  const std::string label(63, 'a');
  const std::string rest(61, 'b');  // 4 + 63 * 3 + 61 + 1 = 255 octets, 253 characters.
  ASSERT_EQ(Wire({label, label, label, rest}).size(), 255U);
  Expect({{{label, label, label, rest}, kPlain}});
}

TEST(NamePolicyDeathTest, ANameWithoutAnEndIsABug) {
  EXPECT_DEATH(TraitsOf({}), "empty");
  EXPECT_DEATH(TraitsOf(std::vector<uint8_t>{1, 'a'}), "wire");
  EXPECT_DEATH(TraitsOf(std::vector<uint8_t>{3, 'a', 0}), "wire");
}

}  // namespace
}  // namespace scanner
