#include "scanner/cli/root_hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "scanner/cli/root_hints_builtin.h"

namespace scanner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<std::vector<RootServer>> Read(const std::string& text, uint16_t port = 53) {
  std::istringstream in(text);
  return ReadRootHints(in, "hints", port);
}

// `name address address`.
std::vector<std::string> Texts(const std::vector<RootServer>& servers) {
  std::vector<std::string> texts;
  for (const RootServer& server : servers) {
    std::string& text = texts.emplace_back(codec::dns::ToString(server.name.view()));
    for (const netio::Endpoint& address : server.addresses) text += " " + netio::ToString(address);
  }
  return texts;
}

TEST(ReadRootHints, TakesTheFormOfTheIana) {
  const absl::StatusOr<std::vector<RootServer>> servers = Read(
      ";       last update:     April 18, 2024\n"
      "; \n"
      "; FORMERLY NS.INTERNIC.NET \n"
      ";\n"
      ".                        3600000      NS    A.ROOT-SERVERS.NET.\n"
      "A.ROOT-SERVERS.NET.      3600000      A     198.41.0.4\n"
      "A.ROOT-SERVERS.NET.      3600000      AAAA  2001:503:ba3e::2:30\n"
      "; \n"
      "; FORMERLY NS1.ISI.EDU \n"
      ";\n"
      ".                        3600000      NS    B.ROOT-SERVERS.NET.\n"
      "B.ROOT-SERVERS.NET.      3600000      A     170.247.170.2\n"
      "B.ROOT-SERVERS.NET.      3600000      AAAA  2801:1b8:10::b\n"
      "; End of file");
  ASSERT_TRUE(servers.ok()) << servers.status();
  EXPECT_THAT(Texts(*servers), ElementsAre("a.root-servers.net 198.41.0.4:53 [2001:503:ba3e::2:30]:53",
                                           "b.root-servers.net 170.247.170.2:53 [2801:1b8:10::b]:53"));
}

TEST(ReadRootHints, TakesWhatMasterFilesMayLeaveOut) {
  const std::string expected = "ns.test 127.0.0.1:5300";
  const std::string ns = ". NS ns.test.\n";
  const std::string a = "ns.test. A 127.0.0.1\n";
  for (const std::string& text : {
           ns + a,
           a + ns,
           ns + a.substr(0, a.size() - 1),
           std::string(". IN NS ns.test\r\nns.test IN A 127.0.0.1\r\n"),
           std::string(". 1 IN NS NS.Test.\nnS.tESt. IN 1 A 127.0.0.1\n"),
           std::string(".\t2w3d\tin\tns\tns.test. ; a comment\nns.test. 1H a 127.0.0.1;another\n"),
           std::string("@ NS ns.test.\n\n   \n;\nns.test. A 127.0.0.1\n"),
           std::string("$TTL 1d\n$ttl 3600\n$ORIGIN .\n$origin . ; again\n") + ns + a,
           ns + ns + a + a,
           ns + a + "\tA 127.0.0.1\n",
           std::string(". NS ns.test.\n  ; a comment\n  NS ns.test.\nns.test. A 127.0.0.1\n"),
       }) {
    const absl::StatusOr<std::vector<RootServer>> servers = Read(text, 5300);
    ASSERT_TRUE(servers.ok()) << text << servers.status();
    EXPECT_THAT(Texts(*servers), ElementsAre(expected)) << text;
  }
}

TEST(ReadRootHints, KeepsTheOrder) {
  const absl::StatusOr<std::vector<RootServer>> servers = Read(
      ". NS b.test.\n. NS a.test.\n. NS silent.test.\n"
      "a.test. AAAA ::1\n A 127.0.0.2\n A 127.0.0.1\nb.test. A 127.0.0.1\n");
  ASSERT_TRUE(servers.ok()) << servers.status();
  EXPECT_THAT(Texts(*servers),
              ElementsAre("b.test 127.0.0.1:53", "a.test [::1]:53 127.0.0.2:53 127.0.0.1:53", "silent.test"));
}

TEST(ReadRootHints, NamesTheLineThatIsWrong) {
  struct Case {
    std::string line;  // The third.
    std::string message;
  };
  const Case cases[] = {
      {"nonsense", "hints:3: 'nonsense' is no NS, A or AAAA record; correct it"},
      {". NS", "is no NS, A or AAAA record"},
      {". NS a.test. b.test.", "is no NS, A or AAAA record"},
      {". CH NS b.test.", "is no NS, A or AAAA record"},
      {". IN IN NS b.test.", "is no NS, A or AAAA record"},
      {". 1 1 NS b.test.", "is no NS, A or AAAA record"},
      {". NS (b.test.)", "is not the name of a server"},
      {". NS \"b.test.\"", "is not the name of a server"},
      {". SOA a. b. 1 2 3 4 5", "is no NS, A or AAAA record"},
      {"a.test. TXT x", "is no NS, A or AAAA record"},
      {"test. NS b.test.", "hints:3: 'test' is not the root; leave its NS records out"},
      {". NS .", "'.' is not the name of a server"},
      {". NS b..test.", "'b..test.' is not the name of a server"},
      {". NS " + std::string(64, 'b') + ".", "is not the name of a server"},
      {"b..test. A 127.0.0.1", "'b..test.' is not a name"},
      {"a.test. A 127.0.0.256", "'127.0.0.256' is not an IPv4 address; correct it"},
      {"a.test. A 127.0.0.1:53", "'127.0.0.1:53' is not an IPv4 address"},
      {"a.test. A ::1", "'::1' is not an IPv4 address"},
      {"a.test. AAAA 127.0.0.1", "'127.0.0.1' is not an IPv6 address; correct it"},
      {"a.test. AAAA fe80::1%lo", "is not an IPv6 address"},
      {"b.test. A 127.0.0.1", "hints:3: 'b.test' is no server of the root; write `. NS NAME`"},
      {". A 127.0.0.1", "hints:3: '.' is no server of the root"},
      {"$ORIGIN test.", "'$ORIGIN test.' has no place in root hints"},
      {"$ORIGIN", "has no place in root hints"},
      {"$TTL soon", "has no place in root hints"},
      {"$INCLUDE /etc/passwd", "has no place in root hints"},
      {"\x7f"
       "ELF\x01",
       "hints:3: '\\127ELF\\001' is no NS"},
      {std::string("a\0b A 127.0.0.1", 15), "hints:3: 'a\\092000b' is no server"},
      {std::string(100'000, 'x'), "xxx...' is not a name"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<std::vector<RootServer>> servers =
        Read(". NS a.test.\na.test. A 127.0.0.1\n" + c.line + "\n");
    ASSERT_FALSE(servers.ok()) << c.line.substr(0, 80);
    EXPECT_EQ(servers.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string message(servers.status().message());
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, testing::StartsWith("hints:3: "));
    EXPECT_THAT(message, HasSubstr("; "));
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
    EXPECT_LT(message.size(), 300U);
  }
}

TEST(ReadRootHints, SaysWhatIsMissing) {
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"", "hints names no server of the root; write `. NS NAME`"},
      {"; nothing\n", "hints names no server of the root"},
      {"a.test. A 127.0.0.1\n", "hints names no server of the root"},
      {". NS a.test.\n", "hints tells no address of a root server; write `NAME A ADDRESS`"},
      {" NS a.test.\n", "hints:1: ' NS a.test.' has no owner"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<std::vector<RootServer>> servers = Read(c.text);
    ASSERT_FALSE(servers.ok()) << c.text;
    EXPECT_THAT(std::string(servers.status().message()), HasSubstr(c.message));
  }
}

TEST(ReadRootHints, IsBounded) {
  std::string servers;
  for (size_t i = 0; i < kMaxRootServers; ++i) servers += ". NS ns" + std::to_string(i) + ".test.\n";
  std::string addresses;
  for (size_t i = 0; i < kMaxRootServerAddresses; ++i) {
    addresses += "ns0.test. A 127.0.1." + std::to_string(i) + "\n";
  }
  const std::string most = servers + addresses;
  ASSERT_TRUE(Read(most).ok()) << Read(most).status();
  EXPECT_EQ(Read(most)->size(), kMaxRootServers);
  EXPECT_EQ(Read(most)->front().addresses.size(), kMaxRootServerAddresses);
  EXPECT_THAT(std::string(Read(most + ". NS more.test.\n").status().message()),
              HasSubstr("hints:129: 'more.test.' is a server too many; name at most 64"));
  EXPECT_THAT(std::string(Read(most + "ns0.test. A 127.0.2.1\n").status().message()),
              HasSubstr("hints:129: 'ns0.test' has an address too many; give a server at most 64"));

  const std::string padded = most + std::string(kMaxRootHintsOctets - most.size(), '\n');
  EXPECT_TRUE(Read(padded).ok()) << Read(padded).status();
  EXPECT_THAT(std::string(Read(padded + "\n").status().message()), HasSubstr("hints is larger than 1 MiB"));
}

TEST(BuiltinRootHints, AreThirteenOfBothFamilies) {
  const std::vector<RootServer> servers = BuiltinRootHints(5300);
  ASSERT_EQ(servers.size(), 13U);
  char letter = 'a';
  for (const RootServer& server : servers) {
    EXPECT_EQ(codec::dns::ToString(server.name.view()), std::string(1, letter++) + ".root-servers.net");
    ASSERT_EQ(server.addresses.size(), 2U);
    EXPECT_EQ(server.addresses[0].family, netio::Family::kIpv4);
    EXPECT_EQ(server.addresses[1].family, netio::Family::kIpv6);
    EXPECT_EQ(server.addresses[0].port, 5300);
  }
  EXPECT_EQ(Texts(servers)[1], "b.root-servers.net 170.247.170.2:5300 [2801:1b8:10::b]:5300");
}

}  // namespace
}  // namespace scanner
