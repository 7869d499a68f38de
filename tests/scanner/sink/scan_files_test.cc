#include "scanner/sink/scan_files.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "netio/sim_storage.h"
#include "tests/scanner/sink/sink_lab.h"

namespace scanner {
namespace {

std::vector<uint8_t> Of(std::string_view text) { return {text.begin(), text.end()}; }

JournalHeader Header(const std::string& seed) {
  return {
      .identity = {{"--seed", seed}, {"--only", "all"}}, .scan_id = "s", .started_at = 1, .overwrite = false};
}

class ScanFilesTest : public testing::Test {
 protected:
  using Found = ScanFiles::Found;

  absl::StatusOr<std::unique_ptr<ScanFiles>> Find(ScanFiles::Request request, const std::string& seed = "7") {
    request.begins = "address\r\n";
    JournalHeader header = Header(seed);
    header.overwrite = request.overwrite;
    return ScanFiles::FindIn(disk_, "x.csv", "dir/x.csv", request, header);
  }
  absl::StatusOr<std::unique_ptr<ScanFiles>> Resume(const std::string& seed = "7") {
    return Find({.resume = true}, seed);
  }
  // What Find says when nothing may be touched.
  std::string Error(const ScanFiles::Request& request, const std::string& seed = "7") {
    const auto before = Everything();
    const auto files = Find(request, seed);
    EXPECT_EQ(Everything(), before);
    return files.ok() ? "" : std::string(files.status().message());
  }
  void Put(const std::string& name, std::string_view text) {
    if (disk_.Exists(name).value()) {
      ASSERT_TRUE(disk_.Remove(name).ok());
    }
    ASSERT_TRUE(disk_.Create(name).value()->Append(Of(text)).ok());
  }
  // A scan that was killed behind a checkpoint at `durable` of the octets in FILE.partial.
  void Interrupt(std::string_view partial, uint64_t durable, bool overwrite = false) {
    const auto files = Find({.overwrite = overwrite}).value();
    ASSERT_TRUE(files->Open().ok());
    ASSERT_TRUE(files->file().Append(Of(partial)).ok());
    JournalState state;
    state.length = durable;
    ASSERT_TRUE(files->journal()->Append(state).ok());
  }
  std::vector<std::string> Everything() const {
    std::vector<std::string> all;
    for (const char* name : {"x.csv", "x.csv.partial", "x.csv.journal", "x.csv.journal.new"}) {
      if (disk_.Exists(name).value()) all.push_back(std::string(name) + ": " + TextOf(disk_, name));
    }
    return all;
  }
  std::vector<std::string> NamesThere() const {
    std::vector<std::string> names = Everything();
    for (std::string& name : names) name.resize(name.find(':'));
    return names;
  }

  netio::SimStorage disk_;
};

using Names = std::vector<std::string>;

TEST_F(ScanFilesTest, BeginWithTheJournalAndEndWithTheFile) {
  const auto files = Find({}).value();
  EXPECT_EQ(files->found(), Found::kNothing);
  EXPECT_EQ(NamesThere(), Names{});
  ASSERT_TRUE(files->Open().ok());
  EXPECT_EQ(NamesThere(), (Names{"x.csv.partial", "x.csv.journal"}));
  ASSERT_TRUE(files->file().Append(Of("rows")).ok());
  ASSERT_TRUE(files->Complete().ok());
  disk_.Crash(1);
  EXPECT_EQ(Everything(), Names{"x.csv: rows"});
}

TEST_F(ScanFilesTest, OfNothingAreRemoved) {
  const auto files = Find({}).value();
  ASSERT_TRUE(files->Open().ok());
  ASSERT_TRUE(files->Discard().ok());
  disk_.Crash(1);
  EXPECT_EQ(NamesThere(), Names{});
}

TEST_F(ScanFilesTest, GoOnBehindWhatIsDurable) {
  Interrupt("address\r\n10.0.0.1\r\n10.0.", 19);
  const auto files = Resume().value();
  EXPECT_EQ(files->found(), Found::kInterrupted);
  EXPECT_EQ(files->TakeState()->length, 19U);
  EXPECT_EQ(TextOf(disk_, "x.csv.partial").size(), 24U);
  ASSERT_TRUE(files->Open().ok());
  ASSERT_TRUE(files->file().Append(Of("10.0.0.2\r\n")).ok());
  ASSERT_TRUE(files->Complete().ok());
  EXPECT_EQ(Everything(), Names{"x.csv: address\r\n10.0.0.1\r\n10.0.0.2\r\n"});
}

TEST_F(ScanFilesTest, ThatAreNotThereBegin) {
  const auto files = Resume().value();
  EXPECT_EQ(files->found(), Found::kNothing);
  ASSERT_TRUE(files->Open().ok());
  // Killed before the first checkpoint, and before there was a file.
  ASSERT_TRUE(disk_.Remove("x.csv.partial").ok());
  const auto again = Resume("8").value();
  EXPECT_EQ(again->found(), Found::kNothing);
  ASSERT_TRUE(again->Open().ok());
  EXPECT_EQ(Error({.resume = true}, "8"), "");
  EXPECT_NE(Error({.resume = true}, "7"), "");
}

TEST_F(ScanFilesTest, ThatAreCompleteAreLeftAlone) {
  Put("x.csv", "rows");
  EXPECT_EQ(Resume().value()->found(), Found::kComplete);
  ASSERT_TRUE(Resume().value()->Open().ok());
  EXPECT_EQ(Everything(), Names{"x.csv: rows"});
}

TEST_F(ScanFilesTest, WhoseJournalOutlivedThemLoseIt) {
  Interrupt("address\r\n", 9);
  {
    const auto files = Resume().value();
    ASSERT_TRUE(files->Open().ok());
    ASSERT_TRUE(files->journal()->AppendFinished().ok());
  }
  // Killed between the two.
  ASSERT_TRUE(disk_.Rename("x.csv.partial", "x.csv").ok());
  EXPECT_EQ(
      Error({.resume = true}, "8"),
      "dir/x.csv.journal is of a scan with --seed 7, this one has --seed 8; say the same, or start afresh "
      "with --overwrite");
  const auto files = Resume().value();
  EXPECT_EQ(files->found(), Found::kComplete);
  ASSERT_TRUE(files->Open().ok());
  EXPECT_EQ(Everything(), Names{"x.csv: address\r\n"});
}

TEST_F(ScanFilesTest, InTheWayAreRefusedAndReplacedWhenAsked) {
  Put("x.csv", "old");
  EXPECT_EQ(Error({}), "dir/x.csv exists; --overwrite replaces it");
  ASSERT_TRUE(disk_.Remove("x.csv").ok());
  Interrupt("address\r\n", 9);
  EXPECT_EQ(
      Error({}),
      "dir/x.csv.partial is there from an interrupted scan; --resume goes on with it, --overwrite starts "
      "afresh");
  ASSERT_TRUE(disk_.Remove("x.csv.partial").ok());
  EXPECT_EQ(
      Error({}),
      "dir/x.csv.journal is there from an interrupted scan; --resume goes on with it, --overwrite starts "
      "afresh");
  Put("x.csv", "old");
  const auto files = Find({.overwrite = true}).value();
  ASSERT_TRUE(files->Open().ok());
  ASSERT_TRUE(files->file().Append(Of("new")).ok());
  EXPECT_EQ(TextOf(disk_, "x.csv"), "old");
  ASSERT_TRUE(files->Complete().ok());
  EXPECT_EQ(Everything(), Names{"x.csv: new"});
}

TEST_F(ScanFilesTest, OfAScanThatReplacesGoOnAndReplace) {
  Put("x.csv", "old");
  Interrupt("address\r\nnew", 9, /*overwrite=*/true);
  const auto files = Resume().value();
  EXPECT_EQ(files->found(), Found::kInterrupted);
  ASSERT_TRUE(files->Open().ok());
  ASSERT_TRUE(files->Complete().ok());
  EXPECT_EQ(Everything(), Names{"x.csv: address\r\n"});
}

TEST_F(ScanFilesTest, ThatCannotBeGoneOnWithSayWhatToDo) {
  const std::string afresh = ", or start afresh with --overwrite";
  Interrupt("address\r\n", 9);
  EXPECT_EQ(Error({.resume = true}), "");
  EXPECT_EQ(Error({.resume = true}, "8"),
            "dir/x.csv.journal is of a scan with --seed 7, this one has --seed 8; say the same" + afresh);
  Put("x.csv", "other");
  EXPECT_EQ(Error({.resume = true}), "dir/x.csv has appeared since the scan began; move it away to go on");
  ASSERT_TRUE(disk_.Remove("x.csv").ok());
  Put("x.csv.partial", "ADDRESS\r\n");
  EXPECT_EQ(Error({.resume = true}),
            "dir/x.csv.partial does not begin as a file of this format; bring the right one back" + afresh);
  Put("x.csv.partial", "address\r");
  EXPECT_EQ(
      Error({.resume = true}),
      "dir/x.csv.partial has 8 octets, and dir/x.csv.journal knows of 9; bring the whole file back" + afresh);
  ASSERT_TRUE(disk_.Remove("x.csv.partial").ok());
  EXPECT_EQ(Error({.resume = true}),
            "dir/x.csv.partial is not there, although dir/x.csv.journal is; bring it back" + afresh);
  Put("x.csv.journal", "my diary");
  EXPECT_EQ(Error({.resume = true}),
            "dir/x.csv.journal is no journal of a scan; bring a good copy back" + afresh);
  ASSERT_TRUE(disk_.Remove("x.csv.journal").ok());
  Put("x.csv.partial", "address\r\n");
  EXPECT_EQ(Error({.resume = true}),
            "dir/x.csv.partial has no dir/x.csv.journal beside it; bring that back" + afresh);
}

TEST_F(ScanFilesTest, ThatMayOnlyBeReadAreNotRightNow) {
  Interrupt("address\r\n", 9);
  disk_.SetReadOnly(true);
  EXPECT_EQ(Resume().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Error({.resume = true}), "x.csv.journal: Read-only file system");
}

TEST_F(ScanFilesTest, DoNotReplaceWhatAppearedMeanwhile) {
  const auto files = Find({}).value();
  ASSERT_TRUE(files->Open().ok());
  ASSERT_TRUE(files->file().Append(Of("new")).ok());
  Put("x.csv", "other");
  EXPECT_EQ(files->Complete().message(), "dir/x.csv has appeared; the results stay in dir/x.csv.partial");
  EXPECT_EQ(TextOf(disk_, "x.csv"), "other");
  EXPECT_EQ(TextOf(disk_, "x.csv.partial"), "new");
}

TEST(ScanFiles, OfADeviceKeepNothing) {
  const auto files = ScanFiles::Find("/dev/null", {}, Header("7")).value();
  ASSERT_TRUE(files->Open().ok());
  EXPECT_EQ(files->journal(), nullptr);
  ASSERT_TRUE(files->file().Append(Of("rows")).ok());
  EXPECT_TRUE(files->Complete().ok());
  EXPECT_EQ(ScanFiles::Find("/dev/null", {.resume = true}, Header("7")).status().message(),
            "--resume needs a file, and /dev/null is none");
}

}  // namespace
}  // namespace scanner
