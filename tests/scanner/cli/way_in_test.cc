#include "scanner/cli/way_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/scanner/cli/text_file.h"

namespace scanner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Texts(const std::vector<netio::Endpoint>& endpoints) {
  std::vector<std::string> texts;
  texts.reserve(endpoints.size());
  for (const netio::Endpoint& endpoint : endpoints) texts.push_back(netio::ToString(endpoint));
  return texts;
}

bool IsIpv4(const netio::Endpoint& endpoint) { return endpoint.family == netio::Family::kIpv4; }

constexpr const char* kBoth =
    ". NS a.test.\n. NS b.test.\na.test. A 192.0.2.1\na.test. AAAA 2001:db8::1\n"
    "b.test. A 192.0.2.1\nb.test. A 192.0.2.2\n";

// A machine by what has a route from it.
bool Everything(const netio::Endpoint& /*to*/) { return true; }
bool Nothing(const netio::Endpoint& /*to*/) { return false; }
bool OnlyIpv4(const netio::Endpoint& to) { return IsIpv4(to); }
bool OnlyIpv6(const netio::Endpoint& to) { return !IsIpv4(to); }
bool OnlyLoopback(const netio::Endpoint& to) {
  return IsIpv4(to) ? to.address[0] == 127 : netio::ToAddressString(to) == "::1";
}
bool Ipv4AndLoopback(const netio::Endpoint& to) { return IsIpv4(to) || OnlyLoopback(to); }
bool OneOfThem(const netio::Endpoint& to) { return OnlyLoopback(to) || to.address[3] == 2; }

TEST(FindWayIn, UsesTheFamiliesThatHaveRoutes) {
  struct Case {
    const char* why;
    const char* hints;
    RouteCheck has_route;
    bool ipv4;
    bool ipv6;
    size_t roots;
  };
  const char* ipv4 = ". NS a.test.\na.test. A 192.0.2.1\n";
  const char* ipv6 = ". NS a.test.\na.test. AAAA 2001:db8::1\n";
  const Case cases[] = {
      {"both", kBoth, Everything, true, true, 3},
      {"no IPv6 at all", kBoth, OnlyIpv4, true, false, 2},
      {"IPv6 within the machine alone", kBoth, Ipv4AndLoopback, true, false, 2},
      {"no IPv4 at all", kBoth, OnlyIpv6, false, true, 1},
      {"one route is enough", kBoth, OneOfThem, true, false, 2},
      {"cut off", kBoth, OnlyLoopback, true, true, 3},
      {"servers found later may be IPv6", ipv4, Everything, true, true, 1},
      {"servers found later may be within the machine", ipv4, Ipv4AndLoopback, true, true, 1},
      {"servers found later cannot be IPv6", ipv4, OnlyIpv4, true, false, 1},
      {"servers found later may be IPv4", ipv6, Everything, true, true, 1},
      {"servers found later cannot be IPv4", ipv6, OnlyIpv6, false, true, 1},
  };
  for (const Case& c : cases) {
    const TextFile file(c.hints);
    const absl::StatusOr<WayIn> way = FindWayIn(file.path(), 53, c.has_route);
    ASSERT_TRUE(way.ok()) << c.why << way.status();
    EXPECT_EQ(way->ipv4, c.ipv4) << c.why;
    EXPECT_EQ(way->ipv6, c.ipv6) << c.why;
    EXPECT_EQ(way->roots.size(), c.roots) << c.why;
  }
}

TEST(FindWayIn, NamesEachAddressOnceAtThePort) {
  const TextFile file(kBoth);
  EXPECT_THAT(Texts(FindWayIn(file.path(), 5300, Everything)->roots),
              ElementsAre("192.0.2.1:5300", "[2001:db8::1]:5300", "192.0.2.2:5300"));
}

TEST(FindWayIn, KnowsTheRootServersOfTheInternet) {
  const absl::StatusOr<WayIn> way = FindWayIn(std::nullopt, 53, OnlyIpv4);
  ASSERT_TRUE(way.ok()) << way.status();
  EXPECT_EQ(way->roots.size(), 13U);
  EXPECT_THAT(Texts(way->roots), testing::Contains("198.41.0.4:53"));
  EXPECT_EQ(FindWayIn(std::nullopt, 53, Everything)->roots.size(), 26U);
}

TEST(FindWayIn, SaysWhatIsWrong) {
  const TextFile bad("; hints\n. NS a.test.\na.test. A 192.0.2\n");
  const TextFile ipv6(". NS a.test.\na.test. AAAA 2001:db8::1\n");
  struct Case {
    std::string path;
    RouteCheck has_route;
    std::string message;
  };
  const Case cases[] = {
      {"/nonexistent", Everything, "--root-hints /nonexistent: No such file"},
      {"/tmp", Everything, "/tmp: cannot be read"},
      {"/dev/zero", Everything, "/dev/zero is larger than 1 MiB"},
      {bad.path(), Everything, bad.path() + ":3: '192.0.2' is not an IPv4 address"},
      {ipv6.path(), OnlyIpv4,
       "--root-hints " + ipv6.path() + ": this machine can use no address of them; add "},
      {ipv6.path(), Nothing, "this machine can use no address of them"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<WayIn> way = FindWayIn(c.path, 53, c.has_route);
    ASSERT_FALSE(way.ok()) << c.message;
    EXPECT_EQ(way.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string message(way.status().message());
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace scanner
