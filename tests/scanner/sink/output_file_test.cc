#include "scanner/sink/output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/sink/output_format.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

using ::testing::HasSubstr;

std::vector<uint8_t> Bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST(OutputFormat, IsThatOfTheEnding) {
  using Kind = OutputFormat::Kind;
  const struct {
    std::string_view path;
    OutputFormat format;
  } cases[] = {
      {"-", {Kind::kCsv, false}},
      {"a.csv", {Kind::kCsv, false}},
      {"a.parquet", {Kind::kParquet, false}},
      {"a.ndjson", {Kind::kNdjson, false}},
      {"dir.ndjson/a.csv.zst", {Kind::kCsv, true}},
      {"a.ndjson.zst", {Kind::kNdjson, true}},
      {"/dev/stdout", {Kind::kCsv, false}},
  };
  for (const auto& c : cases) EXPECT_EQ(FormatOf(c.path).value(), c.format) << c.path;
  for (const char* path :
       {"a", "a.txt", "csv", "a.csv.gz", "a.parquet.zst", "a.zst", "a.csv/b", "a.CSV", ""}) {
    EXPECT_THAT(std::string(FormatOf(path).status().message()), HasSubstr("--format")) << path;
  }
  EXPECT_EQ(ParseFormat("ndjson.zst").value(), (OutputFormat{Kind::kNdjson, true}));
  EXPECT_EQ(ParseFormat("parquet").value(), (OutputFormat{Kind::kParquet, false}));
  EXPECT_EQ(ParseFormat("json").status().message(),
            "unknown format 'json'; there are parquet, csv, ndjson, csv.zst, ndjson.zst");
}

TEST(OutputFile, HasItsNameOnlyWhenComplete) {
  netio::SimStorage storage;
  const auto output = OutputFile::FindIn(storage, "sweep.csv", "sweep.csv", false).value();
  EXPECT_FALSE(storage.Exists("sweep.csv.partial").value());
  ASSERT_TRUE(output->Create().ok());
  ASSERT_TRUE(output->file().Append(Bytes("rows")).ok());
  EXPECT_FALSE(storage.Exists("sweep.csv").value());
  EXPECT_EQ(TextOf(storage, "sweep.csv.partial"), "rows");
  ASSERT_TRUE(output->Complete().ok());
  EXPECT_EQ(TextOf(storage, "sweep.csv"), "rows");
  EXPECT_FALSE(storage.Exists("sweep.csv.partial").value());
}

TEST(OutputFile, WhatIsCompleteOrDiscardedSurvivesACrash) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    for (const bool complete : {true, false}) {
      netio::SimStorage storage;
      const auto output = OutputFile::FindIn(storage, "sweep.csv", "sweep.csv", false).value();
      ASSERT_TRUE(output->Create().ok());
      ASSERT_TRUE(output->file().Append(Bytes("rows")).ok());
      ASSERT_TRUE((complete ? output->Complete() : output->Discard()).ok());
      storage.Crash(seed);
      EXPECT_FALSE(storage.Exists("sweep.csv.partial").value());
      EXPECT_EQ(storage.Exists("sweep.csv").value(), complete);
      EXPECT_EQ(TextOf(storage, "sweep.csv"), complete ? "rows" : "");
    }
  }
}

TEST(OutputFile, RefusesWhatIsThereUnlessToldTo) {
  const struct {
    const char* there;
    const char* message;
  } cases[] = {
      {"sweep.csv", "d/sweep.csv exists; --overwrite replaces it"},
      {"sweep.csv.partial", "d/sweep.csv.partial is left from an interrupted run; --overwrite replaces it"},
      {"sweep.csv.journal", "d/sweep.csv.journal is left from an interrupted run; --overwrite replaces it"},
  };
  for (const auto& c : cases) {
    netio::SimStorage storage;
    ASSERT_TRUE(storage.Create(c.there).value()->Append(Bytes("old")).ok());
    const absl::Status status = OutputFile::FindIn(storage, "sweep.csv", "d/sweep.csv", false).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(status.message(), c.message);
    const auto output = OutputFile::FindIn(storage, "sweep.csv", "d/sweep.csv", true).value();
    EXPECT_EQ(TextOf(storage, c.there), "old");
    ASSERT_TRUE(output->Create().ok());
    ASSERT_TRUE(output->file().Append(Bytes("new")).ok());
    if (c.there == std::string_view("sweep.csv")) {
      EXPECT_EQ(TextOf(storage, "sweep.csv"), "old");
    }
    ASSERT_TRUE(output->Complete().ok());
    EXPECT_EQ(TextOf(storage, "sweep.csv"), "new");
    EXPECT_FALSE(storage.Exists("sweep.csv.partial").value());
    EXPECT_FALSE(storage.Exists("sweep.csv.journal").value());
  }
}

TEST(OutputFile, DoesNotReplaceWhatAppearedMeanwhile) {
  netio::SimStorage storage;
  const auto output = OutputFile::FindIn(storage, "sweep.csv", "d/sweep.csv", false).value();
  ASSERT_TRUE(output->Create().ok());
  ASSERT_TRUE(output->file().Append(Bytes("new")).ok());
  ASSERT_TRUE(storage.Create("sweep.csv").value()->Append(Bytes("other")).ok());
  EXPECT_EQ(output->Complete().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(TextOf(storage, "sweep.csv"), "other");
  EXPECT_EQ(TextOf(storage, "sweep.csv.partial"), "new");
}

TEST(OutputFile, AFailedSyncKeepsThePartialName) {
  netio::SimStorage storage;
  const auto output = OutputFile::FindIn(storage, "sweep.csv", "d/sweep.csv", false).value();
  ASSERT_TRUE(output->Create().ok());
  storage.FailNextSync(EIO);
  EXPECT_EQ(output->Complete().message(), "sweep.csv.partial: Input/output error");
  EXPECT_FALSE(storage.Exists("sweep.csv").value());
}

class OutputPath : public testing::Test {
 protected:
  OutputPath() {
    std::string path = testing::TempDir() + "/output.XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
  }
  ~OutputPath() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
};

TEST_F(OutputPath, IsWrittenInItsDirectory) {
  const std::string path = directory_ + "/sweep.csv";
  const auto output = OutputFile::Find(path, false).value();
  EXPECT_TRUE(output->named());
  ASSERT_TRUE(output->Create().ok());
  ASSERT_TRUE(output->file().Append(Bytes("rows")).ok());
  EXPECT_TRUE(std::filesystem::exists(path + ".partial"));
  ASSERT_TRUE(output->Complete().ok());
  EXPECT_EQ(std::filesystem::file_size(path), 4U);
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
}

TEST_F(OutputPath, ThatCannotBeWrittenIsNamed) {
  EXPECT_EQ(OutputFile::Find(directory_, true).status().message(), directory_ + ": Is a directory");
  EXPECT_EQ(OutputFile::Find(directory_ + "/none/a.csv", true).status().message(),
            directory_ + "/none: No such file or directory");
  EXPECT_EQ(OutputFile::Find(directory_ + "/none/", true).status().message(),
            "'" + directory_ + "/none/' names no file");
  EXPECT_EQ(OutputFile::Find("", true).status().message(), "'' names no file");
  const std::string long_name(300, 'x');
  EXPECT_EQ(OutputFile::Find(directory_ + "/" + long_name, false).status().message(),
            directory_ + "/" + long_name + ": File name too long");
}

TEST_F(OutputPath, OfADeviceIsWrittenAsItIs) {
  const auto output = OutputFile::Find("/dev/null", false).value();
  EXPECT_FALSE(output->named());
  ASSERT_TRUE(output->Create().ok());
  EXPECT_TRUE(output->file().Append(Bytes("rows")).ok());
  EXPECT_TRUE(output->Complete().ok());
  const auto full = OutputFile::Find("/dev/full", false).value();
  ASSERT_TRUE(full->Create().ok());
  EXPECT_EQ(full->file().Append(Bytes("rows")).message(), "/dev/full: No space left on device");
}

}  // namespace
}  // namespace scanner
