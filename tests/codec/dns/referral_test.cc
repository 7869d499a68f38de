#include "codec/dns/referral.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/codec/dns/response.h"

namespace codec::dns {
namespace {

using Section = Message::Section;

// One line a record: `SECTION OWNER TYPE DATA`; the data of A and AAAA is one digit, that of each of its
// octets. `CH-NS` is an NS of class CH, `SHORT-A` an A of three octets, `BAD-NS` has an octet behind its
// target.
std::vector<uint8_t> Build(std::string_view question, const std::string& records) {
  Response response;
  response.Question(question, Type::kPtr);
  std::istringstream in(records);
  std::string section_name;
  std::string owner;
  std::string type_name;
  std::string data;
  while (in >> section_name >> owner >> type_name >> data) {
    const Section section = section_name == "answer"      ? Section::kAnswer
                            : section_name == "authority" ? Section::kAuthority
                                                          : Section::kAdditional;
    const uint16_t klass = type_name.starts_with("CH-") ? 3 : kClassIn;
    std::vector<uint8_t> rdata;
    Type type = Type::kNs;
    if (type_name == "A" || type_name == "SHORT-A" || type_name == "AAAA") {
      type = type_name == "AAAA" ? Type::kAaaa : Type::kA;
      const size_t octets = type_name == "AAAA" ? 16 : type_name == "A" ? 4 : 3;
      rdata.assign(octets, static_cast<uint8_t>(std::stoi(data)));
    } else {
      rdata = WireName(data);
      if (type_name == "BAD-NS") rdata.push_back(0);
    }
    response.Add(section, owner, type, type == Type::kNs ? 300 : 60, rdata, klass);
  }
  EXPECT_TRUE(in.eof()) << records;
  return response.bytes();
}

// `KIND ZONE ttl=N: NAME[=ADDRESS...] ...`, an address as its first octet, `v6-` before a long one.
std::string Describe(ReferralKind kind, const Referral& referral) {
  constexpr std::string_view kKinds[] = {"down", "upward", "sideways", "malformed"};
  std::string out(kKinds[static_cast<size_t>(kind)]);
  if (kind != ReferralKind::kDown) return out;
  out += " " + ToString(referral.zone.view()) + " ttl=" + std::to_string(referral.ttl) + ":";
  for (size_t i = 0; i < referral.name_server_count; ++i) {
    out += " " + ToString(referral.name_servers[i].view());
    for (const Referral::Address& address : std::span(referral.addresses).first(referral.address_count)) {
      if (address.name_server != i) continue;
      out += (address.octets == 16 ? "=v6-" : "=") + std::to_string(address.bytes[0]);
    }
  }
  return out;
}

struct ReferralCase {
  std::string_view what;
  std::string_view asked_zone;
  std::string records;
  std::string_view expected;
};

void RunCases(std::string_view name, const std::vector<ReferralCase>& cases) {
  for (const ReferralCase& test : cases) {
    const std::vector<uint8_t> bytes = Build(name, test.records);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone) << test.what;
    Referral referral;
    const ReferralKind kind = ReadReferral(message, WireName(name), WireName(test.asked_zone), referral);
    EXPECT_EQ(Describe(kind, referral), test.expected) << test.what;
  }
}

TEST(ReferralTest, OnlyDownwardsTowardsTheName) {
  RunCases(
      "4.3.2.1.in-addr.arpa",
      {
          {"one label down", "in-addr.arpa", "authority 1.in-addr.arpa NS ns.test",
           "down 1.in-addr.arpa ttl=300: ns.test"},
          {"several labels down", ".", "authority 2.1.in-addr.arpa NS ns.test",
           "down 2.1.in-addr.arpa ttl=300: ns.test"},
          {"the name itself", "3.2.1.in-addr.arpa", "authority 4.3.2.1.in-addr.arpa NS ns.test",
           "down 4.3.2.1.in-addr.arpa ttl=300: ns.test"},
          {"below the name", "3.2.1.in-addr.arpa", "authority 5.4.3.2.1.in-addr.arpa NS ns.test", "sideways"},
          {"beside the name", "2.1.in-addr.arpa", "authority 4.2.1.in-addr.arpa NS ns.test", "sideways"},
          {"the zone that was asked", "2.1.in-addr.arpa", "authority 2.1.in-addr.arpa NS ns.test", "upward"},
          {"its parent", "2.1.in-addr.arpa", "authority 1.in-addr.arpa NS ns.test", "upward"},
          {"the root", "2.1.in-addr.arpa", "authority . NS a.root.test", "upward"},
          {"another tree", "1.in-addr.arpa", "authority test NS ns.test", "sideways"},
          {"letters in any case", "in-addr.arpa", "authority 1.IN-ADDR.arpa NS NS.Test",
           "down 1.in-addr.arpa ttl=300: ns.test"},
          {"another class", "in-addr.arpa", "authority 1.in-addr.arpa CH-NS ns.test", "malformed"},
          {"no name server that can be read", "in-addr.arpa", "authority 1.in-addr.arpa BAD-NS ns.test",
           "malformed"},
          {"the second can be read", "in-addr.arpa",
           "authority 1.in-addr.arpa BAD-NS a.test\nauthority 1.in-addr.arpa NS b.test",
           "down 1.in-addr.arpa ttl=300: b.test"},
      });
}

TEST(ReferralTest, OneSetAndNoNameTwice) {
  RunCases("4.3.2.1.in-addr.arpa",
           {
               {"two names", "in-addr.arpa",
                "authority 1.in-addr.arpa NS a.test\nauthority 1.in-addr.arpa NS b.test",
                "down 1.in-addr.arpa ttl=300: a.test b.test"},
               {"the same name", "in-addr.arpa",
                "authority 1.in-addr.arpa NS a.test\nauthority 1.in-addr.arpa NS A.test",
                "down 1.in-addr.arpa ttl=300: a.test"},
               {"another zone's set beside it", "in-addr.arpa",
                "authority 1.in-addr.arpa NS a.test\nauthority 2.1.in-addr.arpa NS evil.test",
                "down 1.in-addr.arpa ttl=300: a.test"},
           });
  std::string sixteen;
  std::string expected = "down 1.in-addr.arpa ttl=300:";
  for (int i = 0; i < 16; ++i) {
    sixteen += "authority 1.in-addr.arpa NS n" + std::to_string(i) + ".test\n";
    expected += " n" + std::to_string(i) + ".test";
  }
  RunCases("4.3.2.1.in-addr.arpa",
           {{"as many as count", "in-addr.arpa", sixteen, expected},
            {"one more", "in-addr.arpa", sixteen + "authority 1.in-addr.arpa NS n16.test\n", expected}});
}

TEST(ReferralTest, AddressesInsideTheZoneThatWasAsked) {
  const std::string set =
      "authority sub.zone.test NS a.sub.zone.test\nauthority sub.zone.test NS ns.else.test\n";
  RunCases("x.sub.zone.test",
           {
               {"of the zone itself", "zone.test", set + "additional a.sub.zone.test A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test=9 ns.else.test"},
               {"both families", "zone.test",
                set + "additional a.sub.zone.test A 9\nadditional A.sub.zone.test AAAA 7\n",
                "down sub.zone.test ttl=300: a.sub.zone.test=9=v6-7 ns.else.test"},
               {"of another zone", "zone.test", set + "additional ns.else.test A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test ns.else.test"},
               {"of another zone, from above both", "test", set + "additional ns.else.test A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test ns.else.test=9"},
               {"of a name that is no server", "zone.test", set + "additional b.sub.zone.test A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test ns.else.test"},
               {"of the wrong length", "zone.test", set + "additional a.sub.zone.test SHORT-A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test ns.else.test"},
               {"the same twice", "zone.test",
                set + "additional a.sub.zone.test A 9\nadditional a.sub.zone.test A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test=9 ns.else.test"},
               {"in the answer section", "zone.test", set + "answer a.sub.zone.test A 9\n",
                "down sub.zone.test ttl=300: a.sub.zone.test ns.else.test"},
           });
  std::string many = "authority sub.zone.test NS a.sub.zone.test\n";
  std::string expected = "down sub.zone.test ttl=300: a.sub.zone.test";
  for (size_t i = 0; i < Referral::kMaxAddresses; ++i) {
    many += "additional a.sub.zone.test A " + std::to_string(i) + "\n";
    expected += "=" + std::to_string(i);
  }
  RunCases("x.sub.zone.test",
           {{"as many as count", "zone.test", many, expected},
            {"one more", "zone.test", many + "additional a.sub.zone.test A 99\n", expected}});
}

TEST(ReferralTest, NameServersOfAnAnswer) {
  struct AnswerCase {
    std::string_view what;
    std::string records;
    bool expected;
    size_t name_servers;
    size_t addresses;
  };
  const AnswerCase kCases[] = {
      {"the root's", "answer . NS a.root.test\nanswer . NS b.root.test\nadditional a.root.test A 9", true, 2,
       1},
      {"a referral", "authority . NS a.root.test", false, 0, 0},
      {"another owner's", "answer test NS a.root.test", false, 0, 0},
      {"none", "", false, 0, 0},
  };
  for (const AnswerCase& test : kCases) {
    const std::vector<uint8_t> bytes = Build(".", test.records);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone) << test.what;
    Referral referral;
    EXPECT_EQ(ReadNameServers(message, WireName("."), referral), test.expected) << test.what;
    EXPECT_EQ(referral.name_server_count, test.name_servers) << test.what;
    EXPECT_EQ(referral.address_count, test.addresses) << test.what;
  }
}

TEST(ReferralTest, ZoneOfData) {
  struct DataCase {
    std::string_view what;
    std::string records;
    std::string_view expected;  // Empty: nothing.
  };
  const DataCase kCases[] = {
      {"the zone that was asked", "authority 1.in-addr.arpa NS ns.test", "1.in-addr.arpa"},
      {"one below it", "authority 2.1.IN-ADDR.arpa NS ns.test", "2.1.in-addr.arpa"},
      {"the name itself", "authority 4.3.2.1.in-addr.arpa NS ns.test", "4.3.2.1.in-addr.arpa"},
      {"below the name", "authority 5.4.3.2.1.in-addr.arpa NS ns.test", ""},
      {"above the zone", "authority in-addr.arpa NS ns.test", ""},
      {"beside", "authority 3.1.in-addr.arpa NS ns.test", ""},
      {"in another section", "additional 1.in-addr.arpa NS ns.test", ""},
      {"none", "", ""},
  };
  for (const DataCase& test : kCases) {
    const std::vector<uint8_t> bytes = Build("4.3.2.1.in-addr.arpa", test.records);
    Message message;
    ASSERT_EQ(Message::Parse(bytes, message), ParseError::kNone) << test.what;
    Name zone;
    const bool told =
        ReadDataZone(message, WireName("4.3.2.1.in-addr.arpa"), WireName("1.in-addr.arpa"), zone);
    EXPECT_EQ(told ? ToString(zone.view()) : "", test.expected) << test.what;
  }
}

}  // namespace
}  // namespace codec::dns
