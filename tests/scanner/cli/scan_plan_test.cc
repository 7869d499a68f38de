#include "scanner/cli/scan_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "scanner/cli/dry_run.h"
#include "tests/scanner/cli/text_file.h"

namespace scanner {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

absl::StatusOr<ScanPlan> Plan(const ScanOptions& options, const std::string& input = "") {
  std::istringstream in(input);
  return PlanScan(options, in);
}

ScanOptions Options() {
  ScanOptions options;
  options.targets = {"198.18.0.0/24"};
  options.resolvers = {"192.0.2.1"};
  return options;
}

TEST(PlanScan, HasTheDefaultsOfTheSpecification) {
  ScanOptions options = Options();
  options.resolvers = {"192.0.2.1", "127.0.0.1"};
  const absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->total.packets_per_second, 10'000);
  EXPECT_EQ(plan->total.burst, 64U);
  ASSERT_EQ(plan->servers.size(), 2U);
  EXPECT_EQ(plan->servers[0].limits.budget.packets_per_second, 1000);
  EXPECT_EQ(plan->servers[0].limits.max_window, 1000U);
  EXPECT_EQ(plan->servers[1].limits.budget.packets_per_second, 0);
  EXPECT_EQ(plan->policy.retries, 3U);
  EXPECT_EQ(plan->policy.edns_size, 1232);
  EXPECT_TRUE(plan->policy.cookies);
  EXPECT_TRUE(plan->policy.recursion_desired);
  EXPECT_FALSE(plan->policy.mix_case);
  EXPECT_FALSE(plan->policy.timeout);
  EXPECT_TRUE(plan->forward);
  EXPECT_EQ(plan->output, "-");
  EXPECT_EQ(plan->format, OutputFormat{});
  EXPECT_EQ(plan->columns.size(), kColumns);
  EXPECT_DOUBLE_EQ(plan->max_temperror, 0.01);
  EXPECT_EQ(plan->cursor.order, Order::kRandom);
  EXPECT_EQ(plan->cursor.seed, 0U);
  EXPECT_EQ(plan->sockets.ipv6_ports, 0);
  EXPECT_GE(plan->engines, 1U);
}

TEST(PlanScan, ShardsShareTheRates) {
  ScanOptions options = Options();
  options.rate = "3k";
  options.server_rate = "100";
  options.shard = "1/4";
  const absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_DOUBLE_EQ(plan->total.packets_per_second, 750);
  EXPECT_DOUBLE_EQ(plan->servers[0].limits.budget.packets_per_second, 25);
  EXPECT_EQ(plan->cursor.shard, 1U);
  EXPECT_EQ(plan->cursor.shards, 4U);
}

TEST(PlanScan, TheEnginesShareTheWindow) {
  ScanOptions options = Options();
  options.threads = "4";
  options.window = "10";
  absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_LE(plan->engines * plan->policy.window, 10U);
  EXPECT_EQ(plan->servers[0].limits.max_window, 10U);
  options.window = "3";  // Fewer than engines.
  plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->engines, 3U);
  EXPECT_EQ(plan->policy.window, 1U);
}

TEST(PlanScan, AllShardsAndNoOthersHaveOneScanId) {
  ScanOptions options = Options();
  options.shard = "0/2";
  const std::string first = Plan(options)->scan_id;
  EXPECT_EQ(first.size(), 16U);
  options.shard = "1/2";
  options.rate = "1";
  EXPECT_EQ(Plan(options)->scan_id, first);
  ScanOptions other = options;
  other.seed = "1";
  EXPECT_NE(Plan(other)->scan_id, first);
  other = options;
  other.exclusions = {"198.18.0.7"};
  EXPECT_NE(Plan(other)->scan_id, first);
  other = options;
  other.targets = {"198.18.0.0/25", "198.18.0.128/25"};  // The same targets, written in another way.
  EXPECT_EQ(Plan(other)->scan_id, first);
}

TEST(PlanScan, ReadsTargetsFromEverywhere) {
  const TextFile list("198.18.1.0/24  # one\n");
  const TextFile exclusions("198.18.0.0/25\n");
  ScanOptions options = Options();
  options.targets.emplace_back("-");
  options.targets_files = {list.path()};
  options.exclusions = {"198.18.1.1"};
  options.exclude_files = {exclusions.path()};
  const absl::StatusOr<ScanPlan> plan = Plan(options, "198.18.2.1\n# none\n198.18.2.2-198.18.2.3\n");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->targets.targets(), 128U + 255 + 3);
  EXPECT_EQ(plan->targets.excluded(), 129U);
}

// Each case sets one option of a good command line to something that is refused, or to its legal neighbour.
struct Case {
  const char* name;
  ScanOptions::Text ScanOptions::* option;
  const char* refused;
  const char* taken;
};

TEST(PlanScan, NamesTheOptionThatIsRefused) {
  const Case cases[] = {
      {"--rate", &ScanOptions::rate, "1001M", "1000M"},
      {"--rate", &ScanOptions::rate, "-1", "0"},
      {"--server-rate", &ScanOptions::server_rate, "fast", "0"},
      {"--burst", &ScanOptions::burst, "0", "1"},
      {"--burst", &ScanOptions::burst, "10001", "10000"},
      {"--window", &ScanOptions::window, "0", "1"},
      {"--window", &ScanOptions::window, "65537", "65536"},
      {"--timeout", &ScanOptions::timeout, "0", "1"},
      {"--timeout", &ScanOptions::timeout, "60001", "60000"},
      {"--retries", &ScanOptions::retries, "16", "15"},
      {"--retries", &ScanOptions::retries, "-1", "0"},
      {"--edns-size", &ScanOptions::edns_size, "511", "512"},
      {"--edns-size", &ScanOptions::edns_size, "4097", "4096"},
      {"--io", &ScanOptions::io, "epoll", "mmsg"},
      {"--order", &ScanOptions::order, "sorted", "sequential"},
      {"--seed", &ScanOptions::seed, "18446744073709551616", "18446744073709551615"},
      {"--shard", &ScanOptions::shard, "2/2", "1/2"},
      {"--threads", &ScanOptions::threads, "0", "1"},
      {"--threads", &ScanOptions::threads, "257", "256"},
      {"--max-targets", &ScanOptions::max_targets, "0", "1"},
      {"--max-targets", &ScanOptions::max_targets, "101%", "100%"},
      {"--max-runtime", &ScanOptions::max_runtime, "0", "1"},
      {"--max-runtime", &ScanOptions::max_runtime, "31622401", "31622400"},
      {"--max-temperror", &ScanOptions::max_temperror, "100.5%", "100%"},
      {"--progress", &ScanOptions::progress, "yes", "never"},
      {"--format", &ScanOptions::format, "xml", "ndjson.zst"},
      {"--output", &ScanOptions::output, "results.txt", "results.csv.zst"},
      {"--row-group-rows", &ScanOptions::row_group_rows, "0", "1"},
      {"--row-group-rows", &ScanOptions::row_group_rows, "1048577", "1048576"},
      {"--fields", &ScanOptions::fields, "address,adress", "address,names"},
      {"--fields", &ScanOptions::fields, "", "scan_id"},
      {"--only", &ScanOptions::only, "everything", "problems"},
      {"--only", &ScanOptions::only, "fail,all", "fail,no_ptr"},
      {"--metadata-file", &ScanOptions::metadata_file, "", "metadata.json"},
      {"--status-file", &ScanOptions::status_file, "-", "status.ndjson"},
  };
  for (const Case& c : cases) {
    ScanOptions options = Options();
    options.*c.option = c.refused;
    const absl::StatusOr<ScanPlan> plan = Plan(options);
    ASSERT_FALSE(plan.ok()) << c.name << ' ' << c.refused;
    const std::string message(plan.status().message());
    EXPECT_THAT(message, StartsWith(std::string(c.name) + ": "));
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
    options.*c.option = c.taken;
    EXPECT_TRUE(Plan(options).ok()) << c.name << ' ' << c.taken << ": " << Plan(options).status();
  }
}

TEST(PlanScan, RefusesWhatContradictsItself) {
  struct Contradiction {
    const char* message;
    void (*set)(ScanOptions&);
  };
  const Contradiction cases[] = {
      {"no targets; give", [](ScanOptions& o) { o.targets.clear(); }},
      {"-4 and -6", [](ScanOptions& o) { o.only_ipv4 = o.only_ipv6 = true; }},
      {"no target is IPv6; leave out -6", [](ScanOptions& o) { o.only_ipv6 = true; }},
      {"every target is excluded", [](ScanOptions& o) { o.exclusions = {"198.18.0.0/15"}; }},
      {"--include-reserved",
       [](ScanOptions& o) {
         o.targets = {"192.168.0.0-192.169.0.0"};
         o.exclusions = {"192.169.0.0"};
       }},
      {"is the output",
       [](ScanOptions& o) {
         o.output = "a.csv";
         o.metadata_file = "a.csv";
       }},
      {"is the output",
       [](ScanOptions& o) {
         o.output = "a.csv";
         o.status_file = "a.csv.partial";
       }},
      {"is the output",
       [](ScanOptions& o) {
         o.output = "a.csv";
         o.status_file = "a.csv.journal";
       }},
      {"give one of them",
       [](ScanOptions& o) {
         o.output = "a.csv";
         o.resume = o.overwrite = true;
       }},
      {"standard output cannot be gone on with", [](ScanOptions& o) { o.resume = true; }},
      {"is the metadata file",
       [](ScanOptions& o) {
         o.metadata_file = "a.json";
         o.status_file = "a.json";
       }},
      {"no resolver is IPv6", [](ScanOptions& o) { o.sources = {"2001:db8::1"}; }},
      {"second address of its family", [](ScanOptions& o) { o.sources = {"192.0.2.1", "192.0.2.2"}; }},
      {"--source: '192.0.2.1:53'", [](ScanOptions& o) { o.sources = {"192.0.2.1:53"}; }},
      {"target '198.18.0.0/33'", [](ScanOptions& o) { o.targets = {"198.18.0.0/33"}; }},
      {"--exclude: 'x'", [](ScanOptions& o) { o.exclusions = {"x"}; }},
      {"--targets-file /nonexistent: No such file",
       [](ScanOptions& o) { o.targets_files = {"/nonexistent"}; }},
      {"/tmp: cannot be read", [](ScanOptions& o) { o.exclude_files = {"/tmp"}; }},
      {"standard input:2: 'two'", [](ScanOptions& o) { o.targets = {"-"}; }},
  };
  for (const Contradiction& c : cases) {
    ScanOptions options = Options();
    c.set(options);
    const absl::StatusOr<ScanPlan> plan = Plan(options, "192.0.2.1\ntwo\n");
    ASSERT_FALSE(plan.ok()) << c.message;
    const std::string message(plan.status().message());
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
  }
}

TEST(PlanScan, SaysWhyNothingIsLeft) {
  ScanOptions options = Options();
  options.targets = {"-"};
  EXPECT_THAT(std::string(Plan(options, "# nothing\n").status().message()), HasSubstr("names no target"));
}

TEST(DryRunText, CountsWhatWouldBeAsked) {
  ScanOptions options = Options();
  options.targets = {"198.18.0.0/16"};
  options.exclusions = {"198.18.0.0/24"};
  options.no_forward = true;
  options.max_targets = "10%";
  absl::StatusOr<ScanPlan> plan = Plan(options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const BlockSet blocks(std::move(plan->targets));
  const BlockCursor cursor(blocks, plan->cursor);
  const std::string text = DryRunText(*plan, {.excluded = 256, .reserved = 0}, cursor);
  EXPECT_THAT(text, HasSubstr("targets   6,528; 256 excluded, 0 reserved"));
  EXPECT_THAT(text, HasSubstr("blocks    255\n"));
  EXPECT_THAT(text, HasSubstr("servers   1\n"));
  EXPECT_THAT(text, HasSubstr("packets   about 6,855\n"));
  EXPECT_THAT(text, HasSubstr("at least 6.8 s at 1,000 packets per second"));
}

}  // namespace
}  // namespace scanner
