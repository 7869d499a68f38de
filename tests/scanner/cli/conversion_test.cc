#include "scanner/cli/conversion.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "netio/file_storage.h"
#include "netio/sim_random.h"
#include "scanner/sink/open_records.h"

namespace scanner {
namespace {

class NoRowGroups final : public RowGroupLog {
 public:
  uint64_t row_groups() const override { return 0; }
  absl::Status ForEach(Visit /*visit*/) const override { return absl::OkStatus(); }
};

class ConversionTest : public testing::Test {
 protected:
  ConversionTest() {
    std::string path = testing::TempDir() + "/conversion.XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
  }
  ~ConversionTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }

  ConvertPlan Plan(const std::vector<std::string>& inputs, const std::string& output) const {
    ConvertOptions options;
    for (const std::string& input : inputs) options.inputs.push_back(Path(input));
    options.output = Path(output);
    options.overwrite = true;
    return PlanConvert(options).value();
  }

  // A Parquet file of one row with these facts.
  void PutParquet(const std::string& name, const FileFacts& facts) const {
    const auto storage = netio::FileStorage::OpenDirectory(directory_).value();
    const auto file = storage->Create(name).value();
    const auto sink = MakeRowSink({.kind = OutputFormat::Kind::kParquet}, {Column::kAddress}, *file);
    ASSERT_TRUE(sink->Begin().ok());
    Record record;
    record.SetText(Column::kAddress, "0.0.0.0");
    ASSERT_TRUE(sink->Write(record).ok());
    ASSERT_TRUE(sink->Finish(NoRowGroups(), facts).ok());
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  std::string directory_;
};

TEST_F(ConversionTest, KeepsTheFactsOnWhichAllInputsAgree) {
  PutParquet("a",
             {{"schema_version", "1"}, {"version", "0"}, {"scan_id", "s"}, {"seed", "7"}, {"shard", "0/2"}});
  PutParquet("b", {{"schema_version", "1"}, {"scan_id", "s"}, {"shard", "1/2"}, {"seed", "7"}});
  PutParquet("c", {{"scan_id", "t"}});
  std::ofstream(Path("d.csv")) << "address\n::1\n";
  using Facts = std::vector<std::pair<std::string, std::string>>;
  const struct {
    std::vector<std::string> inputs;
    Facts facts;
  } cases[] = {
      {{"a"}, {{"scan_id", "s"}, {"seed", "7"}, {"shard", "0/2"}}},
      {{"a", "b"}, {{"scan_id", "s"}, {"seed", "7"}}},
      {{"b", "a"}, {{"scan_id", "s"}, {"seed", "7"}}},
      {{"a", "b", "c"}, {}},
      {{"c", "c"}, {{"scan_id", "t"}}},
      {{"a", "d.csv"}, {}},
      {{"d.csv", "a"}, {}},
  };
  for (const auto& c : cases) {
    const ConvertPlan plan = Plan(c.inputs, "x.parquet");
    Conversion conversion(plan);
    ASSERT_EQ(conversion.Run(), ExitCode::kComplete) << conversion.why();
    FileFacts facts = OpenRecords(Path("x.parquet")).value()->facts();
    ASSERT_GE(facts.size(), 2U);
    EXPECT_EQ(facts[0], std::pair(std::string("schema_version"), std::string("1")));
    EXPECT_EQ(facts[1].first, "version");
    EXPECT_NE(facts[1].second, "0");
    facts.erase(facts.begin(), facts.begin() + 2);
    EXPECT_EQ(facts, c.facts);
  }
}

TEST_F(ConversionTest, WhatDoesNotFitIntoMemoryIsTheSameInTheEnd) {
  netio::SimRandom random(1);
  std::ofstream all(Path("all.csv"));
  all << "address,zone\r\n";
  for (int i = 0; i < 5000; ++i) {
    all << "10." << random.Below(4) << "." << random.Below(256) << "." << random.Below(8) << ",z" << i
        << "\r\n";
  }
  all.close();
  const auto convert = [&](RecordSorter::Limits limits, const std::string& output) {
    ConvertPlan plan = Plan({"all.csv"}, output);
    plan.sorting = limits;
    Conversion conversion(plan);
    EXPECT_EQ(conversion.Run(), ExitCode::kComplete) << conversion.why();
    EXPECT_EQ(conversion.counts().read, 5000U);
    EXPECT_EQ(conversion.counts().read, conversion.counts().replaced + conversion.counts().written);
    std::ifstream in(Path(output));
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string expected = convert({}, "x.csv");
  EXPECT_EQ(convert({.buffer_bytes = 3000, .fan_in = 2}, "y.csv"), expected);
  EXPECT_EQ(convert({.buffer_bytes = 100'000, .fan_in = 16}, "y.csv"), expected);
  EXPECT_THAT(Files(), testing::UnorderedElementsAre("all.csv", "x.csv", "y.csv"));
}

TEST_F(ConversionTest, StoppedItLeavesNothing) {
  std::ofstream(Path("a.csv")) << "address\n::1\n::2\n";
  const ConvertPlan plan = Plan({"a.csv"}, "x.csv");
  Conversion conversion(plan);
  conversion.Stop();
  EXPECT_EQ(conversion.Run(), ExitCode::kInterrupted);
  EXPECT_TRUE(conversion.why().ok());
  EXPECT_THAT(Files(), testing::ElementsAre("a.csv"));
}

// Whenever it is stopped: it is complete, or nothing is left.
TEST_F(ConversionTest, StoppedAtAnyInstantItLeavesNothingOrAll) {
  std::ofstream all(Path("all.csv"));
  all << "address\r\n";
  for (int i = 0; i < 20'000; ++i) all << "10.0." << i / 256 << "." << i % 256 << "\r\n";
  all.close();
  netio::SimRandom random(1);
  for (int i = 0; i < 30; ++i) {
    std::filesystem::remove(Path("x.csv"));
    ConvertPlan plan = Plan({"all.csv"}, "x.csv");
    plan.sorting.buffer_bytes = 200'000;
    Conversion conversion(plan);
    ExitCode code = ExitCode::kCannotGoOn;
    std::thread worker([&] { code = conversion.Run(); });
    std::this_thread::sleep_for(std::chrono::microseconds(random.Below(60'000)));
    conversion.Stop();
    worker.join();
    if (code == ExitCode::kComplete) {
      EXPECT_THAT(Files(), testing::UnorderedElementsAre("all.csv", "x.csv"));
    } else {
      EXPECT_EQ(code, ExitCode::kInterrupted) << conversion.why();
      EXPECT_THAT(Files(), testing::ElementsAre("all.csv"));
    }
  }
}

TEST_F(ConversionTest, AFileThatCannotBeSpilledIsTheError) {
  std::ofstream(Path("a.csv")) << "address\n::1\n::2\n";
  ConvertPlan plan = Plan({"a.csv"}, "x.csv");
  plan.sorting.buffer_bytes = 1;
  plan.spill_directory = Path("none");
  Conversion conversion(plan);
  EXPECT_EQ(conversion.Run(), ExitCode::kCannotGoOn);
  EXPECT_EQ(conversion.why().message(), "temporary file in " + Path("none") + ": No such file or directory");
  EXPECT_THAT(Files(), testing::ElementsAre("a.csv"));
}

}  // namespace
}  // namespace scanner
