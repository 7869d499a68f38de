#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scanner/cli/human_text.h"
#include "scanner/cli/progress.h"
#include "scanner/cli/scan_report.h"
#include "scanner/cli/summary.h"

namespace scanner {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr int64_t kStart = 1'769'903'999'123'456;  // 2026-01-31T23:59:59.123456Z

SweepSnapshot Snapshot() {
  SweepSnapshot snapshot;
  snapshot.engines.packets_sent = 20;
  snapshot.engines.packets_received = 18;
  snapshot.engines.retries = 2;
  snapshot.transport.receive_drops = 1;
  snapshot.in_flight = 3;
  snapshot.window = 1000;
  snapshot.elapsed = std::chrono::seconds(2);
  RowHeader row;
  row.verdict = Verdict::kPermerror;
  row.reason = Reason::kNoPtr;
  row.ptr_status = Status::kNxdomain;
  snapshot.counts.Add(row, false);
  row.ptr_status = Status::kNodata;
  snapshot.counts.Add(row, true);
  row.verdict = Verdict::kPass;
  row.reason = Reason::kConfirmed;
  row.ptr_status = Status::kNoError;
  row.names = 1;
  for (int i = 0; i < 2; ++i) snapshot.counts.Add(row, true);
  return snapshot;
}

ScanFacts Facts() {
  return {.scan_id = "0123456789abcdef",
          .seed = 7,
          .shard = 1,
          .shards = 3,
          .targets = 4,
          .excluded = 5,
          .reserved = 6,
          .started_at = kStart};
}

TEST(MetadataText, HasTheKeysOfTheSpecificationInOrder) {
  ScanOptions options;
  options.targets = {"198.18.0.0/30"};
  options.rate = "20k";
  const std::vector<ServerReport> servers = {
      {.name = "192.0.2.1",
       .counts = {.sent = 20, .answered = 18, .lost = 2, .pushed_back = 1, .unreachable = 0},
       .rtt_us = 1500},
      {.name = "[2001:db8::1]:54", .counts = {}, .rtt_us = std::nullopt}};
  const std::string text = MetadataText(Facts(), options, Snapshot(), servers, kStart + 2'000'000);
  const auto parsed = nlohmann::ordered_json::parse(text);
  std::vector<std::string> keys;
  for (const auto& item : parsed.items()) keys.push_back(item.key());
  EXPECT_THAT(keys, testing::ElementsAre("schema_version", "version", "scan_id", "options", "seed", "shard",
                                         "started_at", "ended_at", "targets", "excluded", "reserved", "rows",
                                         "verdicts", "reasons", "ptr_statuses", "evidence", "packets_sent",
                                         "packets_received", "retries", "tcp", "unsolicited", "mismatched",
                                         "late", "receive_drops", "servers"));
  const json metadata = json::parse(text);
  EXPECT_EQ(metadata["options"], json({{"targets", {"198.18.0.0/30"}}, {"rate", "20k"}}));
  EXPECT_FALSE(metadata.contains("contact"));
  EXPECT_EQ(metadata["shard"], "1/3");
  EXPECT_EQ(metadata["started_at"], "2026-01-31T23:59:59.123456Z");
  EXPECT_EQ(metadata["ended_at"], "2026-02-01T00:00:01.123456Z");
  EXPECT_EQ(metadata["rows"], 3);
  EXPECT_EQ(metadata["verdicts"], json({{"pass", 2}, {"permerror", 2}}));
  EXPECT_EQ(metadata["reasons"], json({{"confirmed", 2}, {"no_ptr", 2}}));
  EXPECT_EQ(metadata["ptr_statuses"], json({{"NODATA", 1}, {"NOERROR", 2}, {"NXDOMAIN", 1}}));
  EXPECT_EQ(metadata["evidence"], json({{"query", 4}}));
  EXPECT_EQ(metadata["receive_drops"], 1);
  EXPECT_EQ(metadata["servers"]["192.0.2.1"]["refused_or_servfail"], 1);
  EXPECT_EQ(metadata["servers"]["192.0.2.1"]["rtt_us"], 1500);
  EXPECT_TRUE(metadata["servers"]["[2001:db8::1]:54"]["rtt_us"].is_null());
}

TEST(MetadataText, NamesTheContactBesideTheOptions) {
  ScanOptions options;
  options.mode = "authoritative";
  options.root_hints = "named.root";
  options.dns_port = "5300";
  options.own_servers = true;
  options.contact = "https://scan.example.net/";
  const auto metadata = nlohmann::ordered_json::parse(MetadataText(Facts(), options, Snapshot(), {}, kStart));
  EXPECT_EQ(metadata["contact"], "https://scan.example.net/");
  EXPECT_EQ(std::next(metadata.find("options")).key(), "contact");
  EXPECT_EQ(metadata["options"], nlohmann::ordered_json({{"mode", "authoritative"},
                                                         {"root-hints", "named.root"},
                                                         {"dns-port", "5300"},
                                                         {"i-own-these-servers", true}}));
}

TEST(FactsOfFile, NamesTheContactWhereThereIsOne) {
  ScanOptions options;
  const std::pair<std::string, std::string> contact("contact", "noc@example.net");
  EXPECT_THAT(FactsOfFile(Facts(), options, kStart),
              testing::Not(testing::Contains(testing::Key("contact"))));
  options.contact = contact.second;
  EXPECT_THAT(FactsOfFile(Facts(), options, kStart), testing::Contains(contact));
}

TEST(MetadataText, StaysJsonWhateverWasTyped) {
  ScanOptions options;
  options.output = "\xFF\"\n.csv";
  const json metadata = json::parse(MetadataText(Facts(), options, Snapshot(), {}, kStart));
  EXPECT_EQ(metadata["options"]["output"], "\xEF\xBF\xBD\"\n.csv");
}

TEST(StatusText, IsOneLine) {
  const std::string text = StatusText(Facts(), Snapshot(), kStart + 1);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const json status = json::parse(text);
  EXPECT_EQ(status["observed_at"], "2026-01-31T23:59:59.123457Z");
  EXPECT_EQ(status["completed"], 4);
  EXPECT_EQ(status["in_flight"], 3);
  EXPECT_EQ(status["window"], 1000);
}

TEST(Percent, NeverRoundsToNothingOrAll) {
  EXPECT_EQ(Percent(0, 0), "-");
  EXPECT_EQ(Percent(0, 10), "0.0%");
  EXPECT_EQ(Percent(1, 1'000'000), "0.1%");
  EXPECT_EQ(Percent(999'999, 1'000'000), "99.9%");
  EXPECT_EQ(Percent(1, 3), "33.3%");
  EXPECT_EQ(Percent(10, 10), "100.0%");
}

TEST(Grouped, SetsCommas) {
  for (const auto& [number, text] : {std::pair<uint64_t, const char*>{0, "0"},
                                     {999, "999"},
                                     {1000, "1,000"},
                                     {65'536, "65,536"},
                                     {1'048'576, "1,048,576"}}) {
    EXPECT_EQ(Grouped(number), text);
  }
}

TEST(Elapsed, ChoosesItsUnits) {
  using std::chrono::milliseconds;
  for (const auto& [time, text] : {std::pair<milliseconds, const char*>{0, "0.0 s"},
                                   {milliseconds(59'999), "59.9 s"},
                                   {milliseconds(60'000), "1:00"},
                                   {milliseconds(3'599'999), "59:59"},
                                   {milliseconds(3'600'000), "1:00:00"},
                                   {milliseconds(360'000'000), "100:00:00"}}) {
    EXPECT_EQ(Elapsed(time), text);
  }
}

TEST(Progress, SaysHowFarItIs) {
  EXPECT_EQ(Progress::Line(Snapshot(), 8, 2.0),
            "50.0%  4/8  2/s  PTR 50.0%  pass 100.0%  transient 0.0%  in flight 3 of 1,000  ETA 2.0 s");
}

TEST(SummaryText, LeadsWithTheShares) {
  const SummaryFacts facts{.scan = Facts(), .end = SweepEnd::kComplete, .forward = true, .results = "x.csv"};
  const std::string text = SummaryText(facts, Snapshot(), {});
  EXPECT_THAT(text, testing::StartsWith("complete: 4 targets in 2.0 s, 2 a second; 5 excluded; 6 reserved"));
  EXPECT_THAT(text,
              testing::ContainsRegex("with a PTR +2 +50.0%\n  FCrDNS \\(pass\\) +2 +100.0% of those\n"));
  EXPECT_THAT(text, testing::ContainsRegex("NXDOMAIN +1 +25.0%\n  NODATA +1 +25.0%\n"));
  EXPECT_THAT(text, testing::ContainsRegex("confirmed +2 +50.0%\n  no_ptr +2 +50.0%\n  all +4 +100.0%\n"));
  EXPECT_THAT(text, HasSubstr("20 packets, 5.00 a target; 2 retries"));
  EXPECT_THAT(text, HasSubstr("x.csv, 3 rows"));
}

}  // namespace
}  // namespace scanner
