#include "scanner/cli/resolvers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "scanner/cli/resolv_conf.h"
#include "tests/scanner/cli/text_file.h"

namespace scanner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Names(const std::vector<netio::Endpoint>& endpoints) {
  std::vector<std::string> names;
  names.reserve(endpoints.size());
  for (const netio::Endpoint& endpoint : endpoints) names.push_back(ToString(endpoint));
  return names;
}

TEST(ReadResolvConf, TakesNameserverLines) {
  std::istringstream in(
      "# nameserver 192.0.2.9\n"
      "; nameserver 192.0.2.8\n"
      "search example.net\n"
      "nameserver 192.0.2.1\n"
      "  nameserver\t2001:db8::1  # trailing words do not matter\r\n"
      "nameservers 192.0.2.7\n"
      "options ndots:1\n"
      "nameserver 127.0.0.53");
  const absl::StatusOr<std::vector<netio::Endpoint>> found = ReadResolvConf(in, "conf");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(Names(*found), ElementsAre("192.0.2.1:53", "[2001:db8::1]:53", "127.0.0.53:53"));
}

TEST(ReadResolvConf, NamesTheLineThatIsWrong) {
  for (const char* bad :
       {"nameserver", "nameserver example.net", "nameserver 192.0.2.1:53", "nameserver [2001:db8::1]:53",
        "nameserver 192.0.2.1:54", "nameserver 192.0.2.256"}) {
    std::istringstream in("options edns0\n" + std::string(bad) + "\n");
    const absl::StatusOr<std::vector<netio::Endpoint>> found = ReadResolvConf(in, "conf");
    ASSERT_FALSE(found.ok()) << bad;
    EXPECT_THAT(std::string(found.status().message()), HasSubstr("conf:2: ")) << bad;
  }
}

TEST(Resolver, DefaultsDependOnWhereItComesFrom) {
  struct Case {
    const char* address;
    uint64_t system_rate;
    uint64_t named_rate;
  };
  const Case cases[] = {
      {"192.0.2.1", 200, 1000},  {"2001:db8::1", 200, 1000}, {"127.0.0.53", 200, 1000}, {"127.0.0.1", 0, 0},
      {"127.0.0.52", 0, 0},      {"127.0.0.54", 0, 0},       {"127.1.2.3", 0, 0},       {"::1", 0, 0},
      {"126.0.0.53", 200, 1000}, {"128.0.0.1", 200, 1000},   {"::2", 200, 1000},
  };
  for (const Case& c : cases) {
    const netio::Endpoint endpoint = netio::ParseEndpoint(c.address, kDnsPort).value();
    EXPECT_EQ((Resolver{.endpoint = endpoint, .named = false}.DefaultRate()), c.system_rate) << c.address;
    EXPECT_EQ((Resolver{.endpoint = endpoint, .named = true}.DefaultRate()), c.named_rate) << c.address;
  }
  EXPECT_EQ((Resolver{.endpoint = {}, .named = false}.DefaultWindow()), 100U);
  EXPECT_EQ((Resolver{.endpoint = {}, .named = true}.DefaultWindow()), 1000U);
}

TEST(FindResolvers, PrefersThoseNamed) {
  const TextFile conf("nameserver 192.0.2.1\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n");
  const TextFile list("# a list\n192.0.2.3 # the third\n\n[2001:db8::4]:5353\r\n192.0.2.3:53\n");
  ScanOptions options;
  absl::StatusOr<std::vector<Resolver>> found = FindResolvers(options, conf.path());
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 2U);
  EXPECT_FALSE(found->front().named);

  options.resolvers = {"192.0.2.5:54", "192.0.2.5"};
  options.resolvers_files = {list.path()};
  found = FindResolvers(options, conf.path());
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<netio::Endpoint> endpoints;
  for (const Resolver& resolver : *found) {
    EXPECT_TRUE(resolver.named);
    endpoints.push_back(resolver.endpoint);
  }
  EXPECT_THAT(Names(endpoints),
              ElementsAre("192.0.2.5:54", "192.0.2.5:53", "192.0.2.3:53", "[2001:db8::4]:5353"));
}

TEST(FindResolvers, SaysWhatIsWrong) {
  const TextFile empty("# nobody\n");
  const TextFile bad("192.0.2.1\nexample.net\n");
  struct Case {
    std::vector<std::string> resolvers;
    std::vector<std::string> files;
    std::string conf;
    std::string message;
  };
  const Case cases[] = {
      {{}, {}, empty.path(), empty.path() + " names no resolver"},
      {{}, {}, "/nonexistent/resolv.conf", "/nonexistent/resolv.conf names no resolver"},
      {{"example.net"}, {}, empty.path(), "--resolver: 'example.net' is not ADDR"},
      {{"192.0.2.1:0"}, {}, empty.path(), "--resolver: '192.0.2.1:0'"},
      {{"192.0.2.1:65536"}, {}, empty.path(), "--resolver: '192.0.2.1:65536'"},
      {{"[2001:db8::1"}, {}, empty.path(), "--resolver: '[2001:db8::1'"},
      {{""}, {}, empty.path(), "--resolver: ''"},
      {{}, {bad.path()}, empty.path(), bad.path() + ":2: 'example.net' is not ADDR"},
      {{}, {empty.path()}, bad.path(), "--resolvers-file " + empty.path() + " names no resolver"},
      {{}, {"/nonexistent"}, empty.path(), "--resolvers-file /nonexistent: No such file"},
  };
  for (const Case& c : cases) {
    ScanOptions options;
    options.resolvers = c.resolvers;
    options.resolvers_files = c.files;
    const absl::StatusOr<std::vector<Resolver>> found = FindResolvers(options, c.conf);
    ASSERT_FALSE(found.ok()) << c.message;
    EXPECT_THAT(std::string(found.status().message()), HasSubstr(c.message));
  }
}

TEST(FindResolvers, TakesTenThousand) {
  std::string text;
  for (size_t i = 0; i < kMaxResolvers; ++i) {
    text += "10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256) + "\n";
  }
  const TextFile most(text);
  const TextFile too_many(text + "192.0.2.1\n");
  ScanOptions options;
  options.resolvers_files = {most.path()};
  EXPECT_TRUE(FindResolvers(options, "").ok());
  options.resolvers_files = {too_many.path()};
  const absl::StatusOr<std::vector<Resolver>> found = FindResolvers(options, "");
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("10001 resolvers; give at most 10000"));
}

}  // namespace
}  // namespace scanner
