#include "netio/sim_storage.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "netio/sim_random.h"

namespace netio {
namespace {

std::vector<uint8_t> Bytes(std::string_view text) { return {text.begin(), text.end()}; }

TEST(SimStorage, BehavesAsADirectory) {
  SimStorage storage;
  const auto file = storage.Create("a").value();
  EXPECT_EQ(storage.Create("a").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(storage.Open("b").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(storage.Remove("b").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(storage.Rename("b", "c").code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(file->Append(Bytes("hello world")).ok());
  ASSERT_TRUE(file->Truncate(5).ok());
  ASSERT_TRUE(storage.Rename("a", "b").ok());
  EXPECT_FALSE(storage.Exists("a").value());
  ASSERT_TRUE(storage.Open("b").value()->Append(Bytes("!")).ok());
  EXPECT_EQ(storage.Contents("b"), Bytes("hello!"));
  EXPECT_EQ(file->Size().value(), 6U);
  std::vector<uint8_t> tail(10);
  EXPECT_EQ(file->ReadAt(4, tail).value(), 2U);
  EXPECT_EQ(file->ReadAt(6, tail).value(), 0U);
  ASSERT_TRUE(storage.Remove("b").ok());
  EXPECT_FALSE(storage.Exists("b").value());
}

TEST(SimStorage, AFullDiskTakesWhatFits) {
  SimStorage storage;
  storage.LimitBytes(8);
  const auto file = storage.Create("sweep.csv.partial").value();
  EXPECT_TRUE(file->Append(Bytes("12345")).ok());
  EXPECT_TRUE(file->Append(Bytes("678")).ok());
  const absl::Status status = file->Append(Bytes("9"));
  EXPECT_EQ(status.message(), "sweep.csv.partial: No space left on device");
  EXPECT_EQ(storage.Contents("sweep.csv.partial"), Bytes("12345678"));
}

TEST(SimStorage, AFailedSyncIsFinal) {
  SimStorage storage;
  const auto file = storage.Create("a").value();
  storage.FailNextSync(EIO);
  EXPECT_EQ(file->Sync().message(), "a: Input/output error");
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(file->Append(Bytes("x")).ok());
  EXPECT_FALSE(file->Size().ok());
  EXPECT_TRUE(storage.Create("b").value()->Sync().ok());
}

TEST(SimStorage, NothingChangesWhileReadOnly) {
  SimStorage storage;
  const auto file = storage.Create("a").value();
  storage.SetReadOnly(true);
  for (const absl::Status& status :
       {storage.Create("b").status(), storage.Open("a").status(), storage.Rename("a", "b"),
        storage.Remove("a"), file->Append(Bytes("x"))}) {
    EXPECT_NE(status.message().find("Read-only file system"), absl::string_view::npos) << status;
  }
  storage.SetReadOnly(false);
  EXPECT_TRUE(file->Append(Bytes("x")).ok());
}

TEST(SimStorage, FilesOpenInACrashAreUnusable) {
  SimStorage storage;
  const auto file = storage.Create("a").value();
  ASSERT_TRUE(storage.SyncDirectory().ok());
  storage.Crash(1);
  EXPECT_FALSE(file->Append(Bytes("x")).ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_TRUE(storage.Open("a").value()->Append(Bytes("x")).ok());
}

// Random appends, syncs, creations and renames, then a crash. Nothing is truncated or removed here, so what
// was synced must be there, at its place, under a name that was synced.
TEST(SimStorage, WhatWasSyncedSurvivesEveryCrash) {
  uint64_t lost_bytes = 0;
  uint64_t lost_names = 0;
  uint64_t torn = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    SimRandom random(seed);
    SimStorage storage;
    std::map<std::string, std::unique_ptr<StorageFile>> files;
    std::map<std::string, std::vector<uint8_t>> synced;  // By the name at creation, which is never reused.
    std::map<std::string, bool> name_synced;
    for (int step = 0; step < 60; ++step) {
      const std::string name = "f" + std::to_string(random.Below(4));
      if (!files.contains(name)) {
        files[name] = storage.Create(name).value();
        name_synced[name] = false;
        continue;
      }
      const uint64_t what = random.Below(40);
      if (what < 20) {
        const std::vector<uint8_t> bytes(random.Below(3000), static_cast<uint8_t>(step + 1));
        ASSERT_TRUE(files[name]->Append(bytes).ok());
      } else if (what < 39) {
        ASSERT_TRUE(files[name]->Sync().ok());
        synced[name] = storage.Contents(name).value();
      } else {
        ASSERT_TRUE(storage.SyncDirectory().ok());
        for (auto& [created, is_synced] : name_synced) is_synced = true;
      }
    }
    std::map<std::string, std::vector<uint8_t>> before;
    for (const auto& [name, file] : files) before[name] = storage.Contents(name).value();
    storage.Crash(seed);
    for (const auto& [name, contents] : before) {
      const auto after = storage.Contents(name);
      if (!after) {
        EXPECT_FALSE(name_synced[name]) << seed;
        ++lost_names;
        continue;
      }
      const std::vector<uint8_t>& promised = synced[name];
      ASSERT_GE(after->size(), promised.size()) << seed;
      EXPECT_TRUE(std::equal(promised.begin(), promised.end(), after->begin())) << seed;
      EXPECT_LE(after->size(), contents.size()) << seed;
      lost_bytes += contents.size() - after->size();
      torn += std::equal(after->begin(), after->end(), contents.begin()) ? 0 : 1;
    }
  }
  EXPECT_GT(lost_bytes, 0U);
  EXPECT_GT(lost_names, 0U);
  EXPECT_GT(torn, 0U);
}

// FILE.partial is written, synced and renamed: after a crash there is the old FILE or the whole new one.
TEST(SimStorage, ARenameIsSeenWholeOrNotAtAll) {
  int old_file = 0;
  int new_file = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    SimStorage storage;
    const auto old_handle = storage.Create("file").value();
    ASSERT_TRUE(old_handle->Append(Bytes("old")).ok());
    ASSERT_TRUE(old_handle->Sync().ok());
    const auto file = storage.Create("file.partial").value();
    ASSERT_TRUE(file->Append(Bytes("new and whole")).ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(storage.SyncDirectory().ok());
    ASSERT_TRUE(storage.Rename("file.partial", "file").ok());
    if (seed % 2 == 0) {
      ASSERT_TRUE(storage.SyncDirectory().ok());
    }
    storage.Crash(seed);
    const auto contents = storage.Contents("file").value();
    if (contents == Bytes("new and whole")) {
      ++new_file;
      EXPECT_FALSE(storage.Exists("file.partial").value());
    } else {
      ++old_file;
      EXPECT_EQ(seed % 2, 1U);
      EXPECT_EQ(contents, Bytes("old"));
      EXPECT_TRUE(storage.Exists("file.partial").value());
    }
  }
  EXPECT_GT(old_file, 0);
  EXPECT_GT(new_file, 500);
}

TEST(SimStorage, AnUnsyncedTruncationIsDoneOrNot) {
  int done = 0;
  int undone = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    SimStorage storage;
    const auto file = storage.Create("a").value();
    ASSERT_TRUE(file->Append(Bytes("hello world")).ok());
    ASSERT_TRUE(file->Sync().ok());
    ASSERT_TRUE(storage.SyncDirectory().ok());
    ASSERT_TRUE(file->Truncate(5).ok());
    storage.Crash(seed);
    const auto contents = storage.Contents("a").value();
    done += contents == Bytes("hello") ? 1 : 0;
    undone += contents == Bytes("hello world") ? 1 : 0;
  }
  EXPECT_GT(done, 0);
  EXPECT_GT(undone, 0);
  EXPECT_EQ(done + undone, 100);
}

}  // namespace
}  // namespace netio
