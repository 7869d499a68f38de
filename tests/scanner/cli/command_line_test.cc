#include "scanner/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace scanner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<CommandLine> Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "arpasweep");
  return ParseCommandLine(static_cast<int>(words.size()), words.data());
}

TEST(ParseCommandLine, ReadsTargetsBetweenOptions) {
  const absl::StatusOr<CommandLine> line =
      Parse({"scan", "192.0.2.0/24", "-x", "192.0.2.1", "192.0.2.4-192.0.2.9", "--resolver", "[2001:db8::1]",
             "-", "--resolver=[2001:db8::2]:54", "-o", "-", "--0x20", "-4", "-n5"});
  ASSERT_TRUE(line.ok()) << line.status();
  ASSERT_TRUE(line->scan);
  EXPECT_FALSE(line->convert);
  const ScanOptions& scan = *line->scan;
  EXPECT_FALSE(line->say);
  EXPECT_THAT(scan.targets, ElementsAre("192.0.2.0/24", "192.0.2.4-192.0.2.9", "-"));
  EXPECT_THAT(scan.exclusions, ElementsAre("192.0.2.1"));
  EXPECT_THAT(scan.resolvers, ElementsAre("[2001:db8::1]", "[2001:db8::2]:54"));
  EXPECT_EQ(scan.output, "-");
  EXPECT_EQ(scan.max_targets, "5");
  EXPECT_TRUE(scan.mix_case);
  EXPECT_TRUE(scan.only_ipv4);
  EXPECT_FALSE(scan.only_ipv6);
  EXPECT_FALSE(scan.rate);
}

TEST(ParseCommandLine, ReadsTheOptionsOfAuthoritativeMode) {
  const absl::StatusOr<CommandLine> line =
      Parse({"scan", "192.0.2.0/24", "--mode", "authoritative", "--root-hints", "named.root",
             "--dns-port=5300", "--contact", "noc@example.net", "--i-own-these-servers"});
  ASSERT_TRUE(line.ok()) << line.status();
  ASSERT_TRUE(line->scan);
  EXPECT_EQ(line->scan->mode, "authoritative");
  EXPECT_EQ(line->scan->root_hints, "named.root");
  EXPECT_EQ(line->scan->dns_port, "5300");
  EXPECT_EQ(line->scan->contact, "noc@example.net");
  EXPECT_TRUE(line->scan->own_servers);
}

TEST(ParseCommandLine, ReadsInputsBetweenOptions) {
  const absl::StatusOr<CommandLine> line = Parse(
      {"convert", "a.csv", "-o", "x.parquet", "-", "--only=pass", "-f", "address,names", "b", "--no-bloom"});
  ASSERT_TRUE(line.ok()) << line.status();
  ASSERT_TRUE(line->convert);
  EXPECT_FALSE(line->scan);
  EXPECT_THAT(line->convert->inputs, ElementsAre("a.csv", "-", "b"));
  EXPECT_EQ(line->convert->output, "x.parquet");
  EXPECT_EQ(line->convert->only, "pass");
  EXPECT_EQ(line->convert->fields, "address,names");
  EXPECT_TRUE(line->convert->no_bloom);
  EXPECT_FALSE(line->convert->overwrite);
}

TEST(ParseCommandLine, AnswersHelpAndVersion) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{"--version"},
                                             {"scan", "--version"},
                                             {"-h"},
                                             {"--help"},
                                             {"scan", "-h"},
                                             {"scan", "--help"},
                                             {"convert", "--help"},
                                             {"convert", "--version"}}) {
    const absl::StatusOr<CommandLine> line = Parse(words);
    ASSERT_TRUE(line.ok()) << line.status();
    ASSERT_TRUE(line->say);
    EXPECT_THAT(*line->say, HasSubstr("arpasweep"));
  }
  EXPECT_THAT(Parse({"scan", "-h"})->say.value_or(""), HasSubstr("--max-temperror"));
}

TEST(ParseCommandLine, RefusesInOneLine) {
  struct Case {
    std::vector<const char*> words;
    const char* message;
  };
  const Case cases[] = {
      {{}, "no command; try arpasweep --help"},
      {{"sweep"}, "'sweep'; arpasweep --help"},
      {{"--rate", "5", "scan"}, "'--rate' stands before the command; write options after scan"},
      {{"scan", "--frobnicate", "192.0.2.1"}, "unknown option '--frobnicate'"},
      {{"scan", "192.0.2.1", "-Z"}, "unknown option '-Z'"},
      {{"scan", "192.0.2.1", "--mode"}, "--mode needs a value"},
      {{"scan", "192.0.2.1", "--contact"}, "--contact needs a value"},
      {{"scan", "192.0.2.1", "--resume=perhaps"}, "--resume"},
      {{"scan", "192.0.2.1", "--bad\nname"}, "unknown option '--bad\\010name'"},
      {{"scan", "192.0.2.1", "--rate"}, "--rate needs a value"},
      {{"scan", "192.0.2.1", "-o"}, "--output needs a value"},
      {{"scan", "192.0.2.1", "-x"}, "--exclude needs a value"},
      {{"scan", "--seed", "1", "--seed", "2"}, "--seed is given twice"},
      {{"scan", "--overwrite=perhaps"}, "--overwrite"},
      {{"convert", "a.csv", "--frobnicate"},
       "unknown option '--frobnicate'; arpasweep convert --help lists the options"},
      {{"convert", "a.csv", "-o"}, "--output needs a value; arpasweep convert --help says which"},
      {{"convert", "a.csv", "-o", "a", "-o", "b"}, "--output is given twice"},
      {{"-q", "convert", "a.csv"}, "'-q' stands before the command; write options after convert"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<CommandLine> line = Parse(c.words);
    ASSERT_FALSE(line.ok()) << c.message;
    const std::string message(line.status().message());
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace scanner
