// Sweeps that ask authoritative servers, from the root down.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/scanner/core/scripted_sweep.h"
#include "tests/scanner/core/zone_script.h"

namespace scanner {
namespace {

// s0 the root; s1 arpa and in-addr.arpa; s2 the registry's 1.in-addr.arpa and test; the rest as cases want
// them.
std::vector<TestZone> Registries(const std::string& in_registry, const std::string& in_test) {
  return {
      {{0}, ".", "arpa NS ns.arpa\nns.arpa A s1\ntest NS ns.test\nns.test A s2\n"},
      {{1}, "arpa", "in-addr.arpa NS ns.in-addr.arpa\nns.in-addr.arpa A s1\n"},
      {{1}, "in-addr.arpa", "1.in-addr.arpa NS ns.test\n"},
      {{2}, "1.in-addr.arpa", in_registry},
      {{2}, "test", "ns.test A s2\n" + in_test},
  };
}

ScriptedSweep::Options Iterating(std::vector<std::string> targets, uint32_t servers = 10) {
  ScriptedSweep::Options options;
  options.targets = std::move(targets);
  options.servers = servers;
  options.policy.recursion_desired = false;
  options.iteration = IterationPolicy{};
  options.iteration->limits.max_window = 1000;
  return options;
}

struct IterationCase {
  std::string what;
  std::string in_registry;  // Records of 1.in-addr.arpa.
  std::string in_test;      // Records of test.
  std::vector<TestZone> more;
  std::string expected;  // `STATUS ZONE NAMES... [-> ALIAS TARGET]`.
};

std::string Describe(const SeenRow& row) {
  std::string out = row.ptr_status + " " + (row.zone.empty() ? "-" : row.zone);
  for (const std::string& name : row.names) out += " " + name;
  if (!row.alias_target.empty()) out += " -> " + row.alias_target;
  return out;
}

void RunCases(const std::vector<IterationCase>& cases) {
  for (const IterationCase& test : cases) {
    std::vector<TestZone> zones = Registries(test.in_registry, test.in_test);
    zones.insert(zones.end(), test.more.begin(), test.more.end());
    ScriptedSweep sweep(Iterating({"1.2.3.4"}), ScriptOf(zones));
    ASSERT_TRUE(sweep.Run()) << test.what;
    EXPECT_EQ(Describe(sweep.row()), test.expected) << test.what;
    EXPECT_TRUE(sweep.engine().Idle()) << test.what;
    EXPECT_LE(sweep.asked().size(), 120U) << test.what;
  }
}

constexpr char kIsp[] = "2.1.in-addr.arpa NS ns.isp.test\n";
constexpr char kIspGlue[] = "isp.test NS ns.isp.test\nns.isp.test A s3\n";
const TestZone kIspForward = {{3}, "isp.test", "ns.isp.test A s3\nhost.isp.test A 1.2.3.4\n"};

TEST(IterationTest, FollowsReferrals) {
  RunCases({
      {"in the registry's zone",
       "4.3.2.1.in-addr.arpa PTR host.test",
       "",
       {},
       "NOERROR 1.in-addr.arpa host.test"},
      {"absent there", "", "", {}, "NXDOMAIN 1.in-addr.arpa"},
      {"an empty non-terminal", "x.4.3.2.1.in-addr.arpa PTR host.test", "", {}, "NODATA 1.in-addr.arpa"},
      {"one cut down, glueless",
       kIsp,
       kIspGlue,
       {{{3}, "2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa PTR host.isp.test"}, kIspForward},
       "NOERROR 2.1.in-addr.arpa host.isp.test"},
      {"two cuts down at one server",
       kIsp,
       kIspGlue,
       {{{3}, "2.1.in-addr.arpa", "3.2.1.in-addr.arpa NS ns.isp.test\n"},
        {{3}, "3.2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa PTR host.isp.test"},
        kIspForward},
       "NOERROR 2.1.in-addr.arpa host.isp.test"},
      {"the address is a cut itself",
       "4.3.2.1.in-addr.arpa NS ns.isp.test\n",
       kIspGlue,
       {{{3}, "4.3.2.1.in-addr.arpa", "@ PTR host.isp.test"}, kIspForward},
       "NOERROR 4.3.2.1.in-addr.arpa host.isp.test"},
  });
}

TEST(IterationTest, FollowsAliasesIntoOtherZones) {
  RunCases({
      {"RFC 2317 with a slash",
       "4.3.2.1.in-addr.arpa CNAME 4.0/25.3.2.1.in-addr.arpa\n0/25.3.2.1.in-addr.arpa NS ns.isp.test\n",
       kIspGlue,
       {{{3}, "0/25.3.2.1.in-addr.arpa", "4.0/25.3.2.1.in-addr.arpa PTR host.isp.test"}, kIspForward},
       "NOERROR 0/25.3.2.1.in-addr.arpa host.isp.test -> 4.0/25.3.2.1.in-addr.arpa"},
      {"RFC 2317 with a dash",
       "4.3.2.1.in-addr.arpa CNAME 4.0-127.3.2.1.in-addr.arpa\n0-127.3.2.1.in-addr.arpa NS ns.isp.test\n",
       kIspGlue,
       {{{3}, "0-127.3.2.1.in-addr.arpa", "4.0-127.3.2.1.in-addr.arpa PTR host.isp.test"}, kIspForward},
       "NOERROR 0-127.3.2.1.in-addr.arpa host.isp.test -> 4.0-127.3.2.1.in-addr.arpa"},
      {"into the customer's forward zone",
       "4.3.2.1.in-addr.arpa CNAME 4.reverse.isp.test\n",
       kIspGlue,
       {{{3}, "isp.test", "ns.isp.test A s3\n4.reverse.isp.test PTR host.isp.test\n"}},
       "NOERROR isp.test host.isp.test -> 4.reverse.isp.test"},
      {"a DNAME",
       "3.2.1.in-addr.arpa DNAME rev.isp.test\n",
       kIspGlue,
       {{{3}, "isp.test", "ns.isp.test A s3\n4.rev.isp.test PTR host.isp.test\n"}},
       "NOERROR isp.test host.isp.test -> 4.rev.isp.test"},
      {"one that dangles",
       "4.3.2.1.in-addr.arpa CNAME nobody.test\n",
       "",
       {},
       "NXDOMAIN test -> nobody.test"},
      {"a loop",
       "4.3.2.1.in-addr.arpa CNAME a.test\n",
       "a.test CNAME b.test\nb.test CNAME a.test\n",
       {},
       "LOOP test"},
  });
}

TEST(IterationTest, TriesEveryServerBeforeItCallsAZoneLame) {
  const std::string two = "2.1.in-addr.arpa NS a.test\n2.1.in-addr.arpa NS b.test\n";
  const std::string where = "a.test A s4\nb.test A s5\n";
  const auto served = [](uint32_t server, Manner manner) {
    return TestZone{{server}, "2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa PTR host.test", manner};
  };
  std::vector<IterationCase> cases;
  const std::map<Manner, std::string> bad = {{Manner::kRefuses, "LAME"},
                                             {Manner::kUpward, "LAME"},
                                             {Manner::kNotAuthoritative, "LAME"},
                                             {Manner::kServfails, "SERVFAIL"},
                                             {Manner::kSilent, "TIMEOUT"}};
  for (const auto& [manner, status] : bad) {
    const std::string what = std::to_string(static_cast<int>(manner));
    cases.push_back({"half, the first: " + what,
                     two,
                     where,
                     {served(4, manner), served(5, Manner::kGood)},
                     "NOERROR 2.1.in-addr.arpa host.test"});
    cases.push_back({"half, the second: " + what,
                     two,
                     where,
                     {served(4, Manner::kGood), served(5, manner)},
                     "NOERROR 2.1.in-addr.arpa host.test"});
    cases.push_back({"wholly: " + what,
                     two,
                     where,
                     {served(4, manner), served(5, manner)},
                     status + " 2.1.in-addr.arpa"});
  }
  cases.push_back({"lame and silent",
                   two,
                   where,
                   {served(4, Manner::kSilent), served(5, Manner::kRefuses)},
                   "LAME 2.1.in-addr.arpa"});
  RunCases(cases);
}

TEST(IterationTest, NameServersWithoutAddresses) {
  RunCases({
      {"names that do not exist",
       "2.1.in-addr.arpa NS a.test\n2.1.in-addr.arpa NS b.test\n",
       "",
       {},
       "SERVFAIL 2.1.in-addr.arpa"},
      {"one exists",
       "2.1.in-addr.arpa NS a.test\n2.1.in-addr.arpa NS b.test\n",
       "b.test A s4\n",
       {{{4}, "2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa PTR host.test"}},
       "NOERROR 2.1.in-addr.arpa host.test"},
      {"two zones, each served by names of the other",
       "2.1.in-addr.arpa NS ns.a.test\n",
       "a.test NS ns.b.test\nb.test NS ns.a.test\n",
       {},
       "SERVFAIL 2.1.in-addr.arpa"},
      {"its own name without glue",
       "2.1.in-addr.arpa NS ns.a.test\n",
       "a.test NS ns.a.test\n",
       {},
       "SERVFAIL 2.1.in-addr.arpa"},
  });
}

TEST(IterationTest, AReferralMakesBoundedWork) {
  std::string victims;
  for (int i = 0; i < 16; ++i) victims += "2.1.in-addr.arpa NS n" + std::to_string(i) + ".victim.test\n";
  ScriptedSweep sweep(Iterating({"1.2.0.0/24"}), ScriptOf([&] {
                        std::vector<TestZone> zones =
                            Registries(victims, "victim.test NS ns.victim.test\nns.victim.test A s4\n");
                        zones.push_back({{4}, "victim.test", "ns.victim.test A s4\n"});
                        return zones;
                      }()));
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 256U);
  std::set<std::string> names;
  for (const Asked& asked : sweep.AskedOf(4)) names.insert(asked.name);
  EXPECT_EQ(names.size(), IterationPolicy::kMaxNamesAsked);
}

TEST(IterationTest, OneLookupFindsTheZoneOfABlock) {
  std::vector<TestZone> zones = Registries(kIsp, kIspGlue);
  zones.push_back({{3}, "2.1.in-addr.arpa", "3.2.1.in-addr.arpa NS ns.isp.test\n"});
  zones.push_back({{3}, "3.2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa PTR host.isp.test"});
  zones.push_back(kIspForward);
  ScriptedSweep sweep(Iterating({"1.2.3.0/24"}), ScriptOf(zones));
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.rows().size(), 256U);
  EXPECT_EQ(sweep.AskedOf(0).size(), 3U) << "the priming, one PTR, the address of ns.isp.test";
  EXPECT_LE(sweep.AskedOf(1).size(), 2U);
  EXPECT_LE(sweep.AskedOf(2).size(), 3U);
}

TEST(IterationTest, ADeadZoneEndsWithoutAskingForEachAddress) {
  std::vector<TestZone> zones = Registries(kIsp + std::string("9.1.in-addr.arpa NS dead.test\n"),
                                           kIspGlue + std::string("dead.test A s6\n"));
  zones.push_back({{3}, "2.1.in-addr.arpa", ""});
  zones.push_back({{6}, "9.1.in-addr.arpa", "", Manner::kSilent});
  zones.push_back(kIspForward);
  ScriptedSweep sweep(Iterating({"1.2.0.0/22", "1.9.0.0/22"}), ScriptOf(zones));
  ASSERT_TRUE(sweep.Run());
  std::map<std::string, int> statuses;
  for (const auto& [address, row] : sweep.rows()) ++statuses[row.ptr_status];
  EXPECT_EQ(statuses, (std::map<std::string, int>{{"NXDOMAIN", 1024}, {"TIMEOUT", 1024}}));
  EXPECT_LE(sweep.AskedOf(6).size(), 400U);
}

// A zone whose server lets few through holds nobody else up.
TEST(IterationTest, ASlowZoneDoesNotHoldUpAFastOne) {
  const auto run = [](const std::vector<std::string>& targets) {
    std::vector<TestZone> zones = Registries(kIsp + std::string("9.1.in-addr.arpa NS slow.test\n"),
                                             kIspGlue + std::string("slow.test A s6\n"));
    zones.push_back({{3}, "2.1.in-addr.arpa", ""});
    zones.push_back({{6}, "9.1.in-addr.arpa", ""});
    zones.push_back(kIspForward);
    const ScriptedSweep::Script script = ScriptOf(zones);
    Instant next_slow{};
    ScriptedSweep::Options options = Iterating(targets);
    options.iteration->limits.budget = {.packets_per_second = 500, .burst = 8};
    ScriptedSweep sweep(options, [&](const Asked& asked, netio::SimReplies& replies) {
      constexpr Duration kEvery = std::chrono::milliseconds(50);
      if (asked.server == 6) {
        if (asked.at < next_slow) return;
        next_slow = asked.at + kEvery;
      }
      script(asked, replies);
    });
    EXPECT_TRUE(sweep.Run());
    Instant last{};
    for (const auto& [address, row] : sweep.rows()) {
      EXPECT_EQ(row.ptr_status, "NXDOMAIN") << address;
      if (address.starts_with("1.2.")) last = std::max(last, row.at);
    }
    return last - Instant(std::chrono::seconds(1));
  };
  const Duration alone = run({"1.2.0.0/21"});
  const Duration beside = run({"1.2.0.0/21", "1.9.0.0/22"});
  EXPECT_LT(beside, alone * 3 / 2) << alone.count() << " alone";
}

// Delegations live 300 s here, and the sweep of a slow zone longer.
TEST(IterationTest, ASweepOutlivesItsDelegations) {
  std::vector<TestZone> zones = Registries(kIsp, kIspGlue);
  zones.push_back({{3}, "2.1.in-addr.arpa", ""});
  zones.push_back(kIspForward);
  ScriptedSweep::Options options = Iterating({"1.2.0.0/22"});
  options.iteration->limits.budget = {.packets_per_second = 2, .burst = 1};
  ScriptedSweep sweep(options, ScriptOf(zones));
  ASSERT_TRUE(sweep.Run());
  EXPECT_GT(sweep.now(), Instant(std::chrono::seconds(400)));
  EXPECT_EQ(sweep.rows().size(), 1024U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NXDOMAIN") << address;
  EXPECT_GT(sweep.AskedOf(2).size(), 3U) << "the delegation was learnt again";
  EXPECT_TRUE(sweep.engine().Idle());
}

TEST(IterationTest, BelievesNothingOfOtherZones) {
  // The customer's server answers for a name outside its zone, with AA.
  std::vector<TestZone> zones = Registries(kIsp, kIspGlue + std::string("victim.test A s7\n"));
  zones.push_back({{3}, "2.1.in-addr.arpa", ""});
  zones.push_back(kIspForward);
  const ScriptedSweep::Script honest = ScriptOf(zones);
  ScriptedSweep::Options options = Iterating({"1.2.3.4"});
  ScriptedSweep sweep(options, [&honest](const Asked& asked, netio::SimReplies& replies) {
    if (asked.server != 3 || !asked.is_ptr()) {
      honest(asked, replies);
      return;
    }
    using codec::dns::Message;
    using codec::dns::Type;
    codec::dns::Response response = Answering(asked, kAa);
    response.Add(Message::Section::kAnswer, asked.name, Type::kCname, 300,
                 codec::dns::WireName("victim.test"));
    response.Add(Message::Section::kAnswer, "victim.test", Type::kPtr, 300,
                 codec::dns::WireName("evil.example"));
    replies.Send(Bytes(asked, response));
  });
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(Describe(sweep.row()), "NODATA test -> victim.test");
}

TEST(IterationTest, ConfirmsForwardInOtherZones) {
  std::vector<TestZone> zones = Registries(kIsp, kIspGlue);
  zones.push_back({{3}, "2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa PTR host.isp.test"});
  zones.push_back(kIspForward);
  ScriptedSweep::Options options = Iterating({"1.2.3.4"});
  options.forward = true;
  ScriptedSweep sweep(options, ScriptOf(zones));
  ASSERT_TRUE(sweep.Run());
  EXPECT_EQ(sweep.row().verdict, "pass");
  EXPECT_TRUE(sweep.engine().Idle());
}

TEST(IterationTest, PrimesTheRoot) {
  // The hints know s0 only, which says that s8 serves the root, and nothing else.
  std::vector<TestZone> zones = Registries("", "");
  zones[0].records += "@ NS b.root.test\nb.root.test A s8\n";
  zones[0].servers = {0, 8};
  const ScriptedSweep::Script script = ScriptOf(zones);
  ScriptedSweep sweep(Iterating({"1.2.3.0/26"}), [&script](const Asked& asked, netio::SimReplies& replies) {
    if (asked.server != 0 || asked.name == ".") script(asked, replies);
  });
  ASSERT_TRUE(sweep.Run());
  ASSERT_FALSE(sweep.AskedOf(0).empty());
  EXPECT_EQ(sweep.AskedOf(0).front().name, ".");
  EXPECT_EQ(sweep.rows().size(), 64U);
  for (const auto& [address, row] : sweep.rows()) EXPECT_EQ(row.ptr_status, "NXDOMAIN") << address;
}

}  // namespace
}  // namespace scanner
