// Plans of --mode authoritative.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "scanner/cli/dry_run.h"
#include "scanner/cli/scan_plan.h"
#include "tests/scanner/cli/text_file.h"

namespace scanner {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

absl::StatusOr<ScanPlan> Plan(const ScanOptions& options, const std::string& input = "") {
  std::istringstream in(input);
  return PlanScan(options, in);
}

ScanOptions Options() {
  ScanOptions options;
  options.targets = {"198.18.0.0/24"};
  options.mode = "authoritative";
  return options;
}

// Root hints of this machine alone.
class Hints : public TextFile {
 public:
  Hints() : TextFile(". NS root.test.\nroot.test. A 127.0.0.1\nroot.test. A 127.0.0.2\n") {}
};

TEST(AuthoritativePlan, HasTheDefaultsOfTheSpecification) {
  const Hints hints;
  ScanOptions options = Options();
  options.root_hints = hints.path();
  const absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->mode, Mode::kAuthoritative);
  EXPECT_TRUE(plan->servers.empty());
  ASSERT_EQ(plan->root_servers.size(), 2U);
  EXPECT_EQ(netio::ToString(plan->root_servers[1]), "127.0.0.2:53");
  EXPECT_EQ(plan->dns_port, 53);
  EXPECT_EQ(plan->server_limits.budget.packets_per_second, 50) << "of loopback too";
  EXPECT_EQ(plan->server_limits.budget.burst, 8U);
  EXPECT_EQ(plan->server_limits.max_window, 100U);
  EXPECT_EQ(plan->total.packets_per_second, 10'000);
  EXPECT_EQ(plan->total.burst, 64U);
  EXPECT_FALSE(plan->policy.recursion_desired);
  EXPECT_GT(plan->sockets.ipv4_ports, 0);
  EXPECT_THAT(plan->identity, Contains(Pair("--mode", "authoritative")));
}

TEST(AuthoritativePlan, ResolverModeIsTheDefault) {
  ScanOptions options = Options();
  options.resolvers = {"192.0.2.1"};
  for (const ScanOptions::Text& mode : {ScanOptions::Text(), ScanOptions::Text("resolver")}) {
    options.mode = mode;
    const absl::StatusOr<ScanPlan> plan = Plan(options);
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_EQ(plan->mode, Mode::kResolver);
    EXPECT_TRUE(plan->root_servers.empty());
    EXPECT_TRUE(plan->policy.recursion_desired);
    EXPECT_THAT(plan->identity, Contains(Pair("--mode", "resolver")));
  }
}

// Whichever families this machine has, the built-in servers of each are all there or none.
TEST(AuthoritativePlan, BeginsAtTheRootServersOfTheInternet) {
  const absl::StatusOr<ScanPlan> plan = Plan(Options());
  ASSERT_TRUE(plan.ok()) << plan.status();
  const size_t families =
      (plan->sockets.ipv4_ports != 0 ? 1U : 0U) + (plan->sockets.ipv6_ports != 0 ? 1U : 0U);
  EXPECT_EQ(plan->root_servers.size(), 13 * families);
  EXPECT_GT(families, 0U);
  for (const netio::Endpoint& server : plan->root_servers) EXPECT_EQ(server.port, 53);
}

TEST(AuthoritativePlan, TakesWhatIsGiven) {
  const Hints hints;
  ScanOptions options = Options();
  options.root_hints = hints.path();
  options.dns_port = "5300";
  options.rate = "1k";
  options.server_rate = "20";
  options.burst = "3";
  options.window = "40";
  options.threads = "1";
  options.shard = "0/8";
  options.sources = {"127.0.0.1"};
  absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->dns_port, 5300);
  EXPECT_EQ(netio::ToString(plan->root_servers[0]), "127.0.0.1:5300");
  EXPECT_DOUBLE_EQ(plan->server_limits.budget.packets_per_second, 2.5);
  EXPECT_EQ(plan->server_limits.budget.burst, 3U);
  EXPECT_EQ(plan->server_limits.max_window, 40U);
  EXPECT_EQ(plan->policy.window, 40U);
  EXPECT_DOUBLE_EQ(plan->total.packets_per_second, 125);
  EXPECT_EQ(plan->total.burst, 3U);
  EXPECT_TRUE(plan->sockets.ipv4_source);

  options.window.reset();
  options.server_rate = "0";
  options.own_servers = true;
  plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->server_limits.budget.packets_per_second, 0);
  EXPECT_EQ(plan->server_limits.max_window, 1000U);
}

TEST(AuthoritativePlan, RefusesInOneLineAndTakesTheNeighbour) {
  const Hints hints;
  const TextFile resolvers("192.0.2.1\n");
  struct Case {
    std::string message;
    void (*refused)(ScanOptions&);
    void (*taken)(ScanOptions&);
  };
  const Case cases[] = {
      {"--mode: 'iterative' is not one of resolver, authoritative",
       [](ScanOptions& o) { o.mode = "iterative"; }, [](ScanOptions&) {}},
      {"--resolver: --mode authoritative asks no resolver",
       [](ScanOptions& o) { o.resolvers = {"192.0.2.1"}; },
       [](ScanOptions& o) { o.resolvers = {"192.0.2.1"}, o.mode = "resolver"; }},
      {"--resolvers-file: --mode authoritative asks no resolver",
       [](ScanOptions& o) { o.resolvers_files = {"/nonexistent"}; }, [](ScanOptions&) {}},
      {"--root-hints belongs to --mode authoritative",
       [](ScanOptions& o) { o.root_hints = "/nonexistent", o.mode = "resolver"; }, [](ScanOptions&) {}},
      {"--dns-port belongs to --mode authoritative",
       [](ScanOptions& o) { o.dns_port = "53", o.mode.reset(); }, [](ScanOptions& o) { o.dns_port = "53"; }},
      {"--i-own-these-servers belongs to --mode authoritative",
       [](ScanOptions& o) { o.own_servers = true, o.mode.reset(); },
       [](ScanOptions& o) { o.own_servers = true; }},
      {"--server-rate: 0 sets no limit", [](ScanOptions& o) { o.server_rate = "0"; },
       [](ScanOptions& o) { o.server_rate = "1"; }},
      {"--i-own-these-servers where they are yours", [](ScanOptions& o) { o.server_rate = "0k"; },
       [](ScanOptions& o) { o.server_rate = "0k", o.own_servers = true; }},
      {"--dns-port: '0' is not a number from 1 to 65535", [](ScanOptions& o) { o.dns_port = "0"; },
       [](ScanOptions& o) { o.dns_port = "1"; }},
      {"--dns-port: '65536' is not", [](ScanOptions& o) { o.dns_port = "65536"; },
       [](ScanOptions& o) { o.dns_port = "65535"; }},
      {"--root-hints /nonexistent: No such file", [](ScanOptions& o) { o.root_hints = "/nonexistent"; },
       [](ScanOptions&) {}},
      {"--contact: '' is not printable text", [](ScanOptions& o) { o.contact = ""; },
       [](ScanOptions& o) { o.contact = "x"; }},
      {"--contact: ", [](ScanOptions& o) { o.contact = std::string(255, 'x'); },
       [](ScanOptions& o) { o.contact = std::string(254, 'x'); }},
      {"--contact: 'a\\010b'", [](ScanOptions& o) { o.contact = "a\nb"; },
       [](ScanOptions& o) { o.contact = "a b"; }},
      {"--contact: '\\127'", [](ScanOptions& o) { o.contact = "\x7f"; },
       [](ScanOptions& o) { o.contact = "~"; }},
      {"--contact: '\\255'", [](ScanOptions& o) { o.contact = "\xff"; },
       [](ScanOptions& o) { o.contact = "\xc3\xbf"; }},
      {"--contact: '\\194\\133'", [](ScanOptions& o) { o.contact = "\xc2\x85"; },
       [](ScanOptions& o) { o.contact = "\xc2\xa1"; }},
      {"target '192.168.0.0/24': private space", [](ScanOptions& o) { o.targets = {"192.168.0.0/24"}; },
       [](ScanOptions& o) { o.targets = {"192.169.0.0/24"}; }},
      {"standard input:2: '10.0.0.1': private space", [](ScanOptions& o) { o.targets = {"-"}; },
       [](ScanOptions& o) { o.targets = {"-"}, o.only_ipv6 = true, o.targets.emplace_back("2a00::1"); }},
      {"in reserved or private space; --include-reserved sweeps",
       [](ScanOptions& o) {
         o.targets = {"192.168.255.0-192.169.0.0"};
         o.exclusions = {"192.169.0.0"};
       },
       [](ScanOptions& o) { o.targets = {"192.168.255.0-192.169.0.0"}; }},
  };
  for (const Case& c : cases) {
    ScanOptions options = Options();
    c.refused(options);
    const absl::StatusOr<ScanPlan> plan = Plan(options, "198.18.0.0/24\n10.0.0.1\n");
    ASSERT_FALSE(plan.ok()) << c.message;
    EXPECT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string message(plan.status().message());
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, Not(HasSubstr("\n")));
    options = Options();
    c.taken(options);
    EXPECT_TRUE(Plan(options, "198.18.0.0/24\n10.0.0.1\n").ok())
        << c.message << Plan(options, "198.18.0.0/24\n10.0.0.1\n").status();
  }
}

TEST(AuthoritativePlan, RootHintsOpenPrivateSpace) {
  const Hints hints;
  ScanOptions options = Options();
  options.targets = {"10.0.0.0/24"};
  EXPECT_FALSE(Plan(options).ok());
  options.root_hints = hints.path();
  const absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->targets.targets(), 256U);
  // Resolvers serve it for their own network.
  options = Options();
  options.targets = {"10.0.0.0/24"};
  options.mode.reset();
  options.resolvers = {"192.0.2.1"};
  EXPECT_TRUE(Plan(options).ok());
}

TEST(AuthoritativePlan, LeavesPrivateSpaceOutOfLargerTargets) {
  ScanOptions options = Options();
  options.targets = {"192.168.255.0-192.169.0.9"};
  options.include_reserved = true;
  const absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->targets.targets(), 10U);
  EXPECT_EQ(plan->targets.reserved(), 256U);
}

struct Text {
  std::string text;

  explicit Text(const ScanOptions& options) {
    absl::StatusOr<ScanPlan> plan = Plan(options);
    EXPECT_TRUE(plan.ok()) << plan.status();
    if (!plan.ok()) return;
    const BlockSet blocks(std::move(plan->targets));
    const BlockCursor cursor(blocks, plan->cursor);
    text = DryRunText(*plan, {.excluded = 0, .reserved = 0}, cursor);
  }
};

TEST(AuthoritativePlan, DryRunSaysWhatIsKnownBeforehand) {
  const Hints hints;
  ScanOptions options = Options();
  options.targets = {"198.18.0.0/16"};
  options.root_hints = hints.path();
  options.no_forward = true;
  const Text usual(options);
  EXPECT_THAT(usual.text, HasSubstr("targets   65,536; "));
  EXPECT_THAT(
      usual.text,
      HasSubstr("servers   those that the delegations name, from 2 addresses of root servers on; to each "
                "at most 50 packets per second\n"));
  EXPECT_THAT(usual.text, HasSubstr("packets   about 68,813\n"));
  EXPECT_THAT(usual.text, HasSubstr("time      at least 6.8 s at 10,000 packets per second, 22:56 where one "
                                    "server answers for all\n"));
  options.rate = "0";
  EXPECT_THAT(Text(options).text, HasSubstr("time      22:56 where one server answers for all\n"));
  options.shard = "0/4";
  EXPECT_THAT(Text(options).text, HasSubstr("at most 12.5 packets per second\n"));
  options.shard.reset();
  options.server_rate = "0";
  options.own_servers = true;
  EXPECT_THAT(Text(options).text, HasSubstr("on; no rate is set for them\n"));
  EXPECT_THAT(Text(options).text, HasSubstr("time      as fast as the servers answer; no rate is set\n"));
}

}  // namespace
}  // namespace scanner
